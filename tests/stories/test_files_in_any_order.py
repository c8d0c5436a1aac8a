"""Files come in any order, and after the till: the tier is the one of the purchases."""

from itertools import permutations

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.intake import take_page
from tests.shop import Person, Shop, plain_tiers

BOUGHT = (("2026-03-10 10:00", "300"), ("2026-03-12 10:00", "300"), ("2026-03-20 10:00", "10"))


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    tiers = plain_tiers(("base", 0, 500), ("silver", 500, 1_000))
    return Shop(engine, at="2026-03-01 12:00", tiers=tiers)


def bring(shop: Shop, at: str, when: str, money: str) -> None:
    """A file of one receipt."""
    receipt = shop.receipt("purchase", f"file-{when}", [("X", "", "1", money)], at=when)
    with shop.world(at) as world:
        page = take_page(world.session, world.ids, [("anna", [receipt])], brought=world.now)
    assert page.refused == []


def is_clean(shop: Shop, at: str) -> bool:
    with shop.world(at) as world:
        return run_audit(world, full=True).is_clean


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_files_in_any_order_lead_to_the_same_tier(shop: Shop, order: tuple[int, ...]) -> None:
    for number in order:
        bring(shop, "2026-03-21 02:00", *BOUGHT[number])

    ((ident,),) = shop.rows("SELECT id FROM member")
    assert Person(shop, ident, "anna").tier() == "silver"
    assert is_clean(shop, "2026-03-21 12:00")


def test_a_file_of_last_night_after_the_till_of_today(shop: Shop) -> None:
    anna = shop.join("anna")
    anna.spend_money("r1", "300", at="2026-03-12 13:00", now="2026-03-12 13:00")

    bring(shop, "2026-03-13 02:00", *BOUGHT[0])

    assert anna.tier() == "silver"
    next_one = anna.spend_money("r2", "100", at="2026-03-13 10:00", now="2026-03-13 10:00")
    assert next_one.answer["points"] == 10
    assert is_clean(shop, "2026-03-13 12:00")
