"""For whoever watches the server: is it alive, and can it answer?"""

from flask import Blueprint, Response

from webapp import migrations
from webapp.access import allow
from webapp.log import LOG
from webapp.surroundings import here

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@allow("anonymous")
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", content_type="text/plain")


@blueprint.get("/readyz")
@allow("anonymous")
def ready() -> Response:
    """The database answers and stands at the schema of this version."""
    try:
        current = migrations.is_current(here().engine)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is not ready
        LOG.error("not_ready", error=type(error).__name__)
        return Response("the database does not answer\n", 503, content_type="text/plain")
    if not current:
        return Response("the schema is not current\n", 503, content_type="text/plain")
    return Response("ready\n", content_type="text/plain")
