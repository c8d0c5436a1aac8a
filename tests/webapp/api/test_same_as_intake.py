"""Receipts posted one by one leave the rows that a page of the same receipts leaves."""

from pathlib import Path
from typing import Any

import pytest

from gamification.commands.intake import PageReport, take_page
from gamification.commands.till import Receipt
from gamification.readmodels.till import till_terms
from tests.webapp.api.till import Till, add_member, open_programme, till_of
from tests.webapp.intake.running import Intake, shop_profile
from tests.webapp.shopfront import Shop
from webapp.api.asked import PurchaseIn, ReturnIn
from webapp.api.reading import Reader

# What differs by its nature: ids, when it came, and which door it came by.
TABLES = {
    "activity": "external_id, type, state, occurred_at, local_date, local_minute, amount,"
    " amount_left, base, base_left, points, points_left, store, channel, names_id",
    "activity_line": "line_no, sku, category, quantity, quantity_left, amount, base, price",
    "transfer": "kind, points, occurred_at",
    "lot": "amount, remaining, reserved, available_at, expires_at",
    "counter": "measure_id, period, value, state",
    "counter_key": "measure_id, period, key, n",
    "day_sum": "measure_id, day, value",
    "award": "achievement_id, level, occurrence, status, earned_at, value, times, held",
    "standing": "tier_id, since, term_ends, grace_until, decided_on",
    "standing_log": "effective_from, tier_id, since, reason, window_sum",
}
OF_MEMBER = {"activity_line": "activity_id IN (SELECT id FROM activity WHERE member_id = ?)"}


def purchase(number: int, day: int, *lines: tuple[str, str, str]) -> dict[str, Any]:
    goods = [{"sku": sku, "category": group, "quantity": 2, "amount": money} for sku, group, money in lines]  # fmt: skip  # noqa: E501
    return {
        "id": f"p-{number}",
        "occurred_at": f"2026-11-{day:02}T12:00:00+03:00",
        "lines": goods,
        "store": f"S{number % 2}",
        "channel": "store",
    }


STORY: list[tuple[str, dict[str, Any]]] = [
    ("purchase", purchase(1, 1, ("TEA", "tea", "300.00"), ("MUG", "mugs", "900.00"))),
    ("purchase", purchase(2, 3, ("TEA", "tea", "301.01"))),
    ("purchase", purchase(3, 9, ("PIE", "bakery", "1200.00"), ("TEA", "tea", "300.00"))),
    (
        "return",
        {
            "id": "r-1",
            "occurred_at": "2026-11-10T09:00:00+03:00",
            "purchase_id": "p-1",
            "lines": [{"line": 2, "quantity": 1, "amount": "450.00"}],
        },
    ),
    (
        "return",
        {
            "id": "r-2",
            "occurred_at": "2026-11-11T09:00:00+03:00",
            "lines": [{"sku": "TEA", "quantity": 1, "price": "150.00"}],
        },
    ),
    (
        "return",
        {
            "id": "r-3",
            "occurred_at": "2026-11-12T09:00:00+03:00",
            "purchase_id": "p-2",
            "whole": True,
        },
    ),
]


@pytest.fixture
def till(shop: Shop) -> Till:
    with shop.worlds.open() as world:
        open_programme(world)
    return till_of(shop)


def join(till: Till, own_id: str) -> int:
    till.shop.now.set("2026-11-01T00:00:00+03:00")
    with till.shop.worlds.open() as world:
        return add_member(world, own_id=own_id)


def by_api(till: Till, own_id: str) -> None:
    """Each receipt on its own day."""
    for kind, body in STORY:
        till.shop.now.set(body["occurred_at"])
        answer = till.post(f"/{kind}s", body | {"member": {"external_id": own_id}})
        assert answer.status_code == 201, answer.get_json()


def by_page(till: Till, own_id: str, source: str) -> PageReport:
    """All of them at once."""
    with till.shop.worlds.open() as world:
        reader = Reader(till_terms(world), source)
        told = [receipt_of(reader, kind, body, own_id) for kind, body in STORY]
        return take_page(world.session, world.ids, [(own_id, told)])


def receipt_of(reader: Reader, kind: str, body: dict[str, Any], own_id: str) -> Receipt:
    told = body | {"member": {"external_id": own_id}}
    if kind == "purchase":
        return reader.purchase(PurchaseIn.model_validate(told))
    return reader.give_back(ReturnIn.model_validate(told))


