"""On which day a receipt of a file counts, wherever its shop lies."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tests.webapp.intake.running import HEADER, Intake, shop_profile

Write = Callable[[str, str], Path]


def test_a_date_without_a_time_is_a_day_of_the_shop(intake: Intake, written: Write) -> None:
    profile = shop_profile(top='times_in = "UTC"\n')
    profile = profile.model_copy(update={"zone": "Pacific/Auckland"})
    rows = "P1,anna,2025-03-02,CUP,1,100\nP2,boris,2025-03-02 12:00,CUP,1,100\n"

    intake.purchases(written("days.csv", HEADER + rows), profile)

    found = intake.report(date(2025, 3, 31))
    assert {who: str(row["first_order"]) for who, row in found.items()} == {
        "anna": "2025-03-02",
        "boris": "2025-03-03",
    }


def test_the_report_of_the_last_day_counts_the_points_of_a_shop_further_west(
    intake: Intake, written: Write
) -> None:
    """Seven in the evening there is the next day by the programme's clock."""
    intake.purchases(written("here.csv", HEADER + "P1,anna,2025-03-01 10:00,CUP,1,1000\n"))
    west = shop_profile().model_copy(update={"source": "west", "zone": "America/New_York"})

    intake.purchases(written("west.csv", HEADER + "P2,boris,2025-03-02 19:00,CUP,1,1000\n"), west)

    found = intake.report()["boris"]
    assert (found["sales"], found["points_earned"], found["pending"]) == ("1000.00", 10, 10)
    assert str(found["last_order"]) == "2025-03-02"
