"""What a file leaves behind is what the same receipts, told by a till, would have left."""

import pytest
import sqlalchemy as sa

from gamification.achievements.publishing import publish_medal
from gamification.activities.receipts import Receipt
from gamification.audit.run import run_audit
from gamification.commands.intake import take_page
from gamification.commands.owner import touch_definitions
from gamification.measures.catalogue import Count, Spec
from tests.shop import Person, Shop

GIFT = ("G", "gift", "1", "1000")


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00")


def bring(shop: Shop, who: Person, *receipts: Receipt) -> None:
    """A file of one member's receipts."""
    with shop.world() as world:
        page = take_page(world.session, world.ids, [(who.name, list(receipts))], brought=world.now)
    assert (page.recorded, page.refused) == (len(receipts), [])


def medal(shop: Shop, code: str, spec: Spec, at: int) -> None:
    """A medal of one level that goes with what earned it."""
    with shop.world() as world:
        publish_medal(
            world,
            code=code,
            spec=spec,
            levels=[(at, 10)],
            position=50,
            on_reversal="revoke_if_below",
        )
        touch_definitions(world)


def is_clean(shop: Shop) -> bool:
    with shop.world() as world:
        return run_audit(world, full=True).is_clean


def test_an_unnamed_return_finds_what_earned_nothing(shop: Shop) -> None:
    shop.rule("gifts", "exclusion", {"categories": ["gift"]})
    medal(shop, "one", Count(), at=1)
    anna, boris = shop.join("anna"), shop.join("boris")
    for who in (anna, boris):
        bring(shop, who, shop.receipt("purchase", f"p-{who.name}", [GIFT]))
        assert "one" in who.medals()

    shop.at = "2026-03-02 12:00"
    bring(shop, anna, shop.receipt("return", "r-anna", [GIFT]))
    boris.bring_back("r-boris", GIFT)

    for who in (anna, boris):
        sql = "SELECT type, state, amount_left FROM activity WHERE member_id = ? ORDER BY id"
        assert shop.rows(sql, who.id) == [("purchase", "returned", 0), ("return", "counted", 0)]
        assert "one" not in who.medals()
    assert is_clean(shop)
