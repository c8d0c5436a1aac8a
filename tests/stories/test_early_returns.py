"""Returns that are told before their purchase: whose they are, and what they may take."""

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.clockwork import settle_parked
from gamification.commands.intake import take_page
from tests.shop import Person, Shop

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
        assert settle_parked(world) == 1
    assert states(shop) == {"r-9": "counted", "evt-9": "counted"}
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
