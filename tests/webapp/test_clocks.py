"""Which clock an installation lives by."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from webapp.clocks import file_clock, programme_clock, wall_clock
from webapp.settings import Settings

MOSCOW = ZoneInfo("Europe/Moscow")


def test_a_day_in_the_past_is_seen_at_its_end() -> None:
    clock = programme_clock(Settings(as_of=date(2011, 12, 9)), MOSCOW)

    assert clock() == datetime(2011, 12, 9, 19, 59, 59, 999_999, tzinfo=UTC)  # UTC+4 that year


def test_sign_ins_never_live_in_the_past() -> None:
    assert wall_clock(Settings(as_of=date(2011, 12, 9)))().year > 2020


def test_a_test_moves_the_clock_by_a_file(tmp_path: Path) -> None:
    path = tmp_path / "now"
    clock = wall_clock(Settings(test_mode=True, clock_file=path))
    before = clock()
    path.write_text("2026-11-24T12:00:00+03:00\n")

    assert before.year > 2020
    assert clock() == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_time_without_zone_is_utc(tmp_path: Path) -> None:
    path = tmp_path / "now"
    path.write_text("2026-11-24T12:00")

    assert file_clock(path)() == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
