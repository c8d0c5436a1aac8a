"""A referrer objects once, and is answered."""

import pytest
import sqlalchemy as sa

from gamification.commands.appeals import LONGEST_TEXT, appeal
from gamification.commands.farewell import erase_member
from gamification.commands.suspicions import expire_flags, note_trace
from gamification.readmodels.referral_reviews import held_count, review_groups
from gamification.refusals import InvalidSetting
from tests.appealing import (
    BOUGHT,
    JOINED,
    KEPT,
    LATER,
    ana_of,
    appeals,
    blocked,
    buy,
    decide,
    held,
    say,
    sound,
    told,
)
from tests.inviting import bind, come, earned, invitation_of, let_clock_work, offer, state_of
from tests.shop import Shop


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at=JOINED, tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


def test_an_appeal_is_said_once_and_lands_in_the_queue(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")

    answers = [say(ana, boris, " We are flatmates "), say(ana, boris, "again")]

    assert answers == ["sent", "again"]
    assert appeals(shop) == [("We are flatmates", "open", None)]
    with shop.world(LATER) as world:
        (group,) = review_groups(world)
    (case,) = group.cases
    assert (group.rule, case.appeal) == ("same_device", "We are flatmates")
    assert str(case.appealed_on) == "2026-03-20"


def test_nobody_objects_for_somebody_else_or_about_nothing(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    vera = come(shop, "vera", email="vera@mail.ru")
    bind(ana, vera)

    assert say(boris, boris) == "unknown"
    with shop.world(KEPT) as world:
        assert appeal(world, ana.id, 1) == "unknown"
    assert say(ana, vera) == "late"
    with shop.world(KEPT) as world, pytest.raises(InvalidSetting):
        appeal(world, ana.id, invitation_of(boris), "x" * (LONGEST_TEXT + 1))
    assert appeals(shop) == []


def test_it_is_too_late_thirty_days_after_it_was_ended(shop: Shop) -> None:
    ana = ana_of(shop)
    boris = blocked(shop, ana)

    assert say(ana, boris, at="2026-04-01 12:00") == "late"
    assert say(ana, boris, at="2026-04-01 11:59") == "sent"


def test_what_was_ended_at_the_door_goes_on_where_the_friend_is(shop: Shop) -> None:
    ana = ana_of(shop)
    boris = blocked(shop, ana)
    buy(boris)
    let_clock_work(shop, BOUGHT)
    say(ana, boris, "My brother uses my mailbox", at=BOUGHT)
    with shop.world(BOUGHT) as world:
        assert held_count(world) == 1
        assert [one.rule for one in review_groups(world)] == ["same_person"]

    assert decide([boris], "pay", at=BOUGHT) == 1
    assert decide([boris], "pay", at=BOUGHT) == 0
    let_clock_work(shop, BOUGHT)
    assert state_of(boris) == ("purchased", None)
    let_clock_work(shop, KEPT)

    assert state_of(boris) == ("rewarded", None)
    assert (earned(ana), earned(boris)) == (300, 200)
    assert [row[1:] for row in appeals(shop)] == [("accepted", None)]
    assert told(ana) == ["appeal_answered", "friend_came"]
    sound(shop)


@pytest.mark.parametrize(("chosen", "reason"), [(None, "same_person"), ("not_new", "not_new")])
def test_a_refusal_says_a_plain_reason_and_is_the_last_word(
    shop: Shop, chosen: str | None, reason: str
) -> None:
    ana = ana_of(shop)
    boris = blocked(shop, ana)
    say(ana, boris, at=BOUGHT)

    decide([boris], "reject", at=BOUGHT, told=chosen)

    assert state_of(boris) == ("blocked", reason)
    assert appeals(shop) == [("", "refused", reason)]
    rows = shop.rows("SELECT payload FROM notice WHERE kind = 'appeal_answered'")
    assert len(rows) == 1
    assert reason in str(rows[0][0])
    assert say(ana, boris, at=LATER) == "again"
    with shop.world(LATER) as world:
        assert (held_count(world), review_groups(world)) == (0, ())


def test_a_reason_that_is_not_on_the_list_is_refused(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")

    with pytest.raises(InvalidSetting):
        decide([boris], "reject", told="same_device")

    assert state_of(boris) == ("in_review", "in_review")


def test_who_was_rejected_may_object_and_is_paid_after_all(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    decide([boris], "reject")
    assert (state_of(boris), earned(ana)) == (("blocked", "rejected"), 0)

    assert say(ana, boris, at=LATER) == "sent"
    assert decide([boris], "pay", at=LATER) == 1
    let_clock_work(shop, LATER)

    assert (state_of(boris), earned(ana), earned(boris)) == (("rewarded", None), 300, 200)
    sound(shop)


def test_flags_that_ran_out_answer_what_was_objected_to(shop: Shop) -> None:
    ana = ana_of(shop)
    home = [("network", "192.0.2.0")]
    with shop.world() as world:
        note_trace(world, ana.id, "network", "192.0.2.0")
    friends = [come(shop, name, email=f"{name}@mail.ru", traces=home) for name in "abc"]
    for friend in friends:
        bind(ana, friend)
        buy(friend, "510")
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    assert say(ana, friends[0]) == "sent"

    with shop.world("2026-04-20 12:00") as world:
        assert expire_flags(world)
    let_clock_work(shop, "2026-04-20 12:01")

    assert appeals(shop) == [("", "accepted", None)]
    assert told(ana).count("appeal_answered") == 1


def test_whoever_was_erased_a_moment_ago_leaves_no_word(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    with shop.world(LATER) as world:
        erase_member(world, ana.id)

    assert say(ana, boris, "I am Ana", at=LATER) == "unknown"
    assert appeals(shop) == []
