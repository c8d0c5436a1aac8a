"""What the member agrees to: who sees them, and what the shop may do."""

from functools import partial

from flask import Response, abort, request

from gamification.commands.preferences import answer_questions
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
from webapp.log import LOG
from webapp.page import wanted_block
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
    run_world(partial(answer_questions, member_id=own_member_id(), answers=[answer]))
    LOG.info("consent_changed", member=own_member_id(), purpose=purpose, given=given)
    if wanted_block() is None:
        return go_to("cabinet.privacy", changed=purpose)
    return privacy_page(purpose)


def privacy_page(name: str) -> Response:
    given = read_choices().given
    known = wishes()
    seen = tuple(switch_of(known[purpose], purpose in given) for purpose in SEEN)
    agreed = tuple(switch_of(known[purpose], purpose in given) for purpose in AGREED)
    return section_page("privacy", switches=seen, agreed=agreed, **changed((*seen, *agreed), name))


def switch_of(wish: Wish, on: bool) -> SwitchWords:
    return switch(
        wish.purpose, wish.title, wish.text, on, endpoint="cabinet.save_privacy", target="privacy"
    )
