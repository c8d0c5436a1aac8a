"""What the member agrees to: who sees them, and what the shop may do."""

from functools import partial

from flask import Response, abort, request

from gamification.commands.preferences import answer_questions
from gamification.commands.shelf import open_shelf
from gamification.refusals import TooYoung
from webapp.access import allow
from webapp.cabinet.blueprint import blueprint
from webapp.cabinet.person import own_member_id
from webapp.cabinet.settings.pages import (
    changed,
    go_to,
    pressed,
    read_choices,
    section_page,
    switch,
)
from webapp.consents import AGREED, SEEN, Wish, wish_answer, wishes
from webapp.frame import chosen_locale
from webapp.links import page_href
from webapp.log import LOG
from webapp.page import wanted_block
from webapp.words.refusals import refusal_text
from webapp.words.settings import SwitchWords
from webapp.world import run_world


@blueprint.get("/settings/privacy")
@allow("customer")
def privacy() -> Response:
    """Every switch with its consequence; all of them are off until they are switched on."""
    return privacy_page(request.args.get("changed", ""))


@blueprint.post("/settings/privacy")
@allow("customer")
def save_privacy() -> Response:
    """Keep a yes or a no, with the words that were shown and the time."""
    found = pressed((*SEEN, *AGREED))
    if found is None:
        abort(400)
    purpose, given = found
    answer = wish_answer(purpose, given, chosen_locale())
    keep = open_shelf if purpose == "shelf" and given else answer_questions
    told = {"answer": answer} if keep is open_shelf else {"answers": [answer]}
    try:
        run_world(partial(keep, member_id=own_member_id(), **told))
    except TooYoung as refusal:
        return privacy_page("", error=refusal_text(refusal), status=422)
    LOG.info("consent_changed", member=own_member_id(), purpose=purpose, given=given)
    if wanted_block() is None:
        return go_to("cabinet.privacy", changed=purpose)
    return privacy_page(purpose)


def privacy_page(name: str, *, error: str = "", status: int = 200) -> Response:
    given = read_choices().given
    known = wishes()
    seen = tuple(switch_of(known[purpose], purpose in given) for purpose in SEEN)
    agreed = tuple(switch_of(known[purpose], purpose in given) for purpose in AGREED)
    return section_page(
        "privacy", status=status, switches=seen, agreed=agreed, error=error,
        shelf_href=page_href("cabinet.shelf"), **changed((*seen, *agreed), name),
    )  # fmt: skip


def switch_of(wish: Wish, on: bool) -> SwitchWords:
    return switch(
        wish.purpose, wish.title, wish.text, on, endpoint="cabinet.save_privacy", target="privacy"
    )
