"""A share of what friends buy follows the goods, and nobody's leaving stops the clock."""

import pytest
import sqlalchemy as sa

from gamification.commands.farewell import erase_member
from gamification.store import Store
from tests.appealing import BOUGHT, JOINED, buy, sound
from tests.inviting import bind, come, let_clock_work, offer, state_of
from tests.shop import Person, Shop, plain_tiers

SECOND, REWARDED, ALL_KEPT, LATER = (
    "2026-03-06 12:00", "2026-03-19 00:00", "2026-03-21 10:00", "2026-03-22 10:00",
)  # fmt: skip


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    tiers = plain_tiers(("bronze", 0, 1000))
    found = Shop(engine, at=JOINED, tiers=tiers, columns={"pending_days": 14})
    offer(found, share_percent=10)
    return found


@pytest.fixture
def ana(shop: Shop) -> Person:
    return come(shop, "ana", email="ana@mail.ru")


@pytest.fixture
def boris(shop: Shop, ana: Person) -> Person:
    """Bought for 900 and for 2000; only the first is past its return window."""
    friend = come(shop, "boris", email="boris@mail.ru")
    bind(ana, friend)
    buy(friend, "900")
    buy(friend, "2000", SECOND)
    let_clock_work(shop, SECOND)
    let_clock_work(shop, REWARDED)
    assert (state_of(friend)[0], shares(ana)) == ("rewarded", [9])
    return friend


def shares(person: Person) -> list[int]:
    return [
        int(points)
        for (points,) in person.shop.rows(
            "SELECT points_left FROM activity WHERE member_id = ? AND type = 'friend_bought'"
            " AND state = 'counted' ORDER BY id",
            person.id,
        )
    ]


def bring_back(friend: Person, money: str, bought: str, at: str) -> None:
    goods = ("GOODS", None, "1", money)
    friend.bring_back(f"back:{bought}", goods, of=f"boris:{bought}", at=at, now=at)


def test_what_went_back_takes_its_share_along_whatever_became_of_the_invitation(
    shop: Shop, ana: Person, boris: Person
) -> None:
    let_clock_work(shop, ALL_KEPT)
    assert shares(ana) == [9, 20]
    bring_back(boris, "900", BOUGHT, ALL_KEPT)
    let_clock_work(shop, ALL_KEPT)
    assert (state_of(boris), shares(ana)) == (("reversed", "returned"), [20])

    bring_back(boris, "2000", SECOND, LATER)
    let_clock_work(shop, LATER)

    assert shares(ana) == []
    sound(shop, "2026-03-23 10:00")


def test_a_receipt_that_is_corrected_again_and_again_brings_one_share(
    shop: Shop, ana: Person, boris: Person
) -> None:
    let_clock_work(shop, ALL_KEPT)
    named = f"boris:{BOUGHT}"
    for money in ("1000", "1100"):
        goods = ("GOODS", None, "1", money)
        boris.buy(money, goods, at=BOUGHT, now=ALL_KEPT, names_id=named)
        let_clock_work(shop, ALL_KEPT)
        named = money

    assert (state_of(boris)[0], shares(ana)) == ("rewarded", [20, 11])
    sound(shop, LATER)


@pytest.mark.parametrize("gone", ["erased", "blocked"])
def test_a_referrer_who_is_gone_gets_no_share_and_stops_nobodys_invitation(
    shop: Shop, ana: Person, boris: Person, gone: str
) -> None:
    dima, vera = come(shop, "dima", email="d@mail.ru"), come(shop, "vera", email="v@mail.ru")
    bind(dima, vera)
    buy(vera, "900", SECOND)
    let_clock_work(shop, SECOND)
    with shop.world(REWARDED) as world:
        if gone == "erased":
            erase_member(world, ana.id)
        else:
            Store(world.connection).run("UPDATE member SET status = 'blocked' WHERE id = ?", ana.id)

    let_clock_work(shop, ALL_KEPT)

    assert (shares(ana), state_of(vera)[0]) == ([9], "rewarded")


def test_a_return_after_the_referrer_was_erased_stops_nothing(
    shop: Shop, ana: Person, boris: Person
) -> None:
    let_clock_work(shop, ALL_KEPT)
    with shop.world(ALL_KEPT) as world:
        erase_member(world, ana.id)

    bring_back(boris, "2000", SECOND, LATER)
    let_clock_work(shop, LATER)

    assert shop.rows("SELECT due_at FROM referral") == [(None,)]
    sound(shop, LATER)


def test_a_part_that_went_back_takes_its_part_of_the_share_along(
    shop: Shop, ana: Person, boris: Person
) -> None:
    let_clock_work(shop, ALL_KEPT)
    kept = []
    for n in range(5):
        goods = ("GOODS", None, "0.2", "395")
        boris.bring_back(f"back-{n}", goods, of=f"boris:{SECOND}", at=LATER, now=LATER)
        let_clock_work(shop, LATER)
        kept.append(shares(ana))

    assert kept == [[9, 16], [9, 12], [9, 8], [9], [9]]
    sound(shop, LATER)
