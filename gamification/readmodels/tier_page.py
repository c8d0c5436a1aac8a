"""The tiers of the programme side by side, where a member stands, and how it came to that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from gamification.case import StandingState
from gamification.programme import local_day
from gamification.readmodels.faces import Faces, TierFace
from gamification.readmodels.member import read_member
from gamification.readmodels.tiers import (
    first_day,
    rates_on,
    read_sums,
    reviews_due,
    standing_on,
    tier_card,
)
from gamification.readmodels.views import Named, TierCard
from gamification.store import Store
from gamification.tiers.rules import Change, window_over
from gamification.world import World

LOG_ROWS = 20
Key = tuple[str, int]
"""Where a page of the log ends: local day, id."""

Place = Literal["passed", "here", "next", "ahead"]
Reason = Literal[
    "joined", "reached", "kept", "grace", "stepped_down", "withdrawn", "restored", "staff"
]
WITHOUT_SUM = ("joined", "staff")


class Rung(NamedTuple):
    """One tier of the ladder, as a member sees it from where they stand."""

    name: Named
    number: int
    of: int
    rate_bp: int
    need_minor: int
    missing_minor: int  # 0 for what is reached
    place: Place
    perks: tuple[Mapping[str, Any], ...]
    fresh: frozenset[int]  # places among the perks of those that the tier below has not


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeps the present tier, in the sums of its rolling window.

    `until` None: it needs nothing. `counted_minor` is what is spent already and still
    counts when the tier is looked at, on the day after `until`.
    """

    window_days: int
    spent_minor: int
    need_minor: int
    until: date | None = None
    counted_minor: int = 0
    missing_minor: int = 0
    falls: bool = True  # False: the programme takes no tier away


class StandingRow(NamedTuple):
    """One decision about the tier: since when, why, and on which sum."""

    on: date
    reason: Reason
    tier: Named
    number: int
    was: Named | None
    sum_minor: int | None
    need_minor: int  # what it was measured against
    window_days: int
    until: date | None  # the last day of the term, or of grace
    receipt: bool = False


@dataclass(frozen=True, slots=True)
class TierPage:
    """Everything on the page of tiers. `after` is the key of the next page of the log."""

    today: date
    currency: str
    since: date
    card: TierCard
    keeping: Keeping
    rungs: tuple[Rung, ...]
    log: tuple[StandingRow, ...]
    after: str | None = None
    purchases: int = 0


def tiers_of(
    world: World, member_id: int, *, after: Key | None = None, limit: int = LOG_ROWS
) -> TierPage:
    """The page of tiers, in three statements (a past day: four). Raises UnknownMember."""
    store = Store(world.connection)
    member, faces = read_member(store, world, member_id)
    programme = faces.definitions.programme
    today = local_day(world.now, programme.zone)
    sums = read_sums(store, faces, member_id, first_day(member.booked, programme, today), today)
    standing = standing_on(faces, member.booked, sums, today)
    card = tier_card(faces, standing, sums, today)
    rows = _read_log(store, member_id, today, after, limit + 1)
    due = [] if after else reviews_due(faces, member.booked, sums, today)
    booked = [_booked_row(faces, row) for row in rows[:limit]]
    more = len(rows) > limit
    return TierPage(
        today=today,
        currency=programme.currency,
        since=standing.since,
        card=card,
        keeping=_keeping(faces, standing, sums, today),
        rungs=_rungs(faces, standing, sums, today),
        log=(*_due_rows(faces, member.booked, due), *booked),
        after=f"{rows[limit - 1][1]}.{rows[limit - 1][0]}" if more else None,
        purchases=member.purchases,
    )


def _rungs(
    faces: Faces, standing: StandingState, sums: Mapping[date, int], today: date
) -> tuple[Rung, ...]:
    """The ladder from the lowest tier up."""
    spent = _spent(faces, sums, today)
    rates = rates_on(faces, today)
    rungs: list[Rung] = []
    below: tuple[Mapping[str, Any], ...] = ()
    for tier in faces.tiers:
        place: Place = "passed" if tier.position < standing.position else "ahead"
        if tier.position == standing.position:
            place = "here"
        elif tier.position == standing.position + 1:
            place = "next"
        above = tier.position > standing.position
        fresh = frozenset(i for i, perk in enumerate(tier.perks) if perk not in below)
        rungs.append(
            Rung(
                name=tier.named,
                number=tier.position,
                of=len(faces.tiers),
                rate_bp=rates.get(tier.code, 0),
                need_minor=tier.threshold,
                missing_minor=max(tier.threshold - spent, 0) if above else 0,
                place=place,
                perks=tier.perks,
                fresh=fresh if tier.position > 1 else frozenset(),
            )
        )
        below = tier.perks
    return tuple(rungs)


