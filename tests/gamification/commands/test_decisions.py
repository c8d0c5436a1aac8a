"""Decisions, payments and rules are taken back, and the books follow."""

import pytest
import sqlalchemy as sa

from gamification.commands.decisions import UNDO_DAYS, undo_decisions
from gamification.commands.farewell import erase_member
from gamification.commands.suspicions import note_trace, rules_now, set_rule, undo_rule
from gamification.readmodels.referral_report import referral_report
from gamification.readmodels.referral_reviews import held_count, review_groups
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
    undo,
)
from tests.inviting import bind, come, earned, let_clock_work, offer, state_of
from tests.shop import Shop


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at=JOINED, tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


def test_a_rejection_is_taken_back_and_paid_instead(shop: Shop) -> None:
    ana = ana_of(shop)
    friends = held(shop, ana, "boris", "gleb")
    decide(friends, "reject", batch=7)

    assert undo(shop, batch=7) == 2
    assert undo(shop, batch=7) == 0

    assert {state_of(one) for one in friends} == {("in_review", "in_review")}
    with shop.world(LATER) as world:
        assert held_count(world) == 2
        assert [len(one.cases) for one in review_groups(world)] == [2]
    assert set(shop.rows("SELECT state, decided_by FROM referral_signal")) == {("open", None)}
    assert decide(friends, "pay", at=LATER) == 2
    let_clock_work(shop, LATER)
    assert (earned(ana), earned(friends[0])) == (600, 200)
    kept = shop.rows(
        "SELECT verdict, actor, why, undone_by, undone_why FROM referral_decision ORDER BY id"
    )
    assert kept == [
        *[("reject", "owner", "looked", "vera", "oops")] * 2,
        *[("pay", "owner", "looked", None, None)] * 2,
    ]
    sound(shop)


def test_a_payment_is_taken_back_with_all_its_points_and_can_be_made_again(shop: Shop) -> None:
    offer(shop, welcome_points=50, share_percent=10)
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    decide([boris], "pay")
    let_clock_work(shop, KEPT)
    assert (earned(ana), earned(boris)) == (300, 250)

    assert undo(shop) == 1
    let_clock_work(shop, LATER)

    assert state_of(boris) == ("in_review", "in_review")
    assert (earned(ana), earned(boris)) == (0, 0)
    assert told(ana)[-1] == told(boris)[-1] == "referral_withdrawn"
    cancelled = shop.rows("SELECT DISTINCT operator FROM activity WHERE type = 'cancellation'")
    assert cancelled == [("vera",)]
    sound(shop)
    assert decide([boris], "pay", at=LATER) == 1
    let_clock_work(shop, LATER)
    assert (state_of(boris), earned(ana), earned(boris)) == (("rewarded", None), 300, 250)
    assert told(ana).count("friend_came") == 2
    sound(shop)


