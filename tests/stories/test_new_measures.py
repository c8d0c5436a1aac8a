"""A medal that counts something new: the past is counted by whoever comes first, and once."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.clockwork import seed_measures
from gamification.measures.catalogue import Count, Distinct, Spec, Streak
from tests.shop import Person, Shop

DAYS = ("2026-02-26 12:00", "2026-02-27 12:00", "2026-02-27 13:00", "2026-02-28 12:00")


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00")


@pytest.fixture
def anna(shop: Shop) -> Person:
    """Three days with purchases, two of them on one day."""
    person = shop.join("anna")
    for number, day in enumerate(DAYS):
        person.spend_money(f"r{number}", "100", at=day)
    return person


def by_till(anna: Person) -> None:
    anna.spend_money("last", "100")


def by_file(anna: Person) -> None:
    page = anna.file(anna.shop.receipt("purchase", "last", [("X", None, "1", "100")]))
    assert (page.recorded, page.refused) == (1, [])


def by_file_with_a_return(anna: Person) -> None:
    """The file takes a stored purchase back and brings it again."""
    told = [
        anna.shop.receipt("return", "b", [], names_id="r0", whole=True, at="2026-03-01 09:00"),
        anna.shop.receipt("purchase", "r9", [("X", None, "1", "100")], at="2026-02-26 15:00"),
        anna.shop.receipt("purchase", "last", [("X", None, "1", "100")]),
    ]
    page = anna.file(*told)
    assert (page.recorded, page.refused) == (3, [])


def by_the_clock(anna: Person) -> None:
    work(anna.shop)
    anna.spend_money("last", "100")


def work(shop: Shop) -> None:
    """Let the worker count until nothing is left to count."""
    left = 1
    while left:
        with shop.world() as world:
            left = seed_measures(world)
    with shop.world() as world:
        seed_measures(world)


WAYS = pytest.mark.parametrize("way", [by_till, by_file, by_file_with_a_return, by_the_clock])
SPECS = pytest.mark.parametrize(
    ("spec", "at"),
    [
        (Count(unit="lines"), 5),  # nobody counted that
        (Streak(unit="day"), 4),  # its days are counted already, for «the regular»
        (Streak(unit="month"), 2),
        (Distinct(of="channel"), 1),
    ],
)


def value(shop: Shop, code: str) -> list[tuple[int]]:
    sql = (
        "SELECT c.value FROM counter c JOIN achievement_version v ON v.measure_id = c.measure_id"
        " JOIN achievement a ON a.live_version_id = v.id WHERE a.code = ? AND c.period = 'all'"
    )
    return [(int(n),) for (n,) in shop.rows(sql, code)]


@WAYS
@SPECS
def test_the_past_is_counted_once(
    shop: Shop, anna: Person, way: Callable[[Person], None], spec: Spec, at: int
) -> None:
    shop.medal("new", spec, at)

    way(anna)
    work(shop)

    if not isinstance(spec, Distinct):  # nobody named a channel
        assert value(shop, "new") == [(at,)]
        assert "new" in anna.medals()
    with shop.world() as world:
        assert run_audit(world, full=True).is_clean


@WAYS
def test_two_new_medals_read_the_same_keys(
    shop: Shop, anna: Person, way: Callable[[Person], None]
) -> None:
    """Months, and the best month by its days: keys that nobody counted before."""
    shop.medal("first", Distinct(of="day", window="month"), 3)
    shop.medal("second", Streak(unit="day", freezes=1), 4)
    shop.medal("third", Streak(unit="week"), 1)
    shop.medal("fourth", Distinct(of="week"), 1)

    way(anna)
    work(shop)

    assert [value(shop, code) for code in ("first", "second", "third", "fourth")] == [
        [(3,)],
        [(4,)],
        [(1,)],
        [(1,)],
    ]
    with shop.world() as world:
        assert run_audit(world, full=True).is_clean
