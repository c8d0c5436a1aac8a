"""A rehearsal says what an import would bring, and leaves nothing behind."""

from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import SQLModel

from gamification.commands.intake import take_page
from gamification.commands.rehearsal import Rehearsed, rehearse_page
from tests.shop import Shop, plain_tiers

TIERS = plain_tiers(("bronze", 0, 500), ("silver", 1_000, 1_000))


def everything(shop: Shop) -> dict[str, int]:
    """How many rows every table holds."""
    tables = SQLModel.metadata.sorted_tables
    return {t.name: shop.rows(f'SELECT COUNT(*) FROM "{t.name}"')[0][0] for t in tables}


def test_a_rehearsal_counts_what_an_import_issues(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS, source="file")
    goods = [("MUG", None, "1", "1000")]
    anna = [
        shop.receipt("purchase", "a-1", goods),
        shop.receipt("purchase", "a-2", goods, at="2026-01-02 12:00"),
        shop.receipt("return", "a-3", goods, names_id="a-2", at="2026-01-03 12:00"),
    ]
    boris = [shop.receipt("purchase", "b-1", [("CUP", None, "1", "100")])]
    people = [("anna", anna), ("boris", boris)]
    before = everything(shop)

    with shop.world() as world:
        rehearsed = rehearse_page(world, people)

    assert rehearsed == Rehearsed(points=55, recorded=4)
    assert everything(shop) == before
    with shop.world() as world:
        take_page(world.session, world.ids, people)
    ((issued,),) = shop.rows(
        "SELECT SUM(CASE WHEN kind = 'purchase' THEN points ELSE -points END) FROM transfer"
    )
    assert Decimal(issued) == rehearsed.points


def test_what_is_known_already_brings_nothing(engine: sa.Engine) -> None:
    shop = Shop(engine, tiers=TIERS, source="file")
    people = [("anna", [shop.receipt("purchase", "a-1", [("MUG", None, "1", "1000")])])]
    with shop.world() as world:
        take_page(world.session, world.ids, people)

    with shop.world() as world:
        assert rehearse_page(world, people) == Rehearsed(points=0, recorded=0)
