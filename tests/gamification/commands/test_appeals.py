"""A referrer objects once; a person answers, takes answers back, and the books follow."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.appeals import LONGEST_TEXT, appeal
from gamification.commands.decisions import UNDO_DAYS, decide_held, undo_decisions
from gamification.commands.farewell import erase_member
from gamification.commands.suspicions import (
    expire_flags,
    note_trace,
    rules_now,
    set_rule,
    undo_rule,
)
from gamification.readmodels.referral_reviews import held_count, review_groups
from gamification.refusals import InvalidSetting
from tests.inviting import (
    bind,
    come,
    earned,
    invitation_of,
    let_clock_work,
    offer,
    state_of,
)
from tests.shop import Person, Shop

JOINED, BOUGHT, KEPT, LATER = (
    "2026-03-02 12:00", "2026-03-04 12:00", "2026-03-20 00:00", "2026-03-21 10:00",
)  # fmt: skip


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at=JOINED, tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


def buy(friend: Person, money: str = "900", at: str = BOUGHT) -> None:
    friend.spend_money(f"{friend.name}:{at}", money, at=at, now=at)


def ana_of(shop: Shop) -> Person:
    return come(shop, "ana", email="ana@mail.ru")


def held(shop: Shop, ana: Person, *names: str) -> list[Person]:
    """Friends whose browser is Ana's: each waits for a person."""
    friends = []
    for name in names:
        friend = come(shop, name, email=f"{name}@mail.ru", traces=[("device", "tablet")])
        friends.append(friend)
    with shop.world() as world:
        note_trace(world, ana.id, "device", "tablet")
    for friend in friends:
        bind(ana, friend)
        buy(friend)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    assert {state_of(one) for one in friends} == {("in_review", "in_review")}
    return friends


def blocked(shop: Shop, ana: Person) -> Person:
    """A friend with Ana's own mailbox."""
    friend = come(shop, "boris", email="ana+2@mail.ru")
    assert bind(ana, friend) == "blocked"
    return friend


def say(ana: Person, friend: Person, text: str = "", at: str = KEPT) -> str:
    with ana.shop.world(at) as world:
        return appeal(world, ana.id, invitation_of(friend), text)


def decide(
    friends: Sequence[Person], verdict: str, *, at: str = KEPT, batch: int | None = None,
    told: str | None = None,
) -> int:  # fmt: skip
    with friends[0].shop.world(at) as world:
        cases = [invitation_of(one) for one in friends]
        return decide_held(
            world, cases, verdict=verdict, actor="owner", why="looked", batch=batch, told=told
        )


def undo(shop: Shop, *, at: str = LATER, batch: int | None = None) -> int:
    with shop.world(at) as world:
        ids = [row[0] for row in shop.rows("SELECT id FROM referral_decision")]
        return undo_decisions(world, () if batch else ids, batch=batch, actor="vera", why="oops")


def told(person: Person) -> list[str]:
    """Kinds of messages in the inbox, the oldest first."""
    sql = "SELECT kind FROM notice WHERE member_id = ? AND channel = 'inbox' ORDER BY id"
    return [kind for (kind,) in person.shop.rows(sql, person.id) if kind != "medal"]


def appeals(shop: Shop) -> list[tuple[object, ...]]:
    return shop.rows("SELECT text, state, reason FROM referral_appeal ORDER BY referral_id")


def sound(shop: Shop, at: str = LATER) -> None:
    with shop.world(at) as world:
        found = run_audit(world, full=True)
    assert found.is_clean, found


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