def test_a_payment_is_taken_back_before_the_clock_comes_by(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    decide([boris], "pay")

    assert undo(shop) == 1
    let_clock_work(shop, LATER)

    assert (state_of(boris), earned(ana)) == (("in_review", "in_review"), 0)
    assert told(ana) == []


def test_a_gift_that_came_at_once_stays(shop: Shop) -> None:
    offer(shop, welcome_points=50)
    ana = ana_of(shop)
    boris = come(shop, "boris", email="boris@mail.ru")
    bind(ana, boris)
    assert earned(boris) == 50
    with shop.world() as world:
        for one in (ana, boris):
            note_trace(world, one.id, "device", "tablet")
    buy(boris)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    for verdict_at in (KEPT, LATER):
        decide([boris], "pay", at=verdict_at)
        let_clock_work(shop, verdict_at)
        assert earned(boris) == 250
        assert undo(shop) == 1
        let_clock_work(shop, LATER)
        assert (earned(ana), earned(boris)) == (0, 50)
    sound(shop)


def test_an_answer_is_taken_back_and_the_appeal_waits_again(shop: Shop) -> None:
    ana = ana_of(shop)
    boris = blocked(shop, ana)
    say(ana, boris, at=BOUGHT)
    buy(boris)
    decide([boris], "pay", at=BOUGHT)
    let_clock_work(shop, BOUGHT)

    assert undo(shop, at=BOUGHT) == 1

    assert state_of(boris) == ("blocked", "same_person")
    assert appeals(shop) == [("", "open", None)]
    let_clock_work(shop, LATER)
    assert earned(ana) == 0
    assert decide([boris], "reject", at=LATER) == 1
    assert told(ana) == ["appeal_answered", "appeal_reopened", "appeal_answered"]


def test_an_accepted_appeal_is_taken_back_after_the_payment(shop: Shop) -> None:
    ana = ana_of(shop)
    boris = blocked(shop, ana)
    say(ana, boris, at=BOUGHT)
    buy(boris)
    decide([boris], "pay", at="2026-03-19 12:00")
    let_clock_work(shop, KEPT)
    assert (state_of(boris), earned(ana)) == (("rewarded", None), 300)

    undo(shop)
    let_clock_work(shop, LATER)

    assert (state_of(boris), earned(ana)) == (("blocked", "same_person"), 0)
    with shop.world(LATER) as world:
        assert held_count(world) == 1
    sound(shop)


def test_only_the_last_decision_is_taken_back_and_only_for_a_while(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    decide([boris], "reject", batch=7)
    say(ana, boris)
    decide([boris], "reject", batch=8)

    assert undo(shop, batch=7) == 0
    assert undo(shop, batch=8, at="2026-04-03 00:00") == 0, f"over {UNDO_DAYS} days"
    assert undo(shop, batch=8, at="2026-04-02 23:59") == 1

    assert appeals(shop) == [("", "open", None)]
    assert undo(shop, batch=7) == 1
    assert state_of(boris) == ("in_review", "in_review")


@pytest.mark.parametrize("who_leaves", ["referrer", "friend"])
def test_what_was_said_goes_with_whoever_it_is_about(shop: Shop, who_leaves: str) -> None:
    ana = ana_of(shop)
    boris = blocked(shop, ana)
    say(ana, boris, "Boris is my brother")
    decide([boris], "reject")

    with shop.world(LATER) as world:
        erase_member(world, ana.id if who_leaves == "referrer" else boris.id)

    assert [row[0] for row in appeals(shop)] == ([] if who_leaves == "referrer" else [""])
    assert shop.rows("SELECT why FROM referral_decision") == [("",)]
    assert undo(shop) == 0, "there is nobody to hold it against any more"
    assert state_of(boris)[0] == "blocked"


def test_a_return_after_the_referrer_left_stops_no_clock(shop: Shop) -> None:
    ana = ana_of(shop)
    boris = come(shop, "boris", email="boris@mail.ru")
    bind(ana, boris)
    buy(boris)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    with shop.world(KEPT) as world:
        erase_member(world, ana.id)

    goods = ("GOODS", None, "1", "900")
    boris.bring_back("r", goods, of=f"boris:{BOUGHT}", at=LATER, now=LATER)
    let_clock_work(shop, LATER)

    assert earned(boris) == 0
    sound(shop)


def test_a_change_of_a_rule_is_kept_and_taken_back(shop: Shop) -> None:
    def burst() -> tuple[str, int, object]:
        with shop.world() as world:
            (now,) = [one for one in rules_now(world) if one.code == "burst"]
        return now.action, now.settings["day"], now.changed

    assert burst() == ("hold", 5, None)
    with shop.world() as world:
        set_rule(world, "burst", action="block", settings={"day": 9}, actor="owner")
        set_rule(world, "burst", action="block", actor="somebody")
    action, day, changed = burst()
    assert (action, day) == ("block", 9)
    assert changed is not None
    assert (changed.actor, changed.action, changed.settings, changed.at) == (  # type: ignore[attr-defined]
        "owner", "hold", {"day": 5, "week": 20}, shop.when(),
    )  # fmt: skip

    def take_back() -> str | None:
        with shop.world(BOUGHT) as world:
            return undo_rule(world, changed.id, actor="vera")  # type: ignore[attr-defined]

    assert [take_back(), take_back()] == ["burst", None]
    action, day, last = burst()
    assert (action, day) == ("hold", 5)
    assert last is not None and (last.actor, last.action) == ("vera", "block")  # type: ignore[attr-defined]


def test_what_had_been_ended_before_it_was_paid_is_ended_again(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    decide([boris], "reject", told="not_new")
    assert say(ana, boris) == "sent"
    assert decide([boris], "pay") == 1
    let_clock_work(shop, KEPT)
    assert state_of(boris)[0] == "rewarded"
    (latest,) = shop.rows("SELECT MAX(id) FROM referral_decision")[0]

    with shop.world(LATER) as world:
        assert undo_decisions(world, [int(latest)], actor="vera") == 1
    let_clock_work(shop, LATER)

    assert (state_of(boris), earned(ana), earned(boris)) == (("blocked", "not_new"), 0, 0)
    assert appeals(shop) == [("", "open", None)]
    sound(shop)


def test_what_is_paid_once_more_stands_among_the_costs(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    for _ in range(2):
        decide([boris], "pay", at=LATER)
        let_clock_work(shop, LATER)
        with shop.world(LATER) as world:
            assert referral_report(world).cost.total == 500
        undo(shop)
        let_clock_work(shop, LATER)


def test_an_objection_is_open_again_also_while_the_friend_buys_anew(shop: Shop) -> None:
    ana = ana_of(shop)
    (boris,) = held(shop, ana, "boris")
    assert say(ana, boris) == "sent"
    decide([boris], "pay")
    goods = ("GOODS", None, "1", "900")
    boris.bring_back("back", goods, of=f"boris:{BOUGHT}", at=KEPT, now=KEPT)
    let_clock_work(shop, KEPT)
    assert (state_of(boris)[0], appeals(shop)) == ("registered", [("", "accepted", None)])

    assert undo(shop) == 1
    assert appeals(shop) == [("", "open", None)]

    buy(boris, at=LATER)
    let_clock_work(shop, LATER)
    let_clock_work(shop, "2026-04-10 12:00")
    assert state_of(boris) == ("in_review", "in_review")
    with shop.world("2026-04-10 12:00") as world:
        assert [one.appealed for one in review_groups(world)] == [1]
    sound(shop, "2026-04-10 12:00")


def test_a_payment_is_taken_back_though_somebody_above_is_gone(shop: Shop) -> None:
    offer(shop, second_percent=10)
    top, ana = come(shop, "top"), ana_of(shop)
    assert bind(top, ana) == "bound"
    buy(ana)
    (boris,) = held(shop, ana, "boris")
    decide([boris], "pay")
    let_clock_work(shop, KEPT)
    assert (earned(ana), earned(boris)) == (500, 200)
    with shop.world(KEPT) as world:
        erase_member(world, top.id)

    assert undo(shop) == 1
    let_clock_work(shop, LATER)

    assert state_of(boris) == ("in_review", "in_review")
    assert (earned(ana), earned(boris)) == (200, 0)
    sound(shop)
