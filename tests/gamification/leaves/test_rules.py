"""The draw of a leaf: fair, repeatable, and open to anybody with the receipt."""

import hashlib
from collections import Counter
from datetime import date

import pytest

from gamification.leaves.rules import (
    ONE_IN,
    RARE_BELOW,
    SPECIES,
    draw_of,
    season_of,
    species_of,
)

MANY = 20_000
CAFE = ("Кофе", "Чай", "Выпечка", "Десерты", "Завтраки", "Зёрна", "Подарочные карты")
CAFE_EN = ("Coffee", "Tea", "Pastry", "Desserts", "Breakfast", "Beans", "Gift cards")


def test_one_leaf_in_fifty_is_rare_for_any_seed() -> None:
    for seed in ("5f1d", "0000", "a shop of another town"):
        rare = sum(draw_of(seed, f"receipt-{i}").rare for i in range(MANY))

        # 400 are expected; five standard deviations are 99.
        assert abs(rare - MANY / ONE_IN) < 100


def test_receipts_without_goods_get_every_species_alike() -> None:
    found = Counter(draw_of("5f1d", f"{i}").species for i in range(MANY))

    assert set(found) == set(SPECIES)
    # 1667 of each are expected; five standard deviations are 196.
    assert all(abs(count - MANY / 12) < 196 for count in found.values())


def test_a_rare_leaf_is_no_likelier_among_one_species() -> None:
    draws = [draw_of("5f1d", f"{i}") for i in range(MANY)]
    rare = Counter(draw.species for draw in draws if draw.rare)

    assert all(8 <= rare[species] <= 62 for species in SPECIES)


def test_anybody_can_repeat_a_draw_with_a_tool_that_hashes() -> None:
    draw = draw_of("5f1d", "till-0042")

    assert draw.text == "5f1d:till-0042"
    assert draw.digest == hashlib.sha256(b"5f1d:till-0042").hexdigest()
    assert draw == draw_of("5f1d", "till-0042")
    assert draw.rare == (int(draw.digest[:8], 16) < 2**32 / 50)


def test_the_bound_is_the_fiftieth_part() -> None:
    assert RARE_BELOW == "051eb852"


@pytest.mark.parametrize("goods", [CAFE, CAFE_EN])
def test_a_cafe_has_a_species_for_each_of_its_goods(goods: tuple[str, ...]) -> None:
    assert len({species_of(category) for category in goods}) == len(goods)


def test_a_category_keeps_its_species_however_it_is_written() -> None:
    assert species_of("Кофе") == species_of("  кофе ") == "oak"


def test_the_season_is_the_month_s() -> None:
    months = [season_of(date(2026, month, 1)) for month in range(1, 13)]

    assert months == [
        *["winter"] * 2, *["spring"] * 3, *["summer"] * 3, *["autumn"] * 3, "winter",
    ]  # fmt: skip
