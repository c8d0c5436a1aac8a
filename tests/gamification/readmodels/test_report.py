"""The member report, row by row: what counts, on which date, and what stood then."""

from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa

from gamification.commands.clockwork import expire_points, review_tiers
from gamification.readmodels.report import last_document_day, longest_streak, member_report
from tests.shop import Shop, plain_tiers

TIERS = plain_tiers(("bronze", 0, 500), ("silver", 10_000, 500), ("gold", 30_000, 500))


def rows(shop: Shop, as_of: str) -> dict[str, dict[str, Any]]:
    with shop.world() as world:
        found = [asdict(row) for row in member_report(world, date.fromisoformat(as_of))]
    return {row.pop("external_id"): row for row in found}


def row(shop: Shop, as_of: str, *columns: str) -> tuple[Any, ...]:
    found = rows(shop, as_of)["anna"]
    return tuple(found[column] for column in columns)


def test_a_member_without_receipts_has_zeros_and_the_first_tier(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    shop.join("anna")

    assert rows(shop, "2026-01-01") == {
        "anna": {
            "net": 0, "sales": 0, "returned": 0, "sale_documents": 0, "orders": 0,
            "return_documents": 0, "first_order": None, "last_order": None, "active_months": 0,
            "longest_month_streak": 0, "net_365d": 0, "points_earned": 0, "points_reversed": 0,
            "balance": 0, "pending": 0, "tier": "bronze", "medals": 0,
        }
    }  # fmt: skip


def test_sales_returns_and_orders(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    anna = shop.join("anna")
    anna.spend_money("p-1", "1000", at="2026-01-05 10:00", now="2026-01-05 10:00")
    anna.spend_money("p-2", "0", at="2026-01-20 10:00", now="2026-01-20 10:00")
    anna.spend_money("p-3", "500", at="2026-02-01 10:00", now="2026-02-01 10:00")
    anna.bring_back(
        "r-1", ("GOODS", None, "1", "1000"), of="p-1", at="2026-02-03 10:00", now="2026-02-03 10:00"
    )
    anna.bring_back("r-2", ("LOST", None, "1", "70"), at="2026-02-04 10:00", now="2026-02-04 10:00")

    columns = ("net", "sales", "returned", "sale_documents", "orders", "return_documents")
    assert row(shop, "2026-02-04", *columns) == (43_000, 150_000, -107_000, 3, 2, 2)
    assert row(shop, "2026-02-02", *columns) == (150_000, 150_000, 0, 3, 2, 0)
    assert row(shop, "2026-02-04", "first_order", "last_order", "active_months") == (
        date(2026, 1, 5),
        date(2026, 2, 1),
        2,
    )
    assert row(shop, "2026-02-04", "longest_month_streak") == (2,)
    with shop.world() as world:
        assert last_document_day(world) == date(2026, 2, 4)


def test_the_365_dates_end_with_the_day(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    shop.join("anna").spend_money("p-1", "100", at="2026-01-01 00:30", now="2026-01-01 00:30")

    assert row(shop, "2026-12-31", "net_365d", "net") == (10_000, 10_000)
    assert row(shop, "2027-01-01", "net_365d", "net") == (0, 10_000)


def test_what_waits_or_was_corrected(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    anna = shop.join("anna")
    anna.spend_money("p-1", "100")
    anna.buy("p-1b", ("GOODS", None, "1", "120"), names_id="p-1")
    anna.bring_back("r-9", ("GOODS", None, "1", "30"), of="p-9")
    late = anna.spend_money("p-old", "999", at="2025-01-01 10:00")

    assert late.status == "under_review"
    assert row(shop, "2026-01-01", "sales", "returned", "sale_documents", "return_documents") == (
        12_000,
        -3_000,
        1,
        1,
    )


def test_points_ripen_lapse_and_are_taken_back(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    anna = shop.join("anna")
    anna.spend_money("p-1", "1000", at="2026-01-01 12:00")
    anna.bring_back(
        "r-1",
        ("GOODS", None, "0.2", "200"),
        of="p-1",
        at="2026-01-20 12:00",
        now="2026-01-20 12:00",
    )

    columns = ("points_earned", "points_reversed", "balance", "pending")
    assert row(shop, "2026-01-14", *columns) == (50, 0, 0, 50)
    assert row(shop, "2026-01-15", *columns) == (50, 0, 50, 0)
    assert row(shop, "2026-01-20", *columns) == (50, 10, 40, 0)
    assert row(shop, "2027-01-15", *columns) == (50, 10, 40, 0)
    assert row(shop, "2027-01-16", *columns) == (50, 10, 0, 0)

    with shop.world("2027-02-01 10:00") as world:
        assert expire_points(world) == 1
    assert row(shop, "2027-01-15", *columns) == (50, 10, 40, 0)
    assert row(shop, "2027-01-16", *columns) == (50, 10, 0, 0)


def test_a_tier_is_the_one_that_stood_then(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    anna = shop.join("anna")
    anna.spend_money("p-1", "32000", at="2026-03-10 12:00", now="2026-03-10 12:00")
    anna.bring_back(
        "r-1",
        ("GOODS", None, "1", "32000"),
        of="p-1",
        at="2026-03-20 12:00",
        now="2026-03-20 12:00",
    )

    found = [row(shop, day, "tier")[0] for day in ("2026-03-09", "2026-03-10", "2026-03-19")]
    assert found == ["bronze", "gold", "gold"]
    assert row(shop, "2026-03-20", "tier") == ("bronze",)


def test_reviews_that_fell_due_are_reckoned_though_nobody_booked_them(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    anna = shop.join("anna")
    anna.spend_money("p-1", "32000", at="2026-03-10 12:00", now="2026-03-10 12:00")
    days = ("2027-03-10", "2027-03-11", "2027-04-09", "2027-04-10")

    reckoned = [row(shop, day, "tier")[0] for day in days]
    for day in ("2027-03-11 03:00", "2027-04-10 03:00"):
        with shop.world(day) as world:
            review_tiers(world)

    assert reckoned == ["gold", "gold", "gold", "silver"]
    assert [row(shop, day, "tier")[0] for day in days] == reckoned


def test_medals_are_those_held_then(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    anna = shop.join("anna")
    anna.spend_money("p-1", "100", at="2026-01-02 10:00", now="2026-01-02 10:00")
    anna.bring_back(
        "r-1", ("GOODS", None, "1", "100"), of="p-1", at="2026-01-05 10:00", now="2026-01-05 10:00"
    )

    held = [row(shop, day, "medals")[0] for day in ("2026-01-01", "2026-01-02", "2026-01-05")]

    assert anna.medals() == set()
    assert held == [0, 1, 0]


def test_everybody_once_by_external_id_and_nobody_erased(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)
    for name in ("b", "Ä", "a", "B", "10", "9"):
        shop.join(name)
    with shop.world() as world:
        world.session.execute(
            sa.text("UPDATE member SET external_id = NULL WHERE external_id = 'B'")
        )
        world.session.execute(sa.text("UPDATE member SET status = 'erased' WHERE name = '9'"))

    with shop.world() as world:
        found = [row.external_id for row in member_report(world, date(2026, 1, 1))]

    assert found == ["10", "a", "b", "Ä", ""]


def test_an_empty_programme_has_no_last_day(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS)

    with shop.world() as world:
        assert last_document_day(world) is None
        assert list(member_report(world, date(2026, 1, 1))) == []


def test_runs_of_months() -> None:
    assert longest_streak([]) == 0
    assert longest_streak(["2025-12", "2026-01", "2026-01", "2026-03", "2026-02", "2026-05"]) == 4
