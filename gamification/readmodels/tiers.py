"""A member's tier at an instant, and the way from there."""

from collections.abc import Mapping
from datetime import date, timedelta

from gamification.case import StandingState
from gamification.columns import to_micros
from gamification.programme import Programme, day_starts
from gamification.readmodels.faces import Faces
from gamification.readmodels.views import GraceNote, NextTier, TierCard
from gamification.store import Store
from gamification.tiers.rules import Change, joined, reviews_until, window_over


def first_day(booked: StandingState | None, programme: Programme, today: date) -> date:
    """The first day whose sum the standing of today may still need."""
    first = today - timedelta(days=programme.window_days)
    if booked is not None and booked.term_ends is not None:
        first = min(first, booked.term_ends - timedelta(days=programme.window_days + 1))
    return first


def read_sums(
    store: Store, faces: Faces, member_id: int, first: date, today: date
) -> dict[date, int]:
    """What the member spent, by local day."""
    rows = store.rows(
        "SELECT day, value FROM day_sum WHERE member_id = ? AND measure_id = ?"
        " AND day >= ? AND day <= ?",
        member_id,
        faces.definitions.tier_measure,
        first.isoformat(),
        today.isoformat(),
    )
    return {date.fromisoformat(day): value for day, value in rows}


def standing_on(
    faces: Faces, booked: StandingState | None, sums: Mapping[date, int], today: date
) -> StandingState:
    """The standing of a day with every review that fell due.

    Nothing is written: what the clock has not booked yet is computed.
    """
    if booked is None:
        return joined(today)
    changes = reviews_due(faces, booked, sums, today)
    return changes[-1].after if changes else booked


def reviews_due(
    faces: Faces, booked: StandingState | None, sums: Mapping[date, int], today: date
) -> list[Change]:
    """The reviews that fell due and are not booked yet, in order."""
    if booked is None:
        return []
    programme = faces.definitions.programme
    window_sum = window_over(sums, programme.window_days)
    return reviews_until(booked, today, window_sum, faces.definitions.tiers, programme)


def tier_card(
    faces: Faces, standing: StandingState, sums: Mapping[date, int], today: date
) -> TierCard:
    """The tier as a card: its benefit, the part of the way done, what is missing."""
    programme = faces.definitions.programme
    tier = faces.tier(standing.position)
    spent = max(window_over(sums, programme.window_days)(today), 0)
    rates = rates_on(faces, today)
    following = faces.tiers[standing.position :][:1]
    filled, coming = 100, None
    if following:
        goal = following[0]
        whole = max(goal.threshold - tier.threshold, 1)
        filled = max(0, min(99, 100 * (spent - tier.threshold) // whole))
        missing = max(goal.threshold - spent, 0)
        coming = NextTier(goal.named, rates.get(goal.code, 0), missing, _by(sums, programme, today))
    return TierCard(
        name=tier.named,
        number=standing.position,
        of=len(faces.tiers),
        rate_bp=rates.get(tier.code, 0),
        filled_pct=filled,
        next=coming,
        grace=_grace(faces, standing, spent),
        valid_until=standing.term_ends,
        today=today,
    )


def rates_on(faces: Faces, today: date) -> dict[str, int]:
    """The rate of each tier at the end of a day, in hundredths of a per cent."""
    noon = day_starts(today + timedelta(days=1), faces.definitions.programme.zone)
    return faces.definitions.rules.at(to_micros(noon) - 1).rates


def _by(sums: Mapping[date, int], programme: Programme, today: date) -> date | None:
    """The last day on which all of today's sum still counts."""
    first = today - timedelta(days=programme.window_days - 1)
    inside = [day for day, value in sums.items() if day >= first and value > 0]
    return min(inside) + timedelta(days=programme.window_days - 1) if inside else None


def _grace(faces: Faces, standing: StandingState, spent: int) -> GraceNote | None:
    if standing.grace_until is None:
        return None
    earned = max(t.position for t in faces.tiers if spent >= t.threshold)
    falls = earned
    if faces.definitions.programme.downgrade == "one_step":
        falls = max(earned, standing.position - 1)
    missing = max(faces.tier(standing.position).threshold - spent, 0)
    until = standing.grace_until - timedelta(days=1)
    return GraceNote(missing, until, faces.tier(falls).named)
