"""The fund of invitations bounds all that they bring: rewards, gifts, shares, the second level."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.activities.queries import parsed
from gamification.audit.run import run_audit
from gamification.commands.referral_fund import USED_UP
from gamification.readmodels.friends import friends_of
from gamification.readmodels.referral_fund import Came, came_by_invitation, fund_now
from tests.appealing import buy, decide, held, undo
from tests.counting import asked
from tests.inviting import bind, come, let_clock_work, offer, state_of
from tests.shop import Person, Shop, plain_tiers

JOINED, BOUGHT, KEPT, LATER = (
    "2026-03-02 12:00", "2026-03-04 12:00", "2026-03-20 00:00", "2026-03-21 10:00",
)  # fmt: skip


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    """A tenth of each purchase in points, which only friends' purchases are asked for here."""
    tiers = plain_tiers(("bronze", 0, 1000))
    return Shop(engine, at=JOINED, tiers=tiers, columns={"pending_days": 14})


@pytest.fixture
def ana(shop: Shop) -> Person:
    offer(shop)
    return come(shop, "ana", email="ana@mail.ru")


def friend(referrer: Person, name: str, at: str = JOINED) -> Person:
    found = come(referrer.shop, name, email=f"{name}@mail.ru", at=at)
    assert bind(referrer, found, at=at) == "bound"
    return found


def brought(person: Person, code: str) -> list[tuple[int, str]]:
    """What acts of a kind bring a person now, each with why."""
    rows = person.shop.rows(
        "SELECT points_left, judged FROM activity WHERE member_id = ? AND type = ?"
        " AND state = 'counted' ORDER BY id",
        person.id,
        code,
    )
    return [(int(points), parsed(judged)["trace"][0]["code"]) for points, judged in rows]  # type: ignore[index]


def spent(shop: Shop) -> int:
    """What the fund has counted, proved by the audit at each look."""
    with shop.world(LATER) as world:
        assert run_audit(world, full=True).is_clean
        fund = fund_now(world)
        assert fund is not None
        return fund.spent


def back(bought: Person, money: str, at: str = LATER, of: str = BOUGHT) -> None:
    goods = ("GOODS", None, "1", money)
    bought.bring_back(f"back:{bought.name}:{of}", goods, of=f"{bought.name}:{of}", at=at, now=at)


def test_the_gift_that_the_fund_cannot_pay_is_not_paid_and_says_why(
    shop: Shop, ana: Person
) -> None:
    offer(shop, welcome_points=50, budget=120)

    friends = [friend(ana, name) for name in ("boris", "vera", "gleb")]

    gifts = [brought(one, "welcome_gift") for one in friends]
    assert gifts == [[(50, "act")], [(50, "act")], [(0, USED_UP)]]
    assert spent(shop) == 100, "no part of a gift, and what is left stays"


def test_a_gift_that_was_not_paid_is_not_paid_later(shop: Shop, ana: Person) -> None:
    offer(shop, welcome_points=50, budget=40)
    boris = friend(ana, "boris")
    offer(shop, welcome_points=50, budget=10_000)
    buy(boris)

    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)

    assert state_of(boris) == ("rewarded", None)
    assert brought(boris, "welcome_gift") == [(0, USED_UP)]


def test_a_gift_that_waited_comes_after_both_sides_and_asks_the_fund(
    shop: Shop, ana: Person
) -> None:
    offer(shop, welcome_points=50, budget=540)
    (boris,) = held(shop, ana, "boris")

    decide([boris], "pay")
    let_clock_work(shop, KEPT)

    assert state_of(boris) == ("rewarded", None)
    assert brought(boris, "welcome_gift") == [(0, USED_UP)]
    assert spent(shop) == 500


