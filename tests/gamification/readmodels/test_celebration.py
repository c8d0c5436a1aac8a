"""What was earned is told once, as one scene, and only while it is held."""

import pytest
import sqlalchemy as sa

from gamification.commands.member import celebrate_upto
from gamification.readmodels.celebration import Celebration, celebration_of
from gamification.readmodels.inbox import inbox_of
from gamification.readmodels.member import home_of
from gamification.readmodels.notices import unread_count
from tests.counting import statements
from tests.shop import Person, Shop, plain_tiers

TIERS = plain_tiers(("bronze", 0, 500), ("silver", 2_000, 700))


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    return Shop(engine, at="2026-05-01 10:00", tiers=TIERS).join("Анна Соколова")


def scene_of(anna: Person, at: str | None = None) -> Celebration | None:
    with anna.shop.world(at) as world:
        found = celebration_of(world, anna.id)
        assert home_of(world, anna.id).celebrates == (found is not None)
        return found


def test_nothing_was_earned_yet(anna: Person) -> None:
    assert scene_of(anna) is None


def test_a_medal_and_a_tier_make_one_scene_and_only_once(anna: Person) -> None:
    anna.buy("r1", ("MUG", "mugs", "2", "2500"))

    scene = scene_of(anna)
    assert scene is not None
    assert [prize.tile.code for prize in scene.prizes] == ["first_purchase"]
    assert scene.tier is not None
    assert scene.tier.number == 2

    with anna.shop.world() as world:
        celebrate_upto(world, anna.id, scene.upto)
        celebrate_upto(world, anna.id, scene.upto - 1)
    assert scene_of(anna) is None

    anna.shop.at = "2026-05-02 10:00"
    anna.buy("r2", ("TEA", "tea", "1", "10"))
    later = scene_of(anna)
    assert later is not None
    assert [prize.tile.code for prize in later.prizes] == ["second_visit"]
    assert later.tier is None


def test_what_was_taken_back_is_not_celebrated(anna: Person) -> None:
    anna.buy("r1", ("MUG", "mugs", "2", "2500"))
    anna.bring_back("b1", ("MUG", "mugs", "2", "2500"), of="r1")

    scene = scene_of(anna)

    assert scene is not None
    assert (scene.prizes, scene.tier) == ((), None)


def test_medals_that_went_leave_the_inbox_and_the_return_names_them(anna: Person) -> None:
    goods = [(name.upper(), name, "1", "10") for name in ("mugs", "tea", "buns")]
    anna.buy("r1", *goods)
    before = told(anna)
    anna.bring_back("b1", *goods, of="r1")
    between = told(anna)
    anna.buy("r2", *goods)

    assert before.count(("medal", "explorer")) == 1
    assert between.count(("medal", "explorer")) == 0
    assert ("returned", "explorer") in between
    assert told(anna).count(("medal", "explorer")) == 1
    with anna.shop.world() as world:
        assert unread_count(world, anna.id) == len(inbox_of(world, anna.id).rows)


def told(anna: Person) -> list[tuple[str, str]]:
    """The kinds of the inbox with the medals that each names."""
    with anna.shop.world() as world:
        rows = inbox_of(world, anna.id).rows
    return [
        (row.kind, one["medal"])
        for row in rows
        for one in row.values.get("medals", [row.values])
        if "medal" in one
    ]


def test_old_news_is_not_celebrated(anna: Person) -> None:
    anna.buy("r1", ("MUG", "mugs", "1", "100"))

    assert scene_of(anna, "2026-05-15 09:59") is not None
    assert scene_of(anna, "2026-05-15 10:01") is None


def test_the_inbox_pages_on_and_names_tiers(anna: Person) -> None:
    for number in range(24):
        anna.buy(f"r{number}", ("MUG", "mugs", "1", "1500"))
        anna.bring_back(f"b{number}", ("MUG", "mugs", "1", "1500"), of=f"r{number}")

    with anna.shop.world() as world:
        first = inbox_of(world, anna.id)
        rest = inbox_of(world, anna.id, before=first.before)

    keys = [row.id for row in (*first.rows, *rest.rows)]
    assert len(first.rows) == 20
    assert keys == sorted(set(keys), reverse=True)
    assert {row.kind for row in first.rows} <= {"returned", "medal", "tier_reached", "tier_lost"}
    assert all(row.fresh for row in first.rows)


def test_the_inbox_and_the_scene_cost_the_same_for_few_and_for_many(anna: Person) -> None:
    anna.buy("r1", ("MUG", "mugs", "1", "1500"))
    few = [statements(anna, lambda world: inbox_of(world, anna.id)),
           statements(anna, lambda world: celebration_of(world, anna.id))]  # fmt: skip
    for number in range(2, 40):
        anna.buy(f"r{number}", ("TEA", f"kind{number}", "1", "900"))

    many = [statements(anna, lambda world: inbox_of(world, anna.id)),
            statements(anna, lambda world: celebration_of(world, anna.id))]  # fmt: skip

    assert (few, many) == ([2, 4], [2, 4])
