"""Days on the command line: what is wrong with one is said in words."""

from datetime import datetime

import click
import pytest

from webapp.cli.days import Day


def test_a_day_is_its_start() -> None:
    found = Day().convert("2024-02-29", None, None)

    assert found == datetime.fromisoformat("2024-02-29 00:00")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-02-30", "there is no day 2024-02-30 in the calendar"),
        ("2023-02-29", "there is no day 2023-02-29 in the calendar"),
        ("0001-01-01", "0001-01-01 is not between 1970-01-01 and 2199-12-31"),
        ("2024-2-3", "“2024-2-3” is no day: write it as in 2026-11-24"),
        ("soon", "“soon” is no day: write it as in 2026-11-24"),
        ("", "“” is no day: write it as in 2026-11-24"),
    ],
)
def test_what_is_no_day(text: str, why: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        Day().convert(text, None, None)

    assert refused.value.message == why