def test_the_share_that_the_fund_cannot_pay_is_not_paid_and_says_why(
    shop: Shop, ana: Person
) -> None:
    offer(shop, share_percent=10, budget=510)
    boris = friend(ana, "boris")
    buy(boris, "900")
    buy(boris, "2000", "2026-03-05 12:00")
    let_clock_work(shop, "2026-03-05 12:00")

    let_clock_work(shop, LATER)

    assert brought(ana, "friend_bought") == [(9, "act"), (0, USED_UP)]
    assert spent(shop) == 509
    let_clock_work(shop, "2026-04-20 10:00")
    assert brought(ana, "friend_bought") == [(9, "act"), (0, USED_UP)], "once for all"


def test_the_second_level_is_paid_by_the_fund_too(shop: Shop, ana: Person) -> None:
    offer(shop, second_percent=10, budget=1_020)
    boris = friend(ana, "boris")
    vera = friend(boris, "vera")
    for one in (boris, vera):
        buy(one)

    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)

    assert [state_of(one) for one in (boris, vera)] == [("rewarded", None)] * 2
    assert brought(ana, "friend_of_friend") == [(0, USED_UP)]
    assert spent(shop) == 1_000


def test_what_is_taken_back_can_be_paid_again(shop: Shop, ana: Person) -> None:
    offer(shop, welcome_points=50, share_percent=10, budget=559)
    boris = friend(ana, "boris")
    buy(boris)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    assert (state_of(boris), spent(shop)) == (("rewarded", None), 559)
    assert brought(friend(ana, "vera", KEPT), "welcome_gift") == [(0, USED_UP)]

    back(boris, "900")
    let_clock_work(shop, LATER)

    assert (state_of(boris), spent(shop)) == (("reversed", "returned"), 50)
    gleb = friend(ana, "gleb", LATER)
    assert (brought(gleb, "welcome_gift"), spent(shop)) == ([(50, "act")], 100)


def test_a_share_that_shrinks_with_its_purchase_asks_no_fund(shop: Shop, ana: Person) -> None:
    offer(shop, share_percent=10, budget=1_000)
    boris = friend(ana, "boris")
    buy(boris, "900")
    buy(boris, "2000", "2026-03-05 12:00")
    let_clock_work(shop, "2026-03-05 12:00")
    let_clock_work(shop, LATER)
    assert spent(shop) == 500 + 9 + 20
    offer(shop, share_percent=10, budget=100)

    goods = ("GOODS", None, "0.2", "400")
    boris.bring_back("part", goods, of="boris:2026-03-05 12:00", at=LATER, now=LATER)
    let_clock_work(shop, LATER)

    assert brought(ana, "friend_bought") == [(9, "act"), (16, "act")]
    assert spent(shop) == 500 + 9 + 16


def test_a_decision_taken_back_returns_all_that_it_paid(shop: Shop, ana: Person) -> None:
    offer(shop, welcome_points=50, share_percent=10, budget=559)
    (boris,) = held(shop, ana, "boris")
    decide([boris], "pay", batch=1)
    let_clock_work(shop, KEPT)
    assert spent(shop) == 559

    undo(shop, batch=1)
    let_clock_work(shop, LATER)

    assert (state_of(boris)[0], spent(shop)) == ("in_review", 0)
    decide([boris], "pay", at=LATER)
    let_clock_work(shop, LATER)
    assert (state_of(boris)[0], spent(shop)) == ("rewarded", 559)


def test_a_limit_below_what_was_spent_bounds_those_invited_before_as_well(
    shop: Shop, ana: Person
) -> None:
    """1,100 points are out when the shop sets a limit of 700; two friends are under way."""
    offer(shop, welcome_points=50)
    first, second, third = (friend(ana, name) for name in ("boris", "vera", "gleb"))
    for one in (first, second):
        buy(one)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    assert spent(shop) == 2 * 500 + 3 * 50

    offer(shop, welcome_points=50, budget=700)
    buy(third, at=LATER)
    late = friend(ana, "dina", LATER)
    let_clock_work(shop, LATER)
    let_clock_work(shop, "2026-04-10 00:00")
    assert (state_of(third), brought(late, "welcome_gift")) == (
        ("qualified", "budget"), [(0, USED_UP)],
    )  # fmt: skip

    back(first, "900")
    let_clock_work(shop, "2026-04-10 00:00")
    assert spent(shop) == 500 + 3 * 50, "650 of 700"
    assert brought(friend(ana, "egor", LATER), "welcome_gift") == [(50, "act")]
    assert brought(friend(ana, "faina", LATER), "welcome_gift") == [(0, USED_UP)]


