"""The queue: the owner lets a receipt count, or not, and can take a rejection back."""

from datetime import timedelta

import pytest

from gamification.commands.challenge_clock import advance_challenges, close_challenges
from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeWords,
    Step,
    draft_challenge,
    launch_challenge,
)
from gamification.commands.owner import touch_definitions
from gamification.commands.till import MemberRef, Receipt, record_receipt
from gamification.programme import ProgrammeRow
from tests.challenging import terms
from tests.webapp.console.owner import english, state_of, statements, waiting
from tests.webapp.shopfront import Browser, Shop, text_of


@pytest.fixture
def anna(open_shop: Shop) -> int:
    return open_shop.member(name="Анна Седова", phone="+79123456789")


def test_an_empty_queue_says_what_would_be_here(open_shop: Shop, owner: Browser) -> None:
    assert "Nothing waits for you" in text_of(english(owner, "/console/reviews"))


def test_the_queue_names_the_receipt_the_member_and_the_reason(
    open_shop: Shop, owner: Browser, anna: int
) -> None:
    receipt = waiting(open_shop, anna)

    said = text_of(english(owner, "/console/reviews"))

    assert "Purchase of ₽540" in said
    assert "Анна Седова" in said
    assert "Sent too late: 15 October 2026" in said.replace("\u00a0", " ")
    assert f"/console/reviews/{receipt}" in owner.get("/console/reviews").get_data(as_text=True)


def test_a_receipt_says_what_accepting_it_would_bring(
    open_shop: Shop, owner: Browser, anna: int
) -> None:
    receipt = waiting(open_shop, anna)

    said = text_of(english(owner, f"/console/reviews/{receipt}"))

    assert "it brings 5 points by the terms of its day" in said.replace("\u00a0", " ")
    assert "And 1 medal." in said
    assert state_of(open_shop, receipt) == "under_review"


def test_a_return_says_whose_number_it_names(open_shop: Shop, owner: Browser, anna: int) -> None:
    waiting(open_shop, anna)
    with open_shop.worlds.open() as world:
        gone = Receipt("return", "till-2", "R-9", world.now, "Europe/Moscow", 0, (),
                       names_id="117", names_source="till-1", whole=True)  # fmt: skip
        receipt = record_receipt(world, gone, MemberRef(member_id=anna)).activity_id

    said = text_of(english(owner, f"/console/reviews/{receipt}"))

    assert "117, till-1" in said


def test_an_accepted_receipt_counts(open_shop: Shop, owner: Browser, anna: int) -> None:
    receipt = waiting(open_shop, anna)
    page = f"/console/reviews/{receipt}"

    answer = owner.send(page, f"{page}/accept")

    assert (answer.status_code, answer.location) == (303, "/console/reviews?accepted=recorded")
    assert state_of(open_shop, receipt) == "counted"
    assert "The receipt counts now" in text_of(english(owner, answer.location))


def test_accepting_twice_changes_nothing_more(open_shop: Shop, owner: Browser, anna: int) -> None:
    receipt = waiting(open_shop, anna)
    page = f"/console/reviews/{receipt}"
    token = owner.token(page)
    owner.client.post(f"{page}/accept", data={"csrf_token": token})

    answer = owner.client.post(f"{page}/accept", data={"csrf_token": token})

    assert (answer.status_code, answer.location) == (303, "/console/reviews?accepted=decided")
    assert "somebody has decided it" in text_of(english(owner, answer.location))


def test_a_rejection_wants_a_reason(open_shop: Shop, owner: Browser, anna: int) -> None:
    receipt = waiting(open_shop, anna)
    page = f"/console/reviews/{receipt}"

    for reason in ("", "x" * 201):
        answer = owner.send(page, f"{page}/reject", reason=reason)
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.get_data(as_text=True)
        assert reason[:100] in answer.get_data(as_text=True)
    assert state_of(open_shop, receipt) == "under_review"


def test_a_rejection_can_be_taken_back(open_shop: Shop, owner: Browser, anna: int) -> None:
    receipt = waiting(open_shop, anna)
    page = f"/console/reviews/{receipt}"

    answer = owner.send(page, f"{page}/reject", reason="проба кассы")
    rejected = state_of(open_shop, receipt)
    queue = text_of(english(owner, answer.location))
    back = owner.send(answer.location, f"{page}/reopen")

    assert (answer.status_code, rejected) == (303, "rejected")
    assert "Receipt L-1 was rejected" in queue
    assert (back.status_code, back.location) == (303, page)
    assert state_of(open_shop, receipt) == "under_review"
    assert "Put back to the queue, owner0@example.org" in text_of(english(owner, page))


