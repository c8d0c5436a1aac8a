"""The inbox: everything that the member was told."""

import re

from flask import Response, abort, current_app, request, url_for

from gamification.columns import from_micros
from gamification.commands.postman import mark_read
from gamification.readmodels.inbox import InboxPage, Key, inbox_of
from webapp.access import access_of, allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.home import is_still
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.links import page_href
from webapp.page import page
from webapp.words.inbox import InboxWords, inbox_days
from webapp.world import open_world, run_world

KEY = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")
PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "medals": ("cabinet.medals", {}),
    "challenges": ("cabinet.challenges", {}),
    "tiers": ("cabinet.tiers", {}),
    "history": ("cabinet.history", {}),
    "invite": ("cabinet.friends", {}),
    "expiring": ("cabinet.history", {"chosen": "expiring"}),
}


@blueprint.get("/inbox")
@allow("customer")
def inbox() -> Response:
    """A page of messages, newest first; with this visit they count as read."""
    member_id, before = own_member_id(), wanted_before()
    with open_world(readonly=True) as world:
        view = inbox_of(world, member_id, before=before)
    if not is_still() and any(row.fresh for row in view.rows):
        newest = max(row.id for row in view.rows)
        run_world(lambda world: mark_read(world, member_id, newest))
    frame = place_in_frame("inbox")
    return page(
        "cabinet/inbox.html",
        frame=frame._replace(unread=""),
        days=days_of(view, before),
        more_href=next_href(view),
        home_href=page_href("cabinet.home"),
    )


def wanted_before() -> Key | None:
    """The key of the page that the address asks for."""
    asked = request.args.get("before")
    if asked is None:
        return None
    found = KEY.fullmatch(asked)
    if found is None:
        abort(404)
    return int(found[1]), int(found[2])


def days_of(view: InboxPage, before: Key | None) -> list[tuple[str, list[tuple[InboxWords, str]]]]:
    """The messages by day, each with where it leads when that page exists."""
    after = from_micros(before[0]).astimezone(view.today.tzinfo).date() if before else None
    return [
        (found.title, [(words, place_href(words.place)) for words in found.letters])
        for found in inbox_days(view.rows, view.currency, view.today.date(), after)
    ]


def next_href(view: InboxPage) -> str | None:
    """The address of the next page."""
    if view.before is None:
        return None
    return url_for("cabinet.inbox", before=f"{view.before[0]}.{view.before[1]}")


def place_href(place: str) -> str:
    """The address of a place that a message speaks of."""
    endpoint, values = PLACES.get(place, ("", {}))
    known = access_of(current_app, endpoint) is not None
    return page_href(endpoint, **values) if known else ""