def test_a_limit_that_was_raised_pays_those_who_are_still_under_way(
    shop: Shop, ana: Person
) -> None:
    offer(shop, budget=499)
    boris, vera = friend(ana, "boris"), friend(ana, "vera")
    buy(boris)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)

    offer(shop, budget=500)
    buy(vera, at=KEPT)
    let_clock_work(shop, KEPT)
    let_clock_work(shop, "2026-04-05 00:00")

    assert [state_of(one) for one in (boris, vera)] == [
        ("qualified", "budget"), ("rewarded", None),
    ]  # fmt: skip


def test_who_lost_nothing_is_not_told_of_a_loss(shop: Shop, ana: Person) -> None:
    offer(shop, cap=1)
    boris, vera = friend(ana, "boris"), friend(ana, "vera")
    for one in (boris, vera):
        buy(one)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    unpaid = next(one for one in (boris, vera) if state_of(one) == ("qualified", "cap"))

    back(unpaid, "900")
    let_clock_work(shop, LATER)

    told = "SELECT member_id FROM notice WHERE kind = 'referral_returned'"
    assert shop.rows(told) == [(unpaid.id,)]


@pytest.mark.parametrize(
    ("budget", "gift", "both", "share", "fund"),
    [
        (None, 50, (300, 200), 10, "open"),
        (551, 50, (300, 200), 10, "lasts"),
        (550, 50, (300, 200), 0, "short"),
        (549, 50, (0, 0), 0, "short"),
        (49, 0, (0, 0), 0, "short"),
    ],
)
def test_nothing_is_offered_that_the_fund_cannot_pay(
    shop: Shop, ana: Person, budget: int | None, gift: int, both: tuple[int, int], share: int,
    fund: str,
) -> None:  # fmt: skip
    offer(shop, welcome_points=50, share_percent=10, budget=budget)

    with shop.world() as world:
        page = friends_of(world, ana.id)

    assert page is not None
    terms = page.terms
    assert (terms.welcome_points, (terms.referrer_points, terms.friend_points)) == (gift, both)
    assert (terms.share_percent, page.fund) == (share, fund)


@pytest.mark.parametrize(
    ("budget", "came"),
    [
        (550, Came(200, 50_000, is_short=False, gift_unpaid=False)),
        (549, Came(0, 50_000, is_short=True, gift_unpaid=False)),
        (49, Came(0, 50_000, is_short=True, gift_unpaid=True)),
    ],
)
def test_whoever_has_just_come_hears_what_the_fund_can_pay(
    shop: Shop, ana: Person, budget: int, came: Came
) -> None:
    offer(shop, welcome_points=50, budget=budget)
    boris = friend(ana, "boris")

    with shop.world() as world:
        assert came_by_invitation(world, boris.id) == came
        assert came_by_invitation(world, ana.id) is None


def test_a_payment_costs_the_same_after_many_others(shop: Shop, ana: Person) -> None:
    offer(shop, welcome_points=50, budget=10_000)
    counts: list[Any] = []
    for n in range(3):
        with asked(shop.engine) as seen:
            friend(ana, f"friend{n}")
        counts.append([sql for sql in seen if "referral_fund" in sql])

    assert len(counts[1]) == len(counts[2]) == 4, "a look, a hold, a look, a count"
    assert not any("SUM(" in sql for sql in counts[2])
