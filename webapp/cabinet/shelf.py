"""The member's public shelf: whether it is open, what stands on it, and one medal shown to all."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, abort, redirect, request, url_for
from flask_babel import gettext as _

from gamification.commands.preferences import answer_questions
from gamification.commands.shelf import (
    LONGEST_NICKNAME,
    MOST_MEDALS,
    move_on_shelf,
    open_shelf,
    put_on_shelf,
    renew_address,
    sign_shelf,
    take_off_shelf,
)
from gamification.readmodels.board import BoardMedal
from gamification.readmodels.medal_page import medal_of
from gamification.readmodels.shelf import OwnShelf, own_shelf
from gamification.refusals import InvalidSetting, MedalNotHeld, Refusal
from gamification.world import World
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.home import is_still
from webapp.cabinet.person import own_member_id, place_in_frame
from webapp.consents import wish_answer, wishes
from webapp.frame import chosen_locale, shop_facts
from webapp.links import page_href, public_place
from webapp.log import LOG
from webapp.page import page
from webapp.words.refusals import refusal_text
from webapp.words.shelf import key_of, share_text
from webapp.words.stop_words import is_banned
from webapp.world import open_world, run_world

LONGEST = 140
TOLD = ("open", "closed", "signed", "renewed", "put", "off")


@blueprint.get("/medals/shelf")
@allow("customer")
def shelf() -> Response:
    """The shelf as its owner sees it, with everything that can be chosen about it."""
    return shelf_page(told=request.args.get("told", ""))


@blueprint.post("/medals/shelf")
@allow("customer")
def open_or_close() -> Response:
    """Show the shelf to whoever has its address, or to nobody any more."""
    wish = request.form.get("shelf")
    if wish not in ("yes", "no"):
        abort(400)
    try:
        agree(given=wish == "yes")
    except Refusal as refusal:
        return shelf_page(error=refusal_text(refusal), status=422)
    return back("open" if wish == "yes" else "closed")


def agree(*, given: bool) -> None:
    """Keep a yes or a no to the shelf, with the words that were shown. Raises TooYoung."""
    member_id = own_member_id()
    answer = wish_answer("shelf", given, chosen_locale())
    if given:
        run_world(partial(open_shelf, member_id=member_id, answer=answer))
    else:
        run_world(partial(answer_questions, member_id=member_id, answers=[answer]))
    LOG.info("consent_changed", member=member_id, purpose="shelf", given=given)


@blueprint.post("/medals/shelf/sign")
@allow("customer", keeps=("naming", "nickname", "tier"))
def sign() -> Response:
    """Say who is named on it, and whether the tier stands there."""
    form = request.form
    typed: dict[str, Any] = {
        "naming": form.get("naming", "")[:10],
        "nickname": form.get("nickname", "").strip()[: LONGEST_NICKNAME + 1],
        "tier_shown": form.get("tier") == "yes",
    }
    shop = shop_facts().name
    keep = partial(sign_shelf, member_id=own_member_id(),
                   is_banned=lambda text: is_banned(text, shop), **typed)  # fmt: skip
    try:
        run_world(keep)
    except InvalidSetting as refusal:
        if refusal.values["setting"] == "naming":
            abort(400)
        return shelf_page(typed=typed, fault=str(refusal.values["fault"]), status=422)
    return back("signed")


@blueprint.post("/medals/shelf/medals")
@allow("customer")
def arrange() -> Response:
    """Put a medal on the shelf, take it off, move it by one place."""
    name = next((name for name in CHANGES if name in request.form), None)
    if name is None:
        abort(400)
    code, _sep, subject = request.form[name][:LONGEST].partition(":")
    try:
        run_world(partial(CHANGES[name], member_id=own_member_id(), code=code,
                          subject=subject or None))  # fmt: skip
    except MedalNotHeld:
        abort(404)
    except Refusal as refusal:
        return shelf_page(error=refusal_text(refusal), status=422)
    return back({"put": "put", "off": "off"}.get(name, ""), "medals")


CHANGES: dict[str, Callable[..., Any]] = {
    "put": put_on_shelf,
    "off": take_off_shelf,
    "up": partial(move_on_shelf, up=True),
    "down": partial(move_on_shelf, up=False),
}


@blueprint.post("/medals/shelf/address")
@allow("customer")
def renew() -> Response:
    """Another address; the one before leads nowhere."""
    run_world(partial(renew_address, member_id=own_member_id()))
    LOG.info("shelf_address_renewed", member=own_member_id())
    return back("renewed")


def back(told: str, anchor: str = "") -> Response:
    """To the shelf again, which says what happened."""
    where = url_for("cabinet.shelf", told=told or None, _anchor=anchor or None)
    return redirect(where, code=303)  # type: ignore[return-value]


def shelf_page(
    *,
    told: str = "",
    error: str = "",
    typed: dict[str, Any] | None = None,
    fault: str = "",
    status: int = 200,
) -> Response:
    with open_world(readonly=True) as world:
        view = own_shelf(world, own_member_id())
    chosen = typed or {
        "naming": view.naming, "nickname": view.nickname, "tier_shown": view.tier_shown,
    }  # fmt: skip
    return page(
        "cabinet/shelf.html",
        status=status,
        frame=place_in_frame("medals"),
        view=view,
        wish=wishes()["shelf"],
        link=link_of(view),
        chosen=chosen,
        fault=nickname_fault(fault),
        error=error,
        most=MOST_MEDALS,
        still=is_still(),
        toast=told_text(told) if status == 200 else "",
        hrefs={
            "medals": page_href("cabinet.medals"),
            "toggle": page_href("cabinet.open_or_close"),
            "sign": page_href("cabinet.sign"),
            "arrange": page_href("cabinet.arrange"),
            "renew": page_href("cabinet.renew"),
        },
    )


def link_of(view: OwnShelf) -> dict[str, str] | None:
    """Where the shelf is seen, while it is open."""
    if not view.is_open or view.address is None:
        return None
    path = url_for("public.shelf", address=view.address)
    whole = public_place(path)
    return {"path": path, "whole": whole, "short": whole.partition("://")[2]}


def told_text(told: str) -> str:
    """What a toast says of the last change."""
    sayings = {
        "open": _("Your shelf is open to whoever has its address."),
        "closed": _("Your shelf is closed. Nobody sees it."),
        "signed": _("Saved."),
        "renewed": _("The address is new. The old one leads nowhere."),
        "put": _("It is on the shelf."),
        "off": _("It is off the shelf. The medal stays yours."),
    }
    return str(sayings.get(told, ""))


def nickname_fault(fault: str) -> str:
    """Why a nickname was not taken."""
    sayings = {
        "length": _("Write a nickname of up to %(most)s letters.", most=LONGEST_NICKNAME),
        "banned": _("This nickname cannot be taken. Choose another."),
    }
    return str(sayings.get(fault, ""))


@blueprint.get("/medals/<code>/share")
@allow("customer")
def share(code: str) -> Response:
    """One earned medal, and whether others may see it."""
    return share_page(code)


@blueprint.post("/medals/<code>/share")
@allow("customer")
def share_or_not(code: str) -> Response:
    """Show this medal by an address, or take it off again; the first yes opens the shelf."""
    subject = request.args.get("of")
    try:
        if request.form.get("do") == "off":
            run_world(partial(take_off_shelf, member_id=own_member_id(), code=code,
                              subject=subject))  # fmt: skip
        else:
            show(code, subject)
    except MedalNotHeld:
        abort(404)
    except Refusal as refusal:
        return share_page(code, error=refusal_text(refusal), status=422)
    where = url_for("cabinet.share", code=code, of=subject)
    return redirect(where, code=303)  # type: ignore[return-value]


def show(code: str, subject: str | None) -> None:
    """Put a medal on the shelf and open it, in one: the words of the question were shown."""
    member_id, answer = own_member_id(), wish_answer("shelf", True, chosen_locale())

    def both(world: World) -> None:
        view = own_shelf(world, member_id)
        put_on_shelf(world, member_id, code, subject)
        if not view.is_open:
            open_shelf(world, member_id, answer)

    run_world(both)
    LOG.info("medal_shown", member=member_id, medal=code)


def share_page(code: str, *, error: str = "", status: int = 200) -> Response:
    subject, member_id = request.args.get("of"), own_member_id()
    with open_world(readonly=True) as world:
        found = medal_of(world, member_id, code, subject)
        view = own_shelf(world, member_id)
    if found is None or not found.medal.held:
        abort(404)
    return page(
        "cabinet/share.html",
        status=status,
        frame=place_in_frame("medals"),
        medal=found.medal,
        today=found.today,
        view=view,
        wish=wishes()["shelf"],
        link=medal_link(view, found.medal),
        text=share_text(found.medal, shop_facts().name),
        error=error,
        still=is_still(),
        hrefs={
            "medal": url_for("cabinet.medal", code=code, of=subject),
            "here": url_for("cabinet.share_or_not", code=code, of=subject),
            "shelf": page_href("cabinet.shelf"),
        },
    )


def medal_link(view: OwnShelf, medal: BoardMedal) -> dict[str, str] | None:
    """Where this medal is seen; None while it is not."""
    keys = [key_of(each.tile) for each in view.medals]
    if not view.is_open or view.address is None or key_of(medal.tile) not in keys:
        return None
    subject = medal.tile.subject.code if medal.tile.subject else None
    path = url_for("public.shown_medal", address=view.address, code=medal.tile.code, of=subject)
    whole = public_place(path)
    return {"path": path, "whole": whole, "short": whole.partition("://")[2]}
