"""When a friend's purchases make an invitation worth something: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gamification.columns import from_micros
from gamification.programme import day_starts, local_day
from gamification.referrals.terms import ReferralTerms


@dataclass(frozen=True, slots=True)
class Bought:
    """A friend's purchase: when, on which local date, and what is kept of it (minor units).

    `total` is what it was before anything went back, `points` are those that the friend still
    has for it. `passed_over`: it counts for no
    invitation, whatever is kept of it.
    """

    id: int
    at: int
    day: date
    kept: int
    total: int = 0
    points: int = 0
    passed_over: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an invitation is, and when to look again (None: never by itself)."""

    state: str
    purchase: Bought | None = None
    hold_until: datetime | None = None
    look_at: datetime | None = None


def last_day(bound_at: datetime, terms: ReferralTerms, zone: ZoneInfo) -> date:
    """The last local date on which a first purchase still counts."""
    return local_day(bound_at, zone) + timedelta(days=terms.qualify_days)


def progress_of(
    purchases: Iterable[Bought],
    terms: ReferralTerms,
    *,
    qualify_by: date,
    zone: ZoneInfo,
    now: datetime,
) -> Progress:
    """Registered, purchased (on hold), qualified, or expired.

    The first purchase counts that keeps at least the minimum at the end of its return
    window and was made by the last day. Source: semantics 6; decisions, 5 and 12.
    """
    fitting = [one for one in fitting_of(purchases, terms, qualify_by) if not one.passed_over]
    if not fitting:
        over = day_starts(qualify_by + timedelta(days=1), zone)
        return Progress("expired") if now >= over else Progress("registered", look_at=over)
    first = min(fitting, key=lambda one: (one.at, one.id))
    ends = day_starts(first.day + timedelta(days=terms.hold_days), zone)
    ends = max(ends, from_micros(first.at))  # without a hold it counts when it was made
    if now >= ends:
        return Progress("qualified", first, ends)
    return Progress("purchased", first, ends, look_at=ends)


def fitting_of(purchases: Iterable[Bought], terms: ReferralTerms, qualify_by: date) -> list[Bought]:
    """Purchases that were made in time and keep at least the minimum."""
    return [one for one in purchases if one.kept >= terms.minimum and one.day <= qualify_by]


def went_back(purchases: Iterable[Bought], terms: ReferralTerms, qualify_by: date) -> bool:
    """Whether a purchase made in time was enough before something of it was returned."""
    return any(one.kept < terms.minimum <= one.total and one.day <= qualify_by for one in purchases)


@dataclass(frozen=True, slots=True)
class Promise:
    """A reward that is paid at `at` if all goes well, under the cap of its own terms."""

    id: int
    at: datetime
    points: int
    cap: int
    cap_days: int


def cap_from(at: datetime, cap_days: int, zone: ZoneInfo) -> datetime:
    """From when on friends count that were rewarded before one of this instant.

    A rolling number of local dates that ends with its own. Source: decisions, 5.
    """
    return day_starts(local_day(at, zone) - timedelta(days=cap_days - 1), zone)


def doubt_of(
    one: Promise, others: Iterable[datetime], *, left: int | None, waiting: int, zone: ZoneInfo
) -> str | None:
    """Why a promised reward may bring less: `cap`, `budget`; None when nothing stands against it.

    What may still be rewarded counts as if it were, so that nothing is promised wrongly.

    Args:
        others: when other friends of the same referrer were or may be rewarded.
        left: points that invitations may still bring everybody; None without a limit.
        waiting: points that are due if all goes well, this one's included.
    """
    first = cap_from(one.at, one.cap_days, zone)
    if sum(1 for at in others if at >= first) >= one.cap:
        return "cap"
    return "budget" if left is not None and waiting > left else None


def share_of(points: int, percent: int) -> int:
    """A share of points, rounded down."""
    return points * percent // 100
