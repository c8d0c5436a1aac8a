"""The board of medals and the page of each; what is pinned stays in sight."""

from functools import partial
from typing import Any, cast

from flask import Response, abort, flash, get_flashed_messages, redirect, request, url_for

from gamification.commands.medals import pin_medal, see_medal
from gamification.readmodels.board import board_of
from gamification.readmodels.medal_page import medal_of
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.home import is_still
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.cabinet.shelves import (
    SHAPES,
    STATES,
    Wish,
    closest,
    families_of,
    how_many,
    in_pane,
    is_choice,
    nearest,
    sought,
)
from webapp.links import page_href
from webapp.menu import Frame
from webapp.page import page, wanted_block
from webapp.words.board import PinUndo, filter_words, pin_undo, pinned_text, searched_words
from webapp.world import open_world, run_world

LONGEST = 60
PINS = {"pin": True, "unpin": False}


@blueprint.get("/medals")
@allow("customer")
def medals() -> Response:
    """Every medal by family, filtered and searched as the address says."""
    wish = wished(request.args.get)
    with open_world(readonly=True) as world:
        board = board_of(world, own_member_id())
    if wish.medal not in {medal.tile.code for medal in board.medals}:
        wish = wish._replace(medal="")
    shown = sought(board, wish, searched_words)
    counts = {key: how_many(board, key) for key in (*STATES, *SHAPES)}
    there = {key: n for key, n in counts.items() if n or key in STATES}
    base, frame = page_href("cabinet.medals"), place_in_frame("medals")
    toast, undo = told_pin(frame, url_for("cabinet.pin_on_board", **asked(wish)), "board")
    answer = page(
        "cabinet/medals.html",
        frame=frame,
        board=board,
        wish=wish,
        shown=shown,
        families=families_of(board, shown),
        near=nearest(board),
        closest=closest(board, wish),
        pane=in_pane(board, shown, wish),
        filters=filter_words(there, SHAPES, {key: filter_href(key) for key in there}, wish.chosen),
        pins="" if is_still() else page_href("cabinet.pin_on_board"),
        part=wanted_block() is not None,
        toast=toast,
        undo=undo,
        hrefs={
            "medals": base,
            "card": page_href("cabinet.card"),
            "shelf": page_href("cabinet.shelf"),
        },
    )
    if "q" in request.args:
        answer.headers["HX-Replace-Url"] = board_href(wish)  # an emptied search leaves no trace
    return answer


@blueprint.post("/medals/pins")
@allow("customer")
def pin_on_board() -> Response:
    """Pin or unpin one of the medals of the board, and show the board as it was chosen."""
    wish = wished(request.values.get)
    keep_pin(request.form.get("pin") or request.form.get("unpin") or "")
    return redirect(board_href(wish), code=303)  # type: ignore[return-value]


@blueprint.get("/medals/<code>")
@allow("customer")
def medal(code: str) -> Response:
    """One medal: levels, what counted, and a line of its own. Once seen it is not new."""
    member_id, of = own_member_id(), request.args.get("of")
    with open_world(readonly=True) as world:
        found = medal_of(world, member_id, code, of)
    if found is None:
        abort(404)
    if found.medal.tile.fresh and not is_still():
        run_world(partial(see_medal, member_id=member_id, code=code))
    base, frame = page_href("cabinet.medals"), place_in_frame("medals")
    action = url_for("cabinet.pin_one", code=code, of=of)
    toast, undo = told_pin(frame, action, "pin")
    return page(
        "cabinet/medal.html",
        frame=frame,
        medal=found,
        pins=not is_still(),
        toast=toast,
        undo=undo,
        hrefs={
            "medals": base,
            "pin": action,
            "share": url_for("cabinet.share", code=code, of=of) if found.medal.held else "",
            "history": page_href("cabinet.history"),
            "card": page_href("cabinet.card"),
        },
    )


@blueprint.post("/medals/<code>/pin")
@allow("customer")
def pin_one(code: str) -> Response:
    """Pin or unpin this medal."""
    keep_pin(code)
    href = url_for("cabinet.medal", code=code, of=request.args.get("of"))
    return redirect(href, code=303)  # type: ignore[return-value]


def keep_pin(code: str) -> None:
    """Write the pin down; what a member may not know of is not found."""
    if "pin" not in request.form and "unpin" not in request.form:
        abort(400)
    pinned, member_id = "pin" in request.form, own_member_id()
    change = partial(pin_medal, member_id=member_id, code=code[:LONGEST], pinned=pinned)
    if not run_world(change):
        abort(404)
    flash(code, "pin" if pinned else "unpin")


def told_pin(frame: Frame, action: str, target: str) -> tuple[str, PinUndo | None]:
    """What the last pin did, with the way back; nothing when nobody pinned."""
    told = get_flashed_messages(with_categories=True, category_filter=list(PINS))
    for kind, code in cast("list[tuple[str, str]]", told):
        pinned = PINS[kind]
        undo = pin_undo(code, action, target, frame.token, pinned=pinned)
        return pinned_text(code, pinned=pinned), undo
    return "", None


def wished(given: Any) -> Wish:
    """What the address or the form asks for; a filter that nobody made is no page of ours."""
    chosen = given("chosen", "all")
    if not is_choice(chosen):
        abort(404)
    query = " ".join(given("q", "").split())[:LONGEST]
    return Wish(chosen, query, given("medal", "")[:LONGEST])


def asked(wish: Wish) -> dict[str, Any]:
    """What stands in an address for a choice: only what differs from everything."""
    given = {"chosen": wish.chosen, "q": wish.query, "medal": wish.medal}
    return {key: value for key, value in given.items() if value and value != "all"}


def board_href(wish: Wish) -> str:
    """The address of a choice."""
    return url_for("cabinet.medals", **asked(wish))


def filter_href(key: str) -> str:
    """The address of a filter; a search begins anew with it."""
    return page_href("cabinet.medals", chosen=key) if key != "all" else page_href("cabinet.medals")