def test_what_was_rejected_lately_is_listed(open_shop: Shop, owner: Browser, anna: int) -> None:
    page = f"/console/reviews/{waiting(open_shop, anna)}"
    owner.send(page, f"{page}/reject", reason="проба кассы")

    said = text_of(english(owner, "/console/reviews/rejected"))

    assert "Purchase of ₽540" in said
    assert "проба кассы" in said


def test_a_receipt_from_the_future_says_until_when(
    open_shop: Shop, owner: Browser, anna: int
) -> None:
    page = f"/console/reviews/{waiting(open_shop, anna, days=-2)}"

    said = text_of(english(owner, page))
    answer = owner.send(page, f"{page}/accept")

    assert "It cannot be accepted now" in said
    assert answer.status_code == 422


def test_a_receipt_that_was_accepted_elsewhere_says_so(
    open_shop: Shop, owner: Browser, anna: int
) -> None:
    page = f"/console/reviews/{waiting(open_shop, anna)}"
    owner.send(page, f"{page}/accept")

    answer = owner.get(page)
    said = text_of(english(owner, answer.location))

    assert answer.status_code == 303
    assert "This receipt does not wait any more: somebody has decided it." in said


def test_a_number_that_nobody_knows_is_404(open_shop: Shop, owner: Browser) -> None:
    assert owner.get("/console/reviews/12345").status_code == 404


@pytest.mark.parametrize("role", ["customer", "cashier", "marketer"])
def test_nobody_else_decides(open_shop: Shop, anna: int, role: str) -> None:
    receipt = waiting(open_shop, anna)
    stranger = open_shop.signed_in_as(role)
    token = stranger.token("/settings")

    for verb in ("accept", "reject", "reopen"):
        answer = stranger.client.post(
            f"/console/reviews/{receipt}/{verb}", data={"csrf_token": token, "reason": "x"}
        )
        assert answer.status_code == 403
    assert state_of(open_shop, receipt) == "under_review"


def test_a_form_of_another_site_decides_nothing(open_shop: Shop, owner: Browser, anna: int) -> None:
    receipt = waiting(open_shop, anna)

    answer = owner.client.post(f"/console/reviews/{receipt}/accept")

    assert answer.status_code == 400
    assert state_of(open_shop, receipt) == "under_review"


def test_one_receipt_and_three_cost_the_same(open_shop: Shop, owner: Browser, anna: int) -> None:
    waiting(open_shop, anna)
    owner.get("/console/reviews")
    with statements() as one:
        owner.get("/console/reviews")
    for name in ("L-2", "L-3"):
        waiting(open_shop, anna, name)
    with statements() as three:
        owner.get("/console/reviews")

    assert len(one) == len(three)


def test_a_receipt_that_could_win_a_place_says_until_when(
    open_shop: Shop, owner: Browser, anna: int
) -> None:
    names = {"ru": ChallengeWords("Гонка"), "en": ChallengeWords("Race")}
    one = Step(kind="count", at_least=1)
    with open_shop.worlds.open() as world:
        world.session.get_one(ProgrammeRow, 1).review_over = 10_000
        touch_definitions(world)
        for most in (1, None):
            wanted = terms(one, max_winners=most)
            ends = world.now + timedelta(days=7)
            plan = ChallengePlan("blank", wanted, names, world.now, ends, 1_000)
            draft = draft_challenge(world, plan, actor="marketer")
            launch_challenge(world, draft.id or 0, over=draft.revision, actor="marketer")
    open_shop.now.move(hours=1)
    receipt = waiting(open_shop, anna, days=0)

    said = text_of(english(owner, f"/console/reviews/{receipt}")).replace("\u00a0", " ")
    assert "It completes 2 challenges." in said
    assert said.count("For a place in “Race” it counts when it is accepted before") == 1

    open_shop.now.move(days=10)
    for step in (advance_challenges, advance_challenges, close_challenges, close_challenges):
        with open_shop.worlds.open() as world:
            step(world)
    owner = open_shop.signed_in_as("owner")
    said = text_of(english(owner, f"/console/reviews/{receipt}")).replace("\u00a0", " ")
    assert "It completes 1 challenge." in said
    assert "The places in “Race” are given: this receipt wins none there." in said
