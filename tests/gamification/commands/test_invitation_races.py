"""Invitations under everybody at once: one referral, one pair of rewards, the cap is kept."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from gamification.audit.run import run_audit
from gamification.commands.referral_clock import settle_referral, settle_referrals
from gamification.commands.referrals import Invitation, bind_friend, code_for
from gamification.commands.suspicions import decide_held, note_trace
from tests.inviting import bind, come, earned, invitation_of, let_clock_work, offer, state_of
from tests.shop import Person, Shop

JOINED, BOUGHT, KEPT = "2026-03-02 12:00", "2026-03-04 12:00", "2026-03-20 00:00"


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at=JOINED, tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do everything at the same moment, each on a thread and a connection of its own.

    Whatever one of them raises, such as a deadlock, is raised here.
    """
    gate, answers, faults = threading.Barrier(len(deeds)), [None] * len(deeds), []

    def do(place: int, deed: Callable[[], Any]) -> None:
        gate.wait(timeout=30)
        try:
            answers[place] = patiently(deed)
        except BaseException as fault:  # noqa: BLE001 - it is told below
            faults.append(fault)

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    if faults:
        raise faults[0]
    return answers


def patiently(deed: Callable[[], Any]) -> Any:
    """Wait again where SQLite's only writer was busy for its five seconds: nothing was begun."""
    for _ in range(20):
        try:
            return deed()
        except OperationalError as fault:
            if "database is locked" not in str(fault):
                raise
    return deed()


def spend(person: Person, receipt: str, at: str = BOUGHT) -> Callable[[], Any]:
    return lambda: person.spend_money(receipt, "900", at=at, now=at)


def tick(shop: Shop, at: str) -> Callable[[], int]:
    """One worker's clock at a moment, until it finds nothing."""
    return lambda: let_clock_work(shop, at)


def joined(shop: Shop, *names: str) -> list[Person]:
    return [come(shop, name, email=f"{name}@mail.ru") for name in names]


def sound(shop: Shop, at: str) -> bool:
    with shop.world(at) as world:
        return run_audit(world, full=True).is_clean


