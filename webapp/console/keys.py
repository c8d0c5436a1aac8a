"""Keys of tills and shop sites: the owner makes, rotates and revokes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from flask import Response, g, request, url_for

from gamification.programme import zone_of
from gamification.refusals import Refusal
from gamification.world import World
from webapp.access import allow
from webapp.console.blueprint import blueprint
from webapp.console.fields import Form
from webapp.console.steps import actor, go, programme_row, refuse_in_the_past
from webapp.frame import frame_for
from webapp.keys import actions
from webapp.keys.actions import (
    SCOPES,
    USUAL_SCOPES,
    add_key,
    all_keys,
    plan_faults,
    revoke_keys,
    rotate_key,
    works,
)
from webapp.keys.tables import ApiKey
from webapp.log import LOG
from webapp.page import page
from webapp.words.refusals import refusal_text
from webapp.world import open_entrance, run_entrance

MOST_DAYS = 3_650
OVERLAPS = (0, 24, 168)
CLOSED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the list shows it, in the programme's own time: nothing of its secret."""

    name: str
    prefix: str
    scopes: tuple[str, ...]
    works: bool
    created: datetime
    last_used: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class FreshKey:
    """A key that was made a moment ago, with the text that nobody sees again."""

    name: str
    text: str


def empty_form() -> Form:
    """A new key's form before anything is typed."""
    return Form({"name": "", "days": ""})


@blueprint.get("/console/keys")
@allow("owner")
def keys() -> Response:
    """Every key that works, the last ones that do not, and a form for a new one."""
    return keys_page(empty_form(), revoked=request.args.get("revoked", ""))


@blueprint.post("/console/keys")
@allow("owner", keeps=("name", "scope"))
def make_key() -> Response:
    """Make a key and show it this once."""
    refuse_in_the_past()
    form = Form.posted("name", "days")
    scopes = tuple(scope for scope in SCOPES if scope in request.form.getlist("scope"))
    days = form.whole("days", 1, MOST_DAYS) if form.values["days"] else None
    for fault in plan_faults(form.values["name"], scopes):
        form.refuse(fault.values["what"], refusal_text(fault))
    if not form.errors:
        try:
            fresh = run_entrance(partial(made, form.values["name"], scopes, days))
        except Refusal as refusal:
            form.refuse("name", refusal_text(refusal))
        else:
            LOG.info("key_made", by=actor(), name=fresh.name)
            return keys_page(empty_form(), fresh=fresh)
    return keys_page(form, scopes=scopes, status=422)


def made(name: str, scopes: tuple[str, ...], days: int | None, world: World) -> FreshKey:
    end = None if days is None else world.now + timedelta(days=days)
    key, text = add_key(world, name, scopes, expires_at=end)
    return FreshKey(key.name, text)


@blueprint.post("/console/keys/rotate")
@allow("owner")
def rotate() -> Response:
    """Make a successor and show it this once; the old key works on for a while."""
    refuse_in_the_past()
    hours = request.form.get("hours", 24, type=int)
    overlap = timedelta(hours=hours if hours in OVERLAPS else 24)
    try:
        fresh = run_entrance(partial(rotated, request.form.get("name", ""), overlap))
    except Refusal as refusal:
        return keys_page(empty_form(), error=refusal_text(refusal), status=409)
    LOG.info("key_rotated", by=actor(), name=fresh.name)
    return keys_page(empty_form(), fresh=fresh)


def rotated(name: str, overlap: timedelta, world: World) -> FreshKey:
    key, text = rotate_key(world, name, overlap=overlap)
    return FreshKey(key.name, text)


@blueprint.post("/console/keys/revoke")
@allow("owner")
def revoke() -> Response:
    """Close one key at once; for ten minutes that can be undone."""
    return decided(revoke_one, "key_revoked", undo=True)


@blueprint.post("/console/keys/reopen")
@allow("owner")
def reopen_key() -> Response:
    """Undo a revocation of a moment ago."""
    return decided(reopen_one, "key_reopened", undo=False)


def revoke_one(prefix: str, world: World) -> None:
    if not any(key.prefix == prefix for key in all_keys(world)):
        prefix = ""  # a name would close several
    revoke_keys(world, prefix)


def reopen_one(prefix: str, world: World) -> None:
    actions.reopen_key(world, prefix)


def decided(act: Callable[[str, World], None], event: str, *, undo: bool) -> Response:
    """Carry a decision about the key of this form out, and show the list again."""
    refuse_in_the_past()
    prefix = request.form.get("key", "")
    try:
        run_entrance(partial(act, prefix))
    except Refusal as refusal:
        return keys_page(empty_form(), error=refusal_text(refusal), status=409)
    LOG.info(event, by=actor(), key=prefix)
    return go(url_for("console.keys", revoked=prefix if undo else None))


def keys_page(
    form: Form,
    *,
    scopes: Sequence[str] = USUAL_SCOPES,
    fresh: FreshKey | None = None,
    revoked: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    """The list with its forms; `fresh` is shown on this answer only."""
    with open_entrance(readonly=True) as world:
        row = programme_row(world)
        zone = zone_of("UTC" if row is None else row.zone)
        lines = [line_of(key, world.now, zone) for key in all_keys(world)]
    closed = sorted((x for x in lines if not x.works), key=ended, reverse=True)
    undone = next((x for x in closed if x.prefix == revoked and x.revoked_at), None)
    g.frame = frame_for("setup")
    return page(
        "console/keys.html",
        status=status,
        frame=g.frame,
        working=[line for line in lines if line.works],
        closed=closed[:CLOSED_SHOWN],
        fresh=fresh,
        undone=undone,
        error=error,
        values=form.values | {"scopes": tuple(scopes)},
        errors=form.errors,
        scopes=SCOPES,
        overlaps=OVERLAPS,
        hrefs={
            "make": url_for("console.make_key"),
            "rotate": url_for("console.rotate"),
            "revoke": url_for("console.revoke"),
            "reopen": url_for("console.reopen_key"),
            "back": url_for("console.tills"),
        },
    )


def line_of(key: ApiKey, now: datetime, zone: ZoneInfo) -> KeyLine:
    """A key as the list shows it."""
    created, last_used, expires_at, revoked_at = (
        None if instant is None else instant.astimezone(zone)
        for instant in (key.created, key.last_used, key.expires_at, key.revoked_at)
    )
    assert created is not None, "a key was made at some time"
    return KeyLine(
        key.name, key.prefix, tuple(key.scopes), works(key, now),
        created, last_used, expires_at, revoked_at,
    )  # fmt: skip


def ended(line: KeyLine) -> datetime:
    """When a key that does not work any more ceased to."""
    return line.revoked_at or line.expires_at or line.created