def _spent(faces: Faces, sums: Mapping[date, int], today: date) -> int:
    return max(window_over(sums, faces.definitions.programme.window_days)(today), 0)


def _keeping(
    faces: Faces, standing: StandingState, sums: Mapping[date, int], today: date
) -> Keeping:
    """What the review at the end of the term will ask, and what counts towards it already."""
    programme = faces.definitions.programme
    spent, need = _spent(faces, sums, today), faces.tier(standing.position).threshold
    if standing.term_ends is None:
        return Keeping(programme.window_days, spent, need)
    until = standing.term_ends
    if standing.grace_until is not None:
        until = standing.grace_until - timedelta(days=1)
    counted = max(window_over(sums, programme.window_days)(until), 0)
    if standing.grace_until is not None:
        counted = spent  # in grace the first purchase day that reaches the sum keeps the tier
    return Keeping(
        window_days=programme.window_days,
        spent_minor=spent,
        need_minor=need,
        until=until,
        counted_minor=counted,
        missing_minor=max(need - counted, 0),
        falls=programme.downgrade != "none",
    )


def _read_log(
    store: Store, member_id: int, today: date, after: Key | None, limit: int
) -> list[Any]:
    """Decisions that hold, newest first."""
    part, params = "", list[Any]()
    if after is not None:
        part = " AND (effective_from < ? OR (effective_from = ? AND id < ?))"
        params = [after[0], after[0], after[1]]
    return store.rows(
        "SELECT id, effective_from, reason, from_tier_id, tier_id, window_sum, window_days,"
        " term_ends, grace_until, activity_id FROM standing_log"
        f" WHERE member_id = ? AND voided_by IS NULL AND effective_from <= ?{part}"
        " ORDER BY effective_from DESC, id DESC LIMIT ?",
        member_id,
        today.isoformat(),
        *params,
        limit,
    )


def _booked_row(faces: Faces, row: Any) -> StandingRow:
    _, day, reason, was_id, tier_id, total, window, term, grace, activity_id = row
    known = {tier.id: tier for tier in faces.tiers}
    tier, was = known[tier_id], known.get(was_id)
    return StandingRow(
        on=date.fromisoformat(day),
        reason=reason,
        tier=tier.named,
        number=tier.position,
        was=was.named if was is not None else None,
        sum_minor=None if reason in WITHOUT_SUM else total,
        need_minor=_need(reason, tier, was),
        window_days=window,
        until=_until(reason, term, grace),
        receipt=activity_id is not None,
    )


def _need(reason: str, tier: TierFace, was: TierFace | None) -> int:
    """The sum that a decision measured against: who steps down missed the tier above."""
    return was.threshold if reason == "stepped_down" and was is not None else tier.threshold


def _until(reason: str, term: str | None, grace: str | None) -> date | None:
    """The last day that a decision speaks of."""
    if reason == "grace" and grace is not None:
        return date.fromisoformat(grace) - timedelta(days=1)
    return None if term is None else date.fromisoformat(term)


def _due_rows(
    faces: Faces, booked: StandingState | None, due: list[Change]
) -> tuple[StandingRow, ...]:
    """Reviews that fell due and that the night has not booked yet, newest first."""
    if booked is None:
        return ()
    rows: list[StandingRow] = []
    before = booked.position
    for change in due:
        tier, was, after = faces.tier(change.after.position), faces.tier(before), change.after
        until = after.term_ends
        if change.reason == "grace" and after.grace_until is not None:
            until = after.grace_until - timedelta(days=1)
        rows.append(
            StandingRow(
                on=change.day,
                reason=change.reason,  # type: ignore[arg-type]
                tier=tier.named,
                number=tier.position,
                was=was.named,
                sum_minor=change.window_sum,
                need_minor=_need(change.reason, tier, was),
                window_days=faces.definitions.programme.window_days,
                until=until,
            )
        )
        before = after.position
    return tuple(reversed(rows))