def rows(till: Till, member_id: int) -> dict[str, list[Any]]:
    """Everything that is kept of a member."""
    return {
        table: sorted(
            till.rows(
                f"SELECT {columns} FROM {table} WHERE {OF_MEMBER.get(table, 'member_id = ?')}",
                member_id,
            ),
            key=repr,
        )
        for table, columns in TABLES.items()
    }


def test_one_by_one_or_all_at_once_leaves_the_same_rows(till: Till) -> None:
    anna, boris = join(till, "anna"), join(till, "boris")

    by_api(till, "anna")
    report = by_page(till, "boris", "file")

    assert (report.recorded, report.refused, report.conflicts) == (len(STORY), [], [])
    assert all(rows(till, anna).values())
    assert rows(till, anna) == rows(till, boris)


def test_what_came_by_the_api_is_known_to_a_file_of_the_same_source(till: Till) -> None:
    anna = join(till, "anna")
    by_api(till, "anna")
    before = rows(till, anna)

    report = by_page(till, "anna", "till-1")

    assert (report.recorded, report.replayed, report.conflicts) == (0, len(STORY), [])
    assert rows(till, anna) == before


ROWS = """doc,who,at,sku,n,price,by,token
p-1,anna,2026-11-20 12:00,TEA,2,150.50,Olga,fp_1
p-1,anna,2026-11-20 12:00,MUG,1,900,,
"""
TOLD = {
    "id": "p-1",
    "occurred_at": "2026-11-20T12:00:00+03:00",
    "member": {"external_id": "anna"},
    "lines": [
        {"sku": "TEA", "quantity": 2, "price": "150.50"},
        {"sku": "MUG", "quantity": 1, "price": "900"},
    ],
}


def by_file(till: Till, path: Path, rows: str = ROWS) -> Intake:
    """The same receipt by a file of the till's own source."""
    path.write_text(rows)
    intake = Intake(till.shop.worlds)
    profile = shop_profile(columns='operator = "by"\npayment = "token"')
    intake.purchases(path, profile.model_copy(update={"source": "till-1"}))
    assert intake.rejects == ()
    return intake


def beside(till: Till) -> list[Any]:
    """What is kept of who rang a receipt up, and of what it was paid with."""
    traces = till.rows("SELECT hash FROM member_trace WHERE kind = 'payment'")
    return [till.rows("SELECT operator FROM activity"), len(traces)]


@pytest.mark.parametrize("more", [{}, {"operator": "Olga", "payment": "fp_1"},
                                  {"operator": "Ira", "payment": "fp_2"}])  # fmt: skip
def test_a_receipt_that_a_file_told_first_is_a_repeat_to_the_till(
    till: Till, tmp_path: Path, more: dict[str, str]
) -> None:
    anna = join(till, "anna")
    till.shop.now.set("2026-11-21T02:00:00+03:00")
    by_file(till, tmp_path / "night.csv")
    before = rows(till, anna)

    again = till.post("/purchases", TOLD | more)

    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert rows(till, anna) == before
    assert beside(till) == [[("Olga",)], 1]
    other = till.post("/purchases", TOLD | {"total": "1300"})
    assert other.get_json()["code"] == "conflicting_body"
    join(till, "boris")
    till.shop.now.set("2026-11-21T02:00:00+03:00")
    first = till.post("/purchases", TOLD | {"id": "p-2", "member": {"external_id": "boris"}})
    assert again.get_json() == first.get_json() | {"id": "p-1"}


@pytest.mark.parametrize("more", [{}, {"operator": "Ira", "payment": "fp_2"}])
def test_a_receipt_that_the_till_told_first_is_known_to_a_file(
    till: Till, tmp_path: Path, more: dict[str, str]
) -> None:
    anna = join(till, "anna")
    till.shop.now.set("2026-11-21T02:00:00+03:00")
    first = till.post("/purchases", TOLD | more)
    before, told = rows(till, anna), beside(till)

    by_file(till, tmp_path / "night.csv")

    assert first.status_code == 201
    assert (rows(till, anna), beside(till)) == (before, told)
    assert told == [[(more.get("operator"),)], len(more) // 2]
