"""Lets requests with a working key and the right scope through."""

from typing import cast

from flask import g, request
from sqlalchemy.exc import DBAPIError

from webapp.api.refusals import KeyMissing, KeyUnknown, ScopeMissing
from webapp.keys.actions import OpenKey, find_key, is_touch_due, touch_key
from webapp.log import LOG
from webapp.surroundings import here
from webapp.world import open_entrance


def check_key(scope: str) -> None:
    """Find the key of this request and remember it for the verb.

    Raises:
        KeyMissing, KeyUnknown: nobody we know.
        ScopeMissing: a key for other things.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise KeyMissing()
    with open_entrance(readonly=True) as world:
        key = find_key(world, text.strip())
        due = key is not None and is_touch_due(key, world.now)
    if key is None:
        LOG.warning("key_refused", path=request.path, address=request.remote_addr)
        raise KeyUnknown()
    if scope not in key.scopes:
        LOG.warning("scope_refused", path=request.path, key=key.prefix, scope=scope)
        raise ScopeMissing(scope=scope)
    g.api_key = key
    if due and here().settings.as_of is None:  # a day of the past is for reading only
        note_use(key)


def note_use(key: OpenKey) -> None:
    """Write down that the key is in use; a busy database may lose one such note."""
    try:
        with open_entrance() as world:
            touch_key(world, key.id)
    except DBAPIError:
        LOG.warning("use_not_noted", key=key.prefix)
    else:
        LOG.info("key_used", key=key.prefix, name=key.name, address=request.remote_addr)


def sender() -> str:
    """The source of whatever comes in with this request: the name of its key."""
    return cast(OpenKey, g.api_key).name
