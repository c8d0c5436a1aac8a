"""Returns that are told before their purchase: whose they are, and what they may take."""

import json

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.acts import note_act
from gamification.commands.clockwork import settle_parked
from gamification.commands.intake import take_page
from gamification.commands.staff import accept_waiting
from gamification.refusals import UnknownSource
from tests.shop import Person, Shop, plain_tiers

MUG = ("MUG", None, "1", "500")


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, columns={"pending_days": 0})


@pytest.fixture
def anna(shop: Shop) -> Person:
    return shop.join("anna")


def states(shop: Shop) -> dict[str, str]:
    return dict(shop.rows("SELECT external_id, state FROM activity"))  # type: ignore[arg-type]


def broken(shop: Shop) -> list[str]:
    with shop.world() as world:
        return [one.id for one in run_audit(world, full=True).findings if one.count]


def test_nobody_takes_back_what_somebody_else_will_buy(shop: Shop, anna: Person) -> None:
    boris = shop.join("boris")
    early = boris.bring_back("r-9", of="evt-9", whole=True, total="0")

    bought = anna.buy("evt-9", MUG)

    assert (early.status, bought.answer.get("returns_applied")) == ("parked", None)
    assert states(shop) == {"r-9": "parked", "evt-9": "counted"}
    assert (anna.balance(), boris.balance()) == (25, 0)
    with shop.world("2026-02-05 03:00") as world:
        assert settle_parked(world) == 0  # it stays where it is: decision 0044
    assert states(shop) == {"r-9": "parked", "evt-9": "counted"}
    assert anna.balance("2026-02-05 04:00") == 25
    assert broken(shop) == []


def test_nor_does_a_file(shop: Shop, anna: Person) -> None:
    shop.join("boris")
    back = shop.receipt("return", "r-9", [], names_id="evt-9", whole=True, total="0")

    with shop.world() as world:
        take_page(world.session, world.ids, [("boris", [back])])
        bought = shop.receipt("purchase", "evt-9", [MUG])
        take_page(world.session, world.ids, [("anna", [bought])])

    assert states(shop) == {"r-9": "parked", "evt-9": "counted"}
    assert anna.balance() == 25
    assert broken(shop) == []


def test_a_return_that_does_not_fit_its_purchase_waits_for_a_person(
    shop: Shop, anna: Person
) -> None:
    first = anna.bring_back("r-1", of="evt-9", whole=True, total="0")
    second = anna.bring_back("r-2", MUG, of="evt-9")

    bought = anna.buy("evt-9", MUG)

    assert (first.status, second.status) == ("parked", "parked")
    assert bought.answer["returns_applied"] == ["r-1"]
    assert states(shop) == {"r-1": "counted", "r-2": "under_review", "evt-9": "returned"}
    again = anna.bring_back("r-2", MUG, of="evt-9")
    assert (again.status, again.answer["waits"]) == ("under_review", "does_not_fit")
    assert shop.rows("SELECT SUM(value) FROM day_sum") == [(0,)]
    assert broken(shop) == []


def test_a_return_dated_before_its_purchase_waits_for_a_person(shop: Shop, anna: Person) -> None:
    early = anna.bring_back("r-1", MUG, of="evt-9", at="2025-12-30 12:00")
    anna.buy("evt-9", ("MUG", None, "2", "1000"), at="2025-12-31 12:00")

    later = anna.bring_back("r-2", MUG, of="evt-9", at="2025-12-30 13:00")

    assert (early.status, later.status) == ("parked", "under_review")
    assert states(shop) == {"r-1": "under_review", "r-2": "under_review", "evt-9": "counted"}
    with shop.world() as world:
        accepted = accept_waiting(world, later.activity_id, "account:1")
    assert (accepted.status, accepted.answer["clawed_back"]) == ("recorded", 25)


def test_a_medal_that_came_and_went_at_once_is_told_when_it_stays(shop: Shop, anna: Person) -> None:
    anna.bring_back("r-9", MUG, of="evt-9")
    anna.buy("evt-9", MUG)
    medals = "SELECT payload FROM notice WHERE kind = 'medal'"
    at_once = shop.rows(medals)

    anna.buy("evt-10", MUG)

    assert at_once == []
    told = [json.loads(row) if isinstance(row, str) else row for (row,) in shop.rows(medals)]
    assert [one["medal"] for one in told].count("first_purchase") == 1


def test_a_return_by_file_waits_from_the_day_it_was_brought(shop: Shop, anna: Person) -> None:
    """Returns of January come on 1 March, their purchases a day later; a night lies between."""
    back = shop.receipt("return", "r-1", [MUG], at="2026-01-10 12:00", names_id="evt-1")
    bought = shop.receipt("purchase", "evt-1", [MUG], at="2026-01-09 12:00")

    with shop.world("2026-03-01 12:00") as world:
        take_page(world.session, world.ids, [("anna", [back])], brought=world.now)
    with shop.world("2026-03-02 03:00") as world:
        assert settle_parked(world) == 0
    with shop.world("2026-03-02 12:00") as world:
        take_page(world.session, world.ids, [("anna", [bought])], brought=world.now)

    assert states(shop) == {"r-1": "counted", "evt-1": "returned"}
    assert anna.balance("2026-03-02 13:00") == 0


