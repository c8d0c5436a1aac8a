"""A member takes everything along that is held about them."""

from collections.abc import Iterator
from typing import IO

from flask import Response, url_for

from webapp.access import allow
from webapp.accounts.throttles import COPY_ACCOUNT
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.cabinet.settings.pages import section_page
from webapp.doors import brake
from webapp.log import LOG
from webapp.own_copy.written import json_copy, page_copy
from webapp.signin import signed_in
from webapp.world import open_world

CHUNK = 64 * 1024


@blueprint.get("/settings/copy")
@allow("customer")
def own_copy() -> Response:
    """What the files hold, and where to get them."""
    hrefs = {"page": url_for("cabinet.copy_page"), "json": url_for("cabinet.copy_json")}
    return section_page("copy", hrefs=hrefs)


@blueprint.get("/settings/copy/my-data.html")
@allow("customer")
def copy_page() -> Response:
    """Everything on one page to read and print."""
    brake((COPY_ACCOUNT, str(signed_in().account_id)))
    with open_world(readonly=True) as world:
        written = page_copy(world, own_member_id())
    return file_answer(written, "text/html; charset=utf-8", "my-data.html")


@blueprint.get("/settings/copy/my-data.json")
@allow("customer")
def copy_json() -> Response:
    """Everything for programs."""
    brake((COPY_ACCOUNT, str(signed_in().account_id)))
    with open_world(readonly=True) as world:
        written = json_copy(world, own_member_id())
    return file_answer(written, "application/json", "my-data.json")


def file_answer(written: IO[bytes], kind: str, name: str) -> Response:
    """A whole file, sent bit by bit: a slow reader holds no connection to the database."""
    LOG.info("own_copy_made", member=own_member_id(), file=name)
    answer = Response(pieces(written), content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "no-store"
    answer.call_on_close(written.close)
    return answer


def pieces(written: IO[bytes]) -> Iterator[bytes]:
    while piece := written.read(CHUNK):
        yield piece
