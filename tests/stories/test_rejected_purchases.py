"""What counts nowhere has no returns that count."""

from datetime import date

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.columns import to_micros
from gamification.commands.clockwork import settle_parked
from gamification.commands.staff import accept_waiting, reject_waiting, reopen_rejected
from gamification.definitions import current_definitions
from gamification.readmodels.pasts import tier_codes
from gamification.store import Store
from tests.shop import Person, Shop, plain_tiers

BIG = ("X", None, "1", "100000")


def strict_shop(engine: sa.Engine) -> tuple[Shop, Person]:
    shop = Shop(
        engine,
        at="2026-03-01 12:00",
        columns={"review_over": 50_000_00},
        tiers=plain_tiers(("bronze", 0, 500), ("silver", 1000, 500)),
    )
    anna = shop.join("anna")
    anna.spend_money("own", "1500")
    return shop, anna


def states(shop: Shop) -> dict[str, str]:
    return dict(shop.rows("SELECT external_id, state FROM activity"))  # type: ignore[arg-type]


def test_a_return_that_waited_goes_with_its_rejected_purchase(engine: sa.Engine) -> None:
    shop, anna = strict_shop(engine)
    purchase = anna.buy("p", BIG)
    anna.bring_back("r", BIG, of="p", at="2026-03-01 13:00", now="2026-03-01 13:00")
    with shop.world("2026-03-02 12:00") as world:
        reject_waiting(world, purchase.activity_id, "a slip", "boss")
    with shop.world("2026-04-10 12:00") as world:
        settled = settle_parked(world)

    assert (settled, anna.tier()) == (0, "silver")
    assert states(shop) == {"own": "counted", "p": "rejected", "r": "rejected"}


def test_a_return_waits_as_long_as_its_purchase(engine: sa.Engine) -> None:
    shop, anna = strict_shop(engine)
    purchase = anna.buy("p", BIG)
    anna.bring_back("r", BIG, of="p", at="2026-03-01 13:00", now="2026-03-01 13:00")
    with shop.world("2026-04-10 12:00") as world:
        assert settle_parked(world) == 0
    with shop.world("2026-04-11 12:00") as world:
        accept_waiting(world, purchase.activity_id, "boss")

    assert states(shop) == {"own": "counted", "p": "returned", "r": "counted"}
    with shop.world("2026-04-12 12:00") as world:
        assert run_audit(world, full=True).is_clean


def test_reopened_with_its_return(engine: sa.Engine) -> None:
    shop, anna = strict_shop(engine)
    purchase = anna.buy("p", BIG)
    anna.bring_back("r", BIG, of="p", at="2026-03-01 13:00", now="2026-03-01 13:00")
    with shop.world("2026-03-02 12:00") as world:
        reject_waiting(world, purchase.activity_id, "a slip", "boss")
    with shop.world("2026-03-03 12:00") as world:
        reopen_rejected(world, purchase.activity_id, "boss")
    reopened = states(shop)
    with shop.world("2026-03-03 13:00") as world:
        accept_waiting(world, purchase.activity_id, "boss")

    assert reopened == {"own": "counted", "p": "under_review", "r": "parked"}
    assert states(shop) == {"own": "counted", "p": "returned", "r": "counted"}


def test_a_file_returns_nothing_of_a_rejected_purchase(engine: sa.Engine) -> None:
    shop, anna = strict_shop(engine)
    purchase = anna.buy("p", BIG)
    with shop.world("2026-03-02 12:00") as world:
        reject_waiting(world, purchase.activity_id, "a slip", "boss")
    shop.at = "2026-03-03 12:00"

    report = anna.file(shop.receipt("return", "r", [BIG], names_id="p"))

    assert report.refused == [("r", "receipt_closed")]
    assert anna.tier() == "silver"


def test_a_file_returns_what_a_correction_left(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    anna = shop.join("anna")
    anna.buy("a", ("X", None, "1", "2000"))
    anna.buy("b", ("X", None, "1", "1000"), names_id="a")
    shop.at = "2026-03-02 12:00"

    goods = [("X", None, "1", "1000")]
    anna.file(shop.receipt("return", "r", goods, names_id="a"))

    assert states(shop) == {"a": "superseded", "b": "returned", "r": "counted"}
    assert anna.pending() == 0
    with shop.world() as world:
        assert run_audit(world, full=True).is_clean


def test_points_that_come_back_repay_a_debt(engine: sa.Engine) -> None:
    columns = {"pending_days": 0, "negative_policy": "unlimited", "pay_share": 100}
    shop = Shop(engine, at="2026-03-01 12:00", columns=columns)
    anna = shop.join("anna")
    anna.spend_money("a", "2000")
    anna.buy("b", ("X", None, "1", "100"), points_paid=100)
    anna.bring_back("ra", of="a", whole=True, total="0")
    anna.bring_back("rb", of="b", whole=True, total="0")

    assert anna.balance() == 0
    assert shop.rows("SELECT SUM(points) FROM transfer WHERE kind = 'repayment'") == [(100,)]
    with shop.world() as world:
        assert run_audit(world, full=True).is_clean


def test_a_file_returns_nothing_that_another_member_bought(engine: sa.Engine) -> None:
    shop, anna = strict_shop(engine)
    shop.join("boris").spend_money("b", "5000")
    shop.at = "2026-03-01 13:00"
    anna.file(shop.receipt("return", "r", [("GOODS", None, "1", "5000")], names_id="b"))
    with shop.world("2026-04-10 12:00") as world:
        settled = settle_parked(world)

    assert (settled, anna.tier()) == (0, "silver")
    assert states(shop) == {"own": "counted", "b": "counted", "r": "parked"}


@pytest.mark.parametrize("return_first", [False, True])
def test_a_past_day_is_seen_alike_in_whatever_order_files_came(
    engine: sa.Engine, return_first: bool
) -> None:
    shop = Shop(
        engine, at="2026-03-20 12:00", tiers=plain_tiers(("base", 0, 0), ("silver", 1000, 0))
    )
    anna = shop.join("anna")
    goods = [("X", None, "1", "1500")]
    files = [
        shop.receipt("purchase", "p", goods, at="2026-03-01 12:00"),
        shop.receipt("return", "r", goods, at="2026-03-10 12:00", names_id="p"),
    ]
    for receipt in reversed(files) if return_first else files:
        anna.file(receipt)

    with shop.world() as world:
        end = to_micros(shop.when("2026-03-05 23:59"))
        definitions = current_definitions(world.session)
        then = tier_codes(Store(world.connection), definitions, [anna.id], date(2026, 3, 5), end)
    assert then == {anna.id: "silver"}