def points_of(person: Person) -> int:
    """All points that are left, on the way or not."""
    sql = "SELECT COALESCE(SUM(remaining), 0) FROM lot WHERE member_id = ?"
    return int(person.shop.rows(sql, person.id)[0][0])


def test_a_return_of_a_correction_that_comes_later(shop: Shop, anna: Person) -> None:
    anna.spend_money("evt-1", "1000")
    early = anna.bring_back("r-2", of="evt-2", whole=True, total="0")

    corrected = anna.spend_money("evt-2", "2000", names_id="evt-1")

    assert (early.status, corrected.answer["returns_applied"]) == ("parked", ["r-2"])
    assert states(shop) == {"evt-1": "superseded", "evt-2": "returned", "r-2": "counted"}
    assert points_of(anna) == 0
    assert broken(shop) == []


def test_a_return_of_a_correction_that_a_person_accepts(engine: sa.Engine) -> None:
    shop = Shop(engine, columns={"review_over": 150_000})
    anna = shop.join("anna")
    anna.spend_money("evt-1", "1000")
    waits = anna.spend_money("evt-2", "2000", names_id="evt-1")
    early = anna.bring_back("r-2", ("GOODS", None, "1", "2000"), of="evt-2")
    assert (waits.status, early.status, points_of(anna)) == ("under_review", "parked", 50)

    with shop.world() as world:
        accepted = accept_waiting(world, waits.activity_id, "account:1")

    assert (accepted.status, accepted.answer["returns_applied"]) == ("recorded", ["r-2"])
    assert points_of(anna) == 0
    assert broken(shop) == []


def test_a_debt_eats_of_a_receipt_that_went_back_before_it_came(engine: sa.Engine) -> None:
    shop = Shop(engine, columns={"pending_days": 0, "negative_policy": "unlimited"})
    anna = shop.join("anna")
    anna.spend_money("evt-1", "1000")
    anna.pay(30, "spent")
    anna.bring_back("r-1", of="evt-1", whole=True, total="0")  # 20 are there, 30 owed
    anna.bring_back("r-2", of="evt-2", whole=True, total="0")

    bought = anna.spend_money("evt-2", "1000")  # 30 repay the debt, 20 are there, 50 go back

    assert bought.answer["returns_applied"] == ["r-2"]
    debts = "SELECT kind, SUM(points) FROM transfer WHERE kind IN ('debt', 'repayment') GROUP BY 1"
    assert (points_of(anna), dict(shop.rows(debts))) == (0, {"debt": 60, "repayment": 30})
    assert broken(shop) == []


def test_a_tier_that_a_part_of_the_goods_still_keeps_is_decided_once(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=plain_tiers(("bronze", 0, 500), ("silver", 600, 700)))
    anna = shop.join("anna")
    anna.bring_back("r-1", MUG, of="evt-1")

    bought = anna.buy("evt-1", ("MUG", None, "3", "1500"))

    assert (bought.answer["returns_applied"], anna.tier()) == (["r-1"], "silver")
    log = shop.rows("SELECT reason, voided_by FROM standing_log ORDER BY id")
    assert log == [("joined", None), ("reached", None)]
    assert broken(shop) == []


def test_goods_told_in_a_file_come_back_at_a_till_that_names_it(shop: Shop, anna: Person) -> None:
    bought = shop.receipt("purchase", "117", [MUG], source="import")
    with shop.world() as world:
        take_page(world.session, world.ids, [("anna", [bought])])
    anna.buy("117", MUG)

    back = anna.bring_back("r-1", MUG, of="117", names_source="import")

    assert back.answer["clawed_back"] == 25
    assert shop.rows("SELECT source, state FROM activity WHERE external_id = '117' ORDER BY 1") == [
        ("import", "returned"),
        (shop.source, "counted"),
    ]
    assert anna.balance() == 25
    assert broken(shop) == []


def test_a_file_names_the_receipts_of_a_till(shop: Shop, anna: Person) -> None:
    anna.buy("117", MUG)
    back = shop.receipt(
        "return", "r-1", [MUG], names_id="117", names_source=shop.source, source="import"
    )
    early = shop.receipt(
        "return", "r-2", [MUG], names_id="118", names_source=shop.source, source="import"
    )
    with shop.world() as world:
        take_page(world.session, world.ids, [("anna", [back, early])])
    assert states(shop) == {"117": "returned", "r-1": "counted", "r-2": "parked"}

    anna.buy("118", MUG)

    assert states(shop)["118"] == "returned"
    assert anna.balance() == 0
    assert broken(shop) == []


def test_the_programme_itself_sold_nothing_that_could_come_back(shop: Shop, anna: Person) -> None:
    with shop.world() as world:
        note_act(world, anna.id, "daily_check_in")
    assert shop.rows("SELECT DISTINCT source FROM activity") == [("@laurel",)]

    with pytest.raises(UnknownSource):
        anna.bring_back("r-1", MUG, of="117", names_source="@laurel")

    assert "r-1" not in states(shop)
