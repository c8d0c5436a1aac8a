"""Which clock an installation lives by: the machine's, a test's file, or one fixed day."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from gamification.world import Clock, fixed_clock, system_clock
from webapp.settings import Settings


def wall_clock(settings: Settings) -> Clock:
    """The present instant: for sign-ins and messages, which never live in the past."""
    if settings.test_mode and settings.clock_file is not None:
        return file_clock(settings.clock_file)
    return system_clock


def programme_clock(settings: Settings, zone: ZoneInfo) -> Clock:
    """The instant that points and tiers are seen at: now, or the end of the `as_of` day."""
    if settings.as_of is None:
        return wall_clock(settings)
    after = datetime.combine(settings.as_of + timedelta(days=1), time(), zone)
    return fixed_clock(after - timedelta(microseconds=1))


def file_clock(path: Path) -> Clock:
    """A clock that shows what a file says; the machine's time while there is no file."""

    def read() -> datetime:
        try:
            text = path.read_text("utf-8").strip()
        except FileNotFoundError:
            return system_clock()
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    return read
