"""What a file leaves behind is what the same receipts, told by a till, would have left."""

import pytest
import sqlalchemy as sa

from gamification.activities.receipts import Receipt
from gamification.audit.run import run_audit
from gamification.measures.catalogue import Count
from tests.shop import Person, Shop

GIFT = ("G", "gift", "1", "1000")


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00")


def bring(who: Person, *receipts: Receipt) -> None:
    """A file of one member's receipts, all of them taken."""
    page = who.file(*receipts)
    assert (page.recorded, page.refused) == (len(receipts), [])


def is_clean(shop: Shop) -> bool:
    with shop.world() as world:
        return run_audit(world, full=True).is_clean


def test_an_unnamed_return_finds_what_earned_nothing(shop: Shop) -> None:
    shop.rule("gifts", "exclusion", {"categories": ["gift"]})
    shop.medal("one", Count(), at=1)
    anna, boris = shop.join("anna"), shop.join("boris")
    for who in (anna, boris):
        bring(who, shop.receipt("purchase", f"p-{who.name}", [GIFT]))
        assert "one" in who.medals()

    shop.at = "2026-03-02 12:00"
    bring(anna, shop.receipt("return", "r-anna", [GIFT]))
    boris.bring_back("r-boris", GIFT)

    for who in (anna, boris):
        sql = "SELECT type, state, amount_left FROM activity WHERE member_id = ? ORDER BY id"
        assert shop.rows(sql, who.id) == [("purchase", "returned", 0), ("return", "counted", 0)]
        assert "one" not in who.medals()
    assert is_clean(shop)
