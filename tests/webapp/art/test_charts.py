"""Charts say what the numbers say: from zero, in proportion, within their field."""

import pytest

from webapp.art.charts import TALL, WIDE, Column, ceiling_of, columns, line


@pytest.mark.parametrize(
    ("most", "ceiling"),
    [(0, 2), (1, 2), (2, 2), (3, 4), (7, 8), (10, 10), (11, 20), (1_234, 2_000)],
)
def test_the_top_is_a_round_even_number(most: int, ceiling: int) -> None:
    assert ceiling_of(most) == ceiling


def test_columns_are_as_tall_as_their_values_and_nothing_is_not_drawn() -> None:
    chart = columns([[10, 0], [5, 1]])

    assert chart.ceiling == 10
    assert [(one.series, one.y, one.height) for one in chart.columns] == [
        (0, "0", "100"), (1, "50", "50"), (1, "90", "10"),
    ]  # fmt: skip
    assert all(0 <= float(one.x) <= WIDE - float(one.width) for one in chart.columns)


def test_one_among_many_can_still_be_seen() -> None:
    assert columns([[1, 100_000]]).columns[0] == Column(0, "70", "98.5", "338.4", "1.5")


def test_a_line_goes_from_edge_to_edge_and_down_to_zero() -> None:
    chart = line([0, 5, 10])

    assert (chart.line, chart.ceiling) == ("M0 100L500 50L1000 0", 10)
    assert chart.area == f"M0 100L500 50L1000 0V{TALL}H0Z"
    assert line([4]).line == "M0 0L1000 0"
    assert line([]).line == "M0 100L1000 100"
