"""The shop's own purchase cycle, the stages it gives, and kinds by value."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from gamification.audiences.rhythm import count_rhythm, rhythm_on
from gamification.audiences.stages import (
    Purchases,
    Rhythm,
    cuts_of,
    cycle_of,
    score,
    stage_of,
    value_of,
)
from gamification.commands.audiences import count_rhythm as count_tonight
from gamification.programme import zone_of
from gamification.store import Store
from tests.shop import Shop

MONTHLY = Rhythm(typical_days=20, long_days=30)
MOSCOW = zone_of("Europe/Moscow")


@pytest.mark.parametrize(
    ("since_first", "silence", "stage"),
    [
        (None, 0, "potential"),
        (0, 0, "new"),
        (30, 30, "new"),
        (31, 0, "active"),
        (31, 30, "active"),
        (31, 31, "at_risk"),
        (400, 60, "at_risk"),
        (400, 61, "lapsed"),
    ],
)
def test_a_stage_begins_where_the_one_before_ends(
    since_first: int | None, silence: int, stage: str
) -> None:
    assert stage_of(since_first, silence, MONTHLY) == stage


def test_nine_of_ten_come_back_within_the_long_gap() -> None:
    assert cycle_of([10] * 50 + [20] * 40 + [300] * 10) == (10, 20)
    assert cycle_of([10] * 50 + [20] * 39 + [300] * 11) == (10, 300)
    assert cycle_of([1] * 30) == (1, 7)
    assert cycle_of([1] * 29) == (30, 60)
    assert cycle_of([40] * 30) == (40, 40)


def test_equal_numbers_stand_in_the_same_fifth() -> None:
    assert cuts_of(range(1, 101)) == (20, 40, 60, 80)
    assert [score(n, (20, 40, 60, 80)) for n in (1, 20, 21, 80, 81)] == [1, 1, 2, 4, 5]
    crowd = cuts_of([1] * 90 + [2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    assert crowd == (1, 1, 1, 1)
    assert [score(n, crowd) for n in (1, 2)] == [1, 5]
    assert cuts_of([7]) == (7, 7, 7, 7)
    assert cuts_of([]) == ()


FIFTHS = Rhythm(silence=(1, 2, 3, 4), days=(1, 2, 3, 4), money=(1, 2, 3, 4))


@pytest.mark.parametrize(
    ("silence", "days", "money", "kind"),
    [
        (1, 5, 5, "champions"),
        (2, 4, 3, "champions"),
        (2, 3, 3, "loyal"),
        (3, 5, 5, "loyal"),
        (3, 2, 3, "loyal"),
        (1, 2, 2, "promising"),
        (3, 1, 1, "promising"),
        (4, 3, 3, "at_risk"),
        (5, 5, 5, "at_risk"),
        (4, 2, 2, "sleeping"),
        (5, 1, 2, "lost"),
        (300, 0, 0, "lost"),
    ],
)
def test_kinds_by_value_follow_the_table(silence: int, days: int, money: int, kind: str) -> None:
    assert value_of(Purchases(silence, days, money), FIFTHS) == kind


def told(engine: sa.Engine) -> Shop:
    """Anna comes every ten days, 31 times; Boris once, in the middle."""
    shop = Shop(engine, at="2025-12-01 12:00", columns={"late_days": 400})
    anna, boris = shop.join("anna"), shop.join("boris")
    for n in range(31):
        day = date(2026, 1, 1) + timedelta(days=10 * n)
        anna.spend_money(f"a{n}", "100", at=f"{day} 10:00", now=f"{day} 10:00")
    boris.spend_money("b1", "700", at="2026-05-01 10:00", now="2026-05-01 10:00")
    return shop


def test_the_night_counts_the_rhythm_and_whoever_asks_finds_it(engine: sa.Engine) -> None:
    shop, day = told(engine), date(2026, 11, 1)
    with shop.world("2026-11-01 00:05") as world:
        store = Store(world.connection)
        counted = count_rhythm(store, day, MOSCOW)
        assert rhythm_on(store, day, MOSCOW) == counted
        assert count_tonight(world) == 2
        assert count_tonight(world) == 2, "a repeat counts anew"

    assert (counted.typical_days, counted.long_days, counted.gaps) == (10, 10, 30)
    assert counted.money == (70_000, 70_000, 310_000, 310_000)
    assert shop.rows("SELECT day, gaps, buyers FROM purchase_rhythm") == [("2026-11-01", 30, 2)]
    with shop.world("2026-11-01 12:00") as world:
        store = Store(world.connection)
        store.run("UPDATE purchase_rhythm SET long_days = 99")
        assert rhythm_on(store, day, MOSCOW).long_days == 99
        assert rhythm_on(store, day + timedelta(days=1), MOSCOW).long_days == 10


def test_a_shop_that_is_new_has_the_usual_rhythm_and_counts_again(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    with shop.world("2026-03-02 00:05") as world:
        assert count_tonight(world) == 0

    shop.join("anna").spend_money("a1", "100")

    with shop.world("2026-03-02 12:00") as world:
        rhythm = rhythm_on(Store(world.connection), date(2026, 3, 2), MOSCOW)
    assert rhythm == Rhythm(
        buyers=1, silence=(0,) * 4, days=(1,) * 4, money=(10_000,) * 4
    )  # fmt: skip


def test_of_very_many_members_every_second_is_looked_at(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = told(engine)
    monkeypatch.setattr("gamification.audiences.rhythm.MOST_BUYERS", 1)

    with shop.world("2026-11-01 00:05") as world:
        rhythm = count_rhythm(Store(world.connection), date(2026, 11, 1), MOSCOW)

    assert rhythm.buyers == 1
