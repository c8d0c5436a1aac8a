"""Receipts from before the day on which somebody joined, told late: tiers, number for number."""

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.acts import ToldAct, record_act
from gamification.commands.till import MemberRef
from tests.shop import Person, Shop, plain_tiers

TIERS = plain_tiers(("base", 0, 500), ("silver", 500, 1_000), ("gold", 1_500, 1_500))


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=TIERS)


@pytest.fixture
def anna(shop: Shop) -> Person:
    """She joined on 1 March, and was silver the same day."""
    anna = shop.join("anna")
    anna.spend_money("r-1", "600", at="2026-03-01 13:00", now="2026-03-01 13:00")
    assert anna.tier() == "silver"
    return anna


def log(person: Person) -> list[tuple[str, str, str]]:
    """The standing log that holds: day, tier, reason."""
    rows = person.shop.rows(
        "SELECT l.effective_from, t.code, l.reason FROM standing_log l"
        " JOIN tier t ON t.id = l.tier_id WHERE l.member_id = ? AND l.voided_by IS NULL"
        " ORDER BY l.effective_from, l.id",
        person.id,
    )
    return [(str(day), str(tier), str(reason)) for day, tier, reason in rows]


def is_clean(shop: Shop, at: str) -> bool:
    with shop.world(at) as world:
        return run_audit(world, full=True).is_clean


def test_it_moves_the_joining_and_the_tier(shop: Shop, anna: Person) -> None:
    anna.spend_money("r-2", "600", at="2026-02-27 13:00", now="2026-03-03 13:00")

    assert log(anna) == [("2026-02-27", "base", "joined"), ("2026-02-27", "silver", "reached")]
    assert shop.rows("SELECT since, term_ends FROM standing") == [("2026-02-27", "2027-02-27")]
    assert is_clean(shop, "2026-03-05 13:00")


def test_a_small_one_moves_the_joining_alone(shop: Shop, anna: Person) -> None:
    anna.spend_money("r-2", "100", at="2026-02-27 13:00", now="2026-03-03 13:00")

    assert log(anna) == [("2026-02-27", "base", "joined"), ("2026-03-01", "silver", "reached")]
    assert (anna.tier(), is_clean(shop, "2026-03-05 13:00")) == ("silver", True)


def test_what_is_told_late_earns_by_the_tier_of_its_day(shop: Shop, anna: Person) -> None:
    anna.spend_money("r-2", "600", at="2026-02-27 13:00", now="2026-03-03 13:00")
    anna.spend_money("r-3", "1000", at="2026-03-06 13:00", now="2026-03-06 13:00")
    assert anna.tier() == "gold"

    late = {
        day: anna.spend_money(day, "100", at=f"{day} 14:00", now="2026-03-06 15:00")
        for day in ("2026-02-26", "2026-02-28", "2026-03-04")
    }

    assert [told.answer["points"] for told in late.values()] == [5, 10, 10]
    assert is_clean(shop, "2026-03-06 16:00")


def test_what_is_brought_back_later_leaves_the_truth(shop: Shop, anna: Person) -> None:
    anna.spend_money("r-2", "100", at="2026-02-27 13:00", now="2026-03-03 13:00")
    anna.bring_back("b-1", of="r-1", whole=True, at="2026-03-04 13:00", now="2026-03-04 13:00")
    assert log(anna) == [("2026-02-27", "base", "joined"), ("2026-03-04", "base", "withdrawn")]

    anna.spend_money("r-3", "100", at="2026-02-20 13:00", now="2026-03-05 13:00")

    assert log(anna) == [("2026-02-20", "base", "joined"), ("2026-03-04", "base", "withdrawn")]
    assert shop.rows("SELECT since FROM standing") == [("2026-02-20",)]
    assert is_clean(shop, "2026-03-05 14:00")


def test_an_act_moves_the_joining_too(shop: Shop, anna: Person) -> None:
    act = ToldAct("daily_check_in", "app", "v-1", shop.when("2026-02-27 10:00"))
    with shop.world("2026-03-03 13:00") as world:
        record_act(world, act, MemberRef(member_id=anna.id))

    assert log(anna) == [("2026-02-27", "base", "joined"), ("2026-03-01", "silver", "reached")]
    assert (anna.tier(), is_clean(shop, "2026-03-03 14:00")) == ("silver", True)
