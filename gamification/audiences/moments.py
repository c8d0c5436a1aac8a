"""The instant at which somebody asks, and the local days that it looks back on."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from gamification.audiences.stages import SPAN_DAYS, Rhythm
from gamification.columns import from_micros, to_micros
from gamification.programme import day_starts, local_day

COUNTED = "a.state IN ('counted', 'partly_returned')"
KEPT = f"a.type = 'purchase' AND {COUNTED} AND a.amount_left > 0"
"""A purchase of which something is kept now; as a medal's counter sees it."""


def start_of(day: date, zone: ZoneInfo) -> int:
    """The instant at which a local day begins, in microseconds."""
    return to_micros(day_starts(day, zone))


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in microseconds, and the programme's zone.

    What somebody did counts when it happened before the instant; everything else that is
    known of a member when it was so at the instant.
    """

    at: int
    zone: ZoneInfo
    postgres: bool
    rhythm: Rhythm | None = None

    @property
    def today(self) -> date:
        """The local date of the instant."""
        return local_day(from_micros(self.at), self.zone)

    @property
    def last_day(self) -> date:
        """The last local date on which something can have happened before the instant.

        At 00:00 it is the day just ended. Source: decision 0113.
        """
        return local_day(from_micros(self.at - 1), self.zone)

    def since(self, days: int | None) -> int:
        """Where the N local dates that end with the last day begin; for ever: before all."""
        if days is None:
            return -(2**62)
        return start_of(self.last_day - timedelta(days=days - 1), self.zone)

    @property
    def year(self) -> int:
        """Where the 366 local dates before today begin: those that the rhythm was counted over."""
        return start_of(self.today - timedelta(days=SPAN_DAYS), self.zone)

    def ago(self, instant: int) -> int:
        """How many local dates before the last day an instant lies; today's are 0."""
        return (self.last_day - local_day(from_micros(instant), self.zone)).days

    def silence(self, instant: int) -> int:
        """How many local dates before yesterday an instant lies: silence as the rhythm saw it."""
        yesterday = self.today - timedelta(days=1)
        return max((yesterday - local_day(from_micros(instant), self.zone)).days, 0)
