"""The page of tiers says what the rules decided: number for number, as in semantics 4."""

from collections.abc import Sequence
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.readmodels.tier_page import StandingRow, TierPage, tiers_of
from gamification.world import World, fixed_clock
from tests.counting import statements
from tests.shop import Person, Shop, plain_tiers

TIERS = plain_tiers(("bronze", 0, 100), ("silver", 10_000, 200), ("gold", 30_000, 300))


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    return gold_member(engine)


def gold_member(engine: sa.Engine, **columns: object) -> Person:
    """Reaches gold on 10 March 2025 with 32,000 in the window."""
    shop = Shop(engine, at="2025-01-15 12:00", tiers=TIERS, columns=columns)
    anna = shop.join("anna")
    for day, money in (("2025-01-15", "20000"), ("2025-03-10", "12000"), ("2025-10-05", "8000")):
        shop.at = f"{day} 12:00"
        anna.spend_money(day, money)
    return anna


def look(anna: Person, at: str, **more: object) -> TierPage:
    with anna.shop.world(at) as world:
        return tiers_of(world, anna.id, **more)  # type: ignore[arg-type]


def told(rows: Sequence[StandingRow]) -> list[tuple[str, str, str, int | None, int]]:
    return [
        (
            row.on.isoformat(), row.reason, row.tier.code,
            None if row.sum_minor is None else row.sum_minor // 100, row.need_minor // 100,
        )
        for row in rows
    ]  # fmt: skip


def test_the_ladder_shows_what_is_reached_and_what_is_missing(anna: Person) -> None:
    page = look(anna, "2025-01-20 12:00")

    rungs = [(r.name.code, r.place, r.rate_bp, r.missing_minor // 100) for r in page.rungs]
    assert rungs == [
        ("bronze", "passed", 100, 0),
        ("silver", "passed", 200, 0),
        ("gold", "here", 300, 0),
    ]


def test_what_keeps_a_tier_counts_the_days_that_still_count_then(anna: Person) -> None:
    keeping = look(anna, "2025-11-01 12:00").keeping

    # On 10 March 2026 the window is [11 March 2025, 10 March 2026]: only October's 8,000.
    assert (keeping.spent_minor, keeping.need_minor) == (40_000_00, 30_000_00)
    assert keeping.until == date(2026, 3, 10)
    assert (keeping.counted_minor, keeping.missing_minor) == (8_000_00, 22_000_00)


def test_in_grace_the_sum_of_today_is_what_counts(anna: Person) -> None:
    page = look(anna, "2026-03-11 12:00")

    assert page.card.grace is not None
    assert page.keeping.until == date(2026, 4, 9) == page.card.grace.until
    assert page.keeping.missing_minor == 22_000_00 == page.card.grace.missing_minor


def test_a_review_that_the_night_has_not_booked_stands_in_the_log(anna: Person) -> None:
    page = look(anna, "2026-04-10 00:00")

    assert told(page.log)[:2] == [
        ("2026-04-10", "stepped_down", "silver", 8_000, 30_000),
        ("2026-03-11", "grace", "gold", 8_000, 30_000),
    ]
    assert page.log[1].until == date(2026, 4, 9)
    assert page.rungs[1].place == "here"


def test_the_log_tells_why_and_on_which_sum(anna: Person) -> None:
    page = look(anna, "2025-11-01 12:00")

    assert told(page.log) == [
        ("2025-03-10", "reached", "gold", 32_000, 30_000),
        ("2025-01-15", "reached", "silver", 20_000, 10_000),
        ("2025-01-15", "joined", "bronze", None, 0),
    ]
    assert page.log[0].receipt


def test_a_return_that_takes_a_tier_away_says_so(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    anna = shop.join("anna")
    anna.spend_money("big", "30000")
    shop.at = "2026-01-05 12:00"
    anna.bring_back("back", ("GOODS", None, "1", "30000"), of="big")

    page = look(anna, "2026-01-06 12:00")

    assert told(page.log)[0] == ("2026-01-05", "withdrawn", "bronze", 0, 0)
    assert page.keeping.until is None


def test_the_first_tier_needs_nothing_and_a_newcomer_stands_on_it(anna: Person) -> None:
    boris = anna.shop.join("boris")

    page = look(boris, "2025-11-01 12:00")

    assert (page.purchases, page.log, page.card.number) == (0, (), 1)
    assert page.keeping == type(page.keeping)(365, 0, 0)
    assert [r.place for r in page.rungs] == ["here", "next", "ahead"]
    assert [r.missing_minor // 100 for r in page.rungs] == [0, 10_000, 30_000]


def test_a_programme_that_takes_no_tier_away_says_so(engine: sa.Engine) -> None:
    anna = gold_member(engine, downgrade="none")

    assert not look(anna, "2025-11-01 12:00").keeping.falls


def test_a_day_of_the_past_shows_what_stood_then(anna: Person) -> None:
    with Session(anna.shop.engine) as session:
        clock = fixed_clock(anna.shop.when("2025-02-01 12:00"))
        page = tiers_of(World(session, clock, past=True), anna.id)

    assert page.card.name.code == "silver"
    assert [row.reason for row in page.log] == ["reached", "joined"]


def test_pages_of_the_log_follow_one_another(anna: Person) -> None:
    seen: list[str] = []
    after = None
    while True:
        page = look(anna, "2025-11-01 12:00", after=after, limit=1)
        seen += [f"{row.reason} {row.tier.code}" for row in page.log]
        if page.after is None:
            break
        day, row_id = page.after.split(".")
        after = (day, int(row_id))

    assert seen == ["reached gold", "reached silver", "joined bronze"]


def test_the_page_costs_three_statements_however_long_the_log(anna: Person) -> None:
    few = statements(anna, lambda world: tiers_of(world, anna.id))
    for year in range(2027, 2032):
        anna.shop.at = f"{year}-06-01 12:00"
        anna.spend_money(f"{year}", "15000")

    many = statements(anna, lambda world: tiers_of(world, anna.id))

    assert (few, many) == (3, 3)
