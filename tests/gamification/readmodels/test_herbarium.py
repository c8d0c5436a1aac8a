"""An album follows the receipts: what is kept is in it, what went back is not."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.leaves.rules import draw_of, species_of
from gamification.readmodels.herbarium import (
    Choice,
    HerbariumPage,
    Leaf,
    LeafPage,
    herbarium_of,
    leaf_of,
)
from gamification.world import World, fixed_clock
from tests.counting import statements
from tests.shop import Person, Shop

CUP = ("CUP", "Кофе", "1", "250")
BUN = ("BUN", "Выпечка", "2", "300")


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    """A coffee in December, coffee and buns in January, a gift card without a category."""
    shop = Shop(engine, at="2025-12-30 10:00", columns={"leaf_seed": "5f1d"})
    anna = shop.join("Анна")
    anna.buy("r1", CUP)
    shop.at = "2026-01-02 10:00"
    anna.buy("r2", CUP, BUN)
    shop.at = "2026-01-05 10:00"
    anna.buy("r3", ("GIFT", None, "1", "1000"))
    return anna


def album(
    anna: Person, *, at: str | None = None, limit: int = 60, **chosen: object
) -> HerbariumPage:
    with anna.shop.world(at) as world:
        return herbarium_of(world, anna.id, Choice(**chosen), limit=limit)  # type: ignore[arg-type]


def leaves(page: HerbariumPage) -> list[Leaf]:
    return [leaf for season in page.seasons for leaf in season.leaves]


def receipts(page: HerbariumPage) -> list[str]:
    return [leaf.receipt for leaf in leaves(page)]


def test_every_receipt_left_a_leaf_of_its_main_goods(anna: Person) -> None:
    page = album(anna)

    kinds = [(leaf.receipt, leaf.species, leaf.category) for leaf in leaves(page)]
    assert kinds == [
        ("r3", draw_of("5f1d", "r3").species, None),
        ("r2", species_of("Выпечка"), "Выпечка"),
    ]
    assert (page.total, page.years, page.year) == (3, ((2026, 2), (2025, 1)), 2026)
    assert page.goods[species_of("Кофе")] == ("Кофе",)


def test_the_album_is_leafed_through_by_years(anna: Person) -> None:
    page = album(anna, year=2025)

    assert receipts(page) == ["r1"]
    assert [(s.season, s.total) for s in page.seasons] == [("winter", 1)]
    assert leaves(page)[0].season == "winter"


def test_a_species_is_chosen_over_all_years(anna: Person) -> None:
    page = album(anna, species=species_of("Кофе"))

    assert (page.years, receipts(page)) == (((2025, 1),), ["r1"])
    assert page.total == 3


def test_a_receipt_that_went_back_whole_takes_its_leaf_along(anna: Person) -> None:
    anna.bring_back("b1", ("CUP", "Кофе", "1", "250"), of="r1")

    page = album(anna)

    assert page.total == 2
    assert page.years == ((2026, 2),)


def test_a_part_that_went_back_leaves_the_leaf_as_it_was(anna: Person) -> None:
    before = leaves(album(anna))
    anna.bring_back("b1", ("BUN", "Выпечка", "2", "300"), of="r2")

    assert leaves(album(anna)) == before


def test_a_day_of_the_past_still_has_the_leaf_of_a_later_return(anna: Person) -> None:
    anna.shop.at = "2026-01-09 10:00"
    anna.bring_back("b1", ("CUP", "Кофе", "1", "250"), of="r1")

    def then(at: str) -> list[str]:
        with Session(anna.shop.engine) as session:
            clock = fixed_clock(anna.shop.when(at))
            page = herbarium_of(World(session, clock, past=True), anna.id, Choice(year=2025))
        return receipts(page)

    assert then("2026-01-08 10:00") == ["r1"]
    assert then("2026-01-09 11:00") == []

    goods = ("CUP", "Кофе", "1", "250")
    waits = anna.bring_back("b2", goods, of="r1", at="2026-01-20 10:00", now="2026-04-20 10:00")
    assert waits.status == "under_review"
    assert then("2026-01-09 11:00") == [], "a return that does not count brings nothing back"


def test_rare_leaves_are_those_of_the_draw(anna: Person) -> None:
    for number in range(120):
        anna.buy(f"n{number}", CUP)

    page = album(anna, rare=True)

    expected = {f"n{n}" for n in range(120) if draw_of("5f1d", f"n{n}").rare}
    assert set(receipts(page)) == expected
    assert 0 < page.rare == len(expected)


def test_pages_follow_one_another_without_gap_or_repeat(anna: Person) -> None:
    for number in range(7):
        anna.buy(f"n{number}", CUP)
    seen: list[str] = []
    after = None
    while True:
        page = album(anna, year=2026, after=after, limit=4)
        seen += receipts(page)
        if page.after is None:
            break
        at, row_id = page.after.split(".")
        after = (int(at), int(row_id))

    assert sorted(seen) == sorted(["r2", "r3", *[f"n{n}" for n in range(7)]])
    assert page.seasons[0].total == 9


def test_an_album_begins_empty(anna: Person) -> None:
    boris = anna.shop.join("Борис")

    page = album(boris)

    assert (page.total, page.rare, page.seasons, page.years) == (0, 0, (), ())


def test_a_leaf_tells_its_draw_its_number_and_its_neighbours(anna: Person) -> None:
    anna.buy("r4", CUP)
    coffee = leaves(album(anna))[0]

    page = look(anna, coffee.id)

    assert page is not None
    assert (page.leaf.number, page.of) == (2, 2)
    assert page.draw == draw_of("5f1d", "r4")
    assert page.newer is None
    assert page.older is not None
    assert page.older.receipt == "r3"


def test_nobody_sees_the_leaf_of_another(anna: Person) -> None:
    boris = anna.shop.join("Борис")

    assert look(boris, leaves(album(anna))[0].id) is None


def look(anna: Person, leaf_id: int) -> LeafPage | None:
    with anna.shop.world() as world:
        return leaf_of(world, anna.id, leaf_id)


def test_an_album_and_a_leaf_cost_two_statements(anna: Person) -> None:
    one = leaves(album(anna))[0].id
    few = [statements(anna, lambda w: herbarium_of(w, anna.id, Choice())),
           statements(anna, lambda w: leaf_of(w, anna.id, one))]  # fmt: skip
    for number in range(30):
        anna.buy(f"n{number}", CUP)

    many = [statements(anna, lambda w: herbarium_of(w, anna.id, Choice())),
            statements(anna, lambda w: leaf_of(w, anna.id, one))]  # fmt: skip

    assert (few, many) == ([2, 2], [2, 2])
