"""Receipts from before the day on which somebody joined, told late: tiers, number for number."""

import itertools
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.acts import ToldAct, record_act
from gamification.commands.intake import take_page
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


def bring(shop: Shop, name: str, at: str, *receipts: tuple[str, str, str]) -> None:
    """A file with receipts: id, day, money."""
    told = [
        shop.receipt("purchase", key, [("GOODS", None, "1", money)], at=f"{day} 10:00")
        for key, day, money in receipts
    ]
    with shop.world(at) as world:
        take_page(world.session, world.ids, [(name, told)], brought=world.now)


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


PAST = (("p-1", "2026-02-10", "600"), ("p-2", "2026-02-12", "300"), ("p-3", "2026-02-20", "700"))


@pytest.mark.parametrize("order", list(itertools.permutations(PAST)))
def test_files_in_any_order_leave_the_same(
    shop: Shop, order: Sequence[tuple[str, str, str]]
) -> None:
    boris = shop.join("boris")
    for receipt in order:
        bring(shop, "boris", "2026-03-02 12:00", receipt)

    decided = [row for row in log(boris) if row[2] != "restored"]
    assert decided == [
        ("2026-02-10", "base", "joined"),
        ("2026-02-10", "silver", "reached"),
        ("2026-02-20", "gold", "reached"),
    ]
    assert log(boris)[-1][1] == boris.tier() == "gold"
    assert shop.rows("SELECT since, term_ends FROM standing") == [("2026-02-20", "2027-02-20")]
    assert is_clean(shop, "2026-03-02 13:00")


def test_a_file_of_older_days_costs_no_tier(shop: Shop, anna: Person) -> None:
    """What a till told since stays, and the file counts besides."""
    bring(shop, "anna", "2026-03-02 02:00", ("f-1", "2026-02-28", "100"))
    assert log(anna) == [("2026-02-28", "base", "joined"), ("2026-03-01", "silver", "reached")]

    bring(shop, "anna", "2026-03-03 02:00", ("f-2", "2026-02-28", "900"))

    assert [row[:2] for row in log(anna)][1:3] == [("2026-02-28", "silver"), ("2026-03-01", "gold")]
    assert shop.rows("SELECT since, term_ends FROM standing") == [("2026-03-01", "2027-03-01")]
    assert is_clean(shop, "2026-03-03 03:00")


def test_a_file_of_older_days_undoes_no_review(engine: sa.Engine) -> None:
    """Silver of March 2025 was looked at in March 2026; then a file tells of January."""
    shop = Shop(engine, at="2025-03-01 12:00", tiers=TIERS)
    anna = shop.join("anna")
    anna.spend_money("r-1", "600")
    anna.spend_money("r-2", "10", at="2026-03-10 12:00", now="2026-03-10 12:00")
    assert [row[2] for row in log(anna)] == ["joined", "reached", "grace"]

    bring(shop, "anna", "2026-03-11 02:00", ("f-1", "2026-01-10", "100"))

    assert [row[2] for row in log(anna)] == ["joined", "reached", "grace"]
    assert shop.rows("SELECT grace_until FROM standing") == [("2026-04-01",)]
    assert is_clean(shop, "2026-03-11 03:00")
