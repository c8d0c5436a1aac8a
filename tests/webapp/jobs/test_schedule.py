"""When each job is due again, in the programme's zone and across its clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.jobs.schedule import JOBS, Job

MOSCOW, BERLIN = ZoneInfo("Europe/Moscow"), ZoneInfo("Europe/Berlin")


def daily(at: time) -> Job:
    return Job("sweep", lambda world: 0, at=at)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-01 20:59", "2026-03-01 21:00"),
        ("2026-03-01 21:00", "2026-03-02 21:00"),  # the very instant is over
        ("2026-03-01 21:01", "2026-03-02 21:00"),
    ],
)
def test_midnight_is_the_programmes_own(now: str, due: str) -> None:
    assert daily(time(0, 0)).next_run(utc(now), MOSCOW) == utc(due)


def test_an_hour_that_does_not_exist_is_met_once_all_the_same() -> None:
    night = daily(time(2, 30))

    runs = [utc("2026-03-28 12:00")]
    while len(runs) < 4:
        runs.append(night.next_run(runs[-1], BERLIN))

    days = [run.astimezone(BERLIN).date() for run in runs[1:]]
    assert days == [date(2026, 3, 29), date(2026, 3, 30), date(2026, 3, 31)]


def test_an_hour_that_comes_twice_is_met_once() -> None:
    night = daily(time(2, 30))

    first = night.next_run(utc("2026-10-24 12:00"), BERLIN)
    second = night.next_run(first, BERLIN)

    assert (first.astimezone(BERLIN).date(), second.astimezone(BERLIN).date()) == (
        date(2026, 10, 25),
        date(2026, 10, 26),
    )


def test_a_rhythm_counts_from_the_last_run() -> None:
    hourly = Job("sweep", lambda world: 0, every=timedelta(hours=1))

    assert hourly.next_run(utc("2026-03-01 20:59"), MOSCOW) == utc("2026-03-01 21:59")


def test_every_job_has_one_name_and_one_rhythm() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert [job.name for job in JOBS if (job.every is None) == (job.at is None)] == []