def rewards(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows(
        "SELECT type, COUNT(*) FROM activity WHERE type IN ('friend_came', 'invited_bonus')"
        " GROUP BY type ORDER BY type"
    )


def test_a_friend_bound_twice_at_once_has_one_referrer(shop: Shop) -> None:
    ana, vera, boris = joined(shop, "ana", "vera", "boris")
    with shop.world() as world:
        codes = [code_for(world, one.id) for one in (ana, vera)]

    def by(code: str) -> Callable[[], str]:
        def bound() -> str:
            with shop.world() as world:
                return bind_friend(world, boris.id, Invitation(code))

        return bound

    answers = at_once(*[by(code) for code in codes * 3])

    assert sorted(answers) == ["already"] * 5 + ["bound"]
    assert len(shop.rows("SELECT id FROM referral")) == 1
    assert shop.rows("SELECT COUNT(*) FROM activity WHERE type = 'friend_joined'") == [(1,)]


def test_two_who_invite_each_other_at_once_make_no_ring(shop: Shop) -> None:
    ana, boris = joined(shop, "ana", "boris")

    answers = at_once(lambda: bind(ana, boris), lambda: bind(boris, ana))

    assert sorted(answers) == ["bound", "loop"]
    assert len(shop.rows("SELECT id FROM referral")) == 1


def test_the_qualifying_purchase_told_ten_times_pays_once(shop: Shop) -> None:
    ana, boris = joined(shop, "ana", "boris")
    bind(ana, boris)

    told = at_once(*[spend(boris, "b1") for _ in range(10)], tick(shop, BOUGHT))
    at_once(*[tick(shop, KEPT) for _ in range(3)])

    assert sorted(one.status for one in told[:10]) == ["recorded"] + ["replayed"] * 9
    assert state_of(boris) == ("rewarded", None)
    assert (earned(ana), earned(boris)) == (300, 200)
    assert rewards(shop) == [("friend_came", 1), ("invited_bonus", 1)]
    assert sound(shop, KEPT)


def test_two_friends_at_the_cap_at_the_same_moment_bring_one_reward(shop: Shop) -> None:
    offer(shop, cap=1)
    ana, boris, vera = joined(shop, "ana", "boris", "vera")
    for friend in (boris, vera):
        bind(ana, friend)
        friend.spend_money(friend.name, "900", at=BOUGHT, now=BOUGHT)
    let_clock_work(shop, BOUGHT)

    at_once(*[tick(shop, KEPT) for _ in range(4)])

    assert sorted(state_of(one) for one in (boris, vera)) == [
        ("qualified", "cap"),
        ("rewarded", None),
    ]
    assert (earned(ana), earned(boris), earned(vera)) == (300, 200, 200)
    assert sound(shop, KEPT)


def test_two_friends_of_two_referrers_at_the_end_of_the_budget(shop: Shop) -> None:
    offer(shop, budget=500)
    people = joined(shop, "ana", "boris", "olga", "vera")
    for referrer, friend in (people[:2], people[2:]):
        bind(referrer, friend)
        friend.spend_money(friend.name, "900", at=BOUGHT, now=BOUGHT)
    let_clock_work(shop, BOUGHT)

    at_once(*[tick(shop, KEPT) for _ in range(4)])

    assert sum(earned(one) for one in people) == 500
    assert sorted(state_of(one) for one in people[1::2]) == [
        ("qualified", "budget"),
        ("rewarded", None),
    ]


def test_one_fund_is_spent_by_friends_of_different_terms(shop: Shop) -> None:
    people = joined(shop, "ana", "boris", "olga", "vera")
    for referrer, friend in (people[:2], people[2:]):
        offer(shop, budget=500)
        bind(referrer, friend)
        friend.spend_money(friend.name, "900", at=BOUGHT, now=BOUGHT)
    let_clock_work(shop, BOUGHT)

    def settled(friend: Person) -> Callable[[], str]:
        def settle() -> str:
            with shop.world(KEPT) as world:
                return settle_referral(world, invitation_of(friend))

        return settle

    answers = at_once(*[settled(one) for one in people[1::2]])

    assert sorted(answers) == ["qualified", "rewarded"]
    assert sum(earned(one) for one in people) == 500


def coming(referrer: Person, newcomer: Person, at: str = JOINED) -> Callable[[], str]:
    """Somebody binds themselves by a code, at a moment."""
    with referrer.shop.world() as world:
        code = code_for(world, referrer.id)

    def bound() -> str:
        with referrer.shop.world(at) as world:
            return bind_friend(world, newcomer.id, Invitation(code))

    return bound


def fund(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows("SELECT spent FROM referral_fund")


def test_two_who_come_at_once_for_the_last_gift(shop: Shop) -> None:
    offer(shop, welcome_points=50, budget=199)
    people = joined(shop, "ana", "olga", *(f"friend{n}" for n in range(6)))

    answers = at_once(*(coming(people[n % 2], friend) for n, friend in enumerate(people[2:])))

    assert answers == ["bound"] * 6
    assert sorted(earned(one) for one in people[2:]) == [0, 0, 0, 50, 50, 50]
    assert fund(shop) == [(150,)]
    assert sound(shop, JOINED)


def test_gifts_rewards_shares_and_returns_at_the_end_of_one_fund(shop: Shop) -> None:
    """Sign-ups of new friends and the clocks of old ones want the same points, in turns."""
    offer(shop, welcome_points=50, share_percent=100, second_percent=10, budget=1_700)
    ana, boris, vera, gleb, *late = joined(
        shop, "ana", "boris", "vera", "gleb", *(f"late{n}" for n in range(6))
    )
    for referrer, friend in ((ana, boris), (boris, vera), (vera, gleb)):
        bind(referrer, friend)
        friend.spend_money(friend.name, "900", at=BOUGHT, now=BOUGHT)
    let_clock_work(shop, BOUGHT)

    def bring_back(friend: Person) -> Callable[[], Any]:
        goods = ("GOODS", None, "1", "900")
        return lambda: friend.bring_back(
            f"back-{friend.name}", goods, of=friend.name, at=KEPT, now=KEPT
        )

    at_once(*(coming(one, who) for one, who in zip((gleb, vera, boris), late, strict=False)),
            tick(shop, KEPT), tick(shop, KEPT), bring_back(boris))  # fmt: skip
    at_once(*(coming(one, who, KEPT) for one, who in zip((ana, gleb, vera), late[3:], strict=True)),
            tick(shop, KEPT), tick(shop, KEPT), bring_back(gleb))  # fmt: skip
    at_once(tick(shop, KEPT), tick(shop, KEPT))

    ((spent,),) = fund(shop)
    assert 0 < spent <= 1_700
    assert sound(shop, KEPT)


ROUNDS = [30, pytest.param(1_000, marks=pytest.mark.heavy)]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_friend_and_referrer_buy_while_the_clock_settles(shop: Shop, rounds: int) -> None:
    """Both buy in each round, in both directions of a ring of three, and two clocks work."""
    offer(shop, share_percent=10, second_percent=10)
    ana, boris, vera = joined(shop, "ana", "boris", "vera")
    bind(ana, boris)
    bind(boris, vera)
    start = shop.when(BOUGHT)

    for n in range(rounds):
        moment = f"{start + timedelta(hours=n):%Y-%m-%d %H:%M}"
        buyers = [spend(one, f"{one.name}-{n}", moment) for one in turned((ana, boris, vera), n)]
        at_once(*buyers, tick(shop, moment), tick(shop, moment))

    end = f"{start + timedelta(hours=rounds, days=30):%Y-%m-%d %H:%M}"
    at_once(tick(shop, end), tick(shop, end))
    assert [state_of(one) for one in (boris, vera)] == [("rewarded", None)] * 2
    assert (earned(ana), earned(boris), earned(vera)) == (300 + 30, 300 + 200, 200)
    assert shop.rows("SELECT COUNT(*) FROM activity WHERE type = 'purchase'") == [(3 * rounds,)]
    assert rewards(shop) == [("friend_came", 2), ("invited_bonus", 2)]
    assert sound(shop, end)


def turned(people: Sequence[Person], n: int) -> list[Person]:
    """Who comes first changes with each round."""
    return [*people[n % 3 :], *people[: n % 3]]


def test_the_queue_and_the_clock_at_once_lose_no_decision(shop: Shop) -> None:
    ana, boris = joined(shop, "ana", "boris")
    with shop.world() as world:
        for one in (ana, boris):
            note_trace(world, one.id, "device", "tablet")
    bind(ana, boris)
    boris.spend_money("b1", "900", at=BOUGHT, now=BOUGHT)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    assert state_of(boris) == ("in_review", "in_review")
    held = [invitation_of(boris)]

    def decide() -> int:
        with shop.world(KEPT) as world:
            return decide_held(world, held, verdict="reject", actor="owner")

    def settle() -> int:
        with shop.world(KEPT) as world:
            return settle_referrals(world)

    answers = at_once(decide, decide, spend(boris, "b2", KEPT), settle, settle)

    assert sorted(answers[:2]) == [0, 1]
    let_clock_work(shop, KEPT)
    assert state_of(boris) == ("blocked", "rejected")
    assert (earned(ana), earned(boris)) == (0, 0)
