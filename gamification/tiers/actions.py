"""Book decisions about a member's tier, and decide again when the past changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gamification.case import Decision, MemberState, Rows, StandingState
from gamification.programme import Programme
from gamification.tiers.rules import (
    DAY,
    Change,
    TierStep,
    joined,
    purchase_day,
    replay,
    review_due,
    reviews_until,
    window_over,
)
from gamification.world import IdSource

MARKERS = ("withdrawn", "restored")


@dataclass(slots=True)
class TierDesk:
    """Where decisions of one case are written, and by which rules."""

    programme: Programme
    tiers: Sequence[TierStep]
    tier_measure: int
    state: MemberState
    rows: Rows
    ids: IdSource
    recorded: int

    def tier_id(self, position: int) -> int:
        """The tier on that step."""
        return self.tiers[min(position, len(self.tiers)) - 1].id

    def window(self, day: date) -> int:
        """The kept spend of the window that ends with a day."""
        first = day - timedelta(days=self.programme.window_days - 1)
        sums = self.state.sums_from(self.tier_measure, first)
        return sum(value for when, value in sums.items() if first <= when <= day)

    def book(self, change: Change, activity_id: int | None, *, log: bool = True) -> None:
        """Write one decision: the standing as it is, and a line of its log."""
        state, after = self.state, change.after
        before = state.standing
        self.stand(after, max(change.day, state.decided_on or change.day))
        if not log:
            return
        entry_id = self.ids()
        state.decide(Decision(entry_id, change.day, after, change.reason))
        self.rows.add(
            "standing_log",
            entry_id,
            state.member_id,
            change.day.isoformat(),
            self.recorded,
            None if before is None else self.tier_id(before.position),
            self.tier_id(after.position),
            *_dates(after),
            change.reason,
            "spend",
            self.programme.window_days,
            change.window_sum,
            activity_id,
            None,
        )

    def stand(self, after: StandingState, decided_on: date) -> None:
        """Let the member stand so, as decided on a day."""
        state = self.state
        state.standing, state.decided_on = after, decided_on
        self.rows.standings[state.member_id] = (
            state.member_id,
            self.tier_id(after.position),
            *_dates(after),
            decided_on.isoformat(),
        )


def _dates(after: StandingState) -> tuple[str, str | None, str | None]:
    return (
        after.since.isoformat(),
        None if after.term_ends is None else after.term_ends.isoformat(),
        None if after.grace_until is None else after.grace_until.isoformat(),
    )


def enrol(desk: TierDesk, day: date) -> None:
    """Put a member on the first tier from the day of the first act on."""
    desk.book(Change(day, joined(day), "joined", 0), None)


def enrol_earlier(desk: TierDesk, day: date) -> None:
    """Let somebody have joined on the day of an act before that, whatever was decided since.

    Whoever came with a file of members did so before their own past came, and a till tells
    late. What was decided since stands until it is decided again.
    """
    state = desk.state
    timeline = state.timeline()
    first = next(d for d in timeline if d.reason == "joined")
    if first.day <= day:
        return
    later = [d for d in timeline if d is not first]
    stands, decided_on = state.standing, state.decided_on
    desk.rows.voided[first.id] = desk.ids()
    state.keep_decisions([])
    state.standing, state.decided_on = None, None
    enrol(desk, day)
    state.keep_decisions([*state.timeline(), *later])
    if later and stands and decided_on:
        desk.stand(joined(day) if stands == first.after else stands, decided_on)


def review(desk: TierDesk, day: date) -> None:
    """Book the reviews that fell due up to 00:00 of a day."""
    standing = desk.state.standing
    assert standing is not None, "reviewed after enrolment"
    due = review_due(standing)
    if due is None or due > day:
        return
    first = due - timedelta(days=desk.programme.window_days + 1)
    sums = desk.state.sums_from(desk.tier_measure, first)
    window_sum = window_over(sums, desk.programme.window_days)
    for change in reviews_until(standing, day, window_sum, desk.tiers, desk.programme):
        desk.book(change, None)


def position_on(desk: TierDesk, day: date) -> int:
    """The tier that stood on a day: the present one, or what the log says of the past."""
    state = desk.state
    assert state.standing is not None, "asked after enrolment"
    if state.decided_on is None or day >= state.decided_on:
        return state.standing.position
    known = [d for d in state.timeline() if d.reason not in MARKERS]
    then = [d for d in known if d.day <= day]
    return max(then or known[:1], key=lambda d: (d.day, d.id)).after.position


def settle_day(desk: TierDesk, day: date, activity_id: int) -> None:
    """The tier after a purchase of the latest day, where returns left anything of that day."""
    standing = desk.state.standing
    assert standing is not None, "settled after enrolment"
    if desk.state.sums_from(desk.tier_measure, day).get(day, 0) <= 0:
        return
    change = purchase_day(standing, day, desk.window(day), desk.tiers, desk.programme)
    if change:
        desk.book(change, activity_id)


def is_late(desk: TierDesk, day: date) -> bool:
    """Whether later days were already decided upon."""
    state = desk.state
    if state.decided_on is not None and day < state.decided_on:
        return True
    sums = state.sums_from(desk.tier_measure, day - timedelta(days=desk.programme.window_days))
    return any(other > day for other in sums)


def decide_again(desk: TierDesk, start: date, upto: date, activity_id: int) -> None:
    """Decide again from a day on, after a late purchase or a return changed the past.

    Until a day, or until the last one that is known of: a file tells as of its own days, and
    what came after them is there already.
    Decisions that no longer follow are voided and the truer ones written after
    them. Where the tier of today differs, a last entry says since when and
    which act did it: withdrawn at once, or restored from where it was lost.
    """
    state = desk.state
    timeline = state.timeline()
    booked = [d for d in timeline if d.reason not in MARKERS]
    before = [d for d in booked if d.day < start or d.reason == "joined"]
    later = [d for d in booked if d not in before]
    base = max(before, key=lambda d: (d.day, d.id)).after
    sums = state.sums_from(desk.tier_measure, start - timedelta(days=desk.programme.window_days))
    upto = max(upto, state.decided_on or upto, *sums)
    changes = replay(base, start, upto, sums, desk.tiers, desk.programme)
    if [(c.day, c.after, c.reason) for c in changes] == [(d.day, d.after, d.reason) for d in later]:
        return
    was = state.standing
    assert was is not None, "decided again after enrolment"
    final = changes[-1].after if changes else base
    stale = [d for d in timeline if d.reason in MARKERS and d.day >= start]
    stale = [d for d in stale if d.after.position != final.position]
    cause = desk.ids()
    for old in (*later, *stale):
        desk.rows.voided[old.id] = cause
    state.keep_decisions([d for d in timeline if d not in later and d not in stale])
    state.standing = base
    for change in changes:
        desk.book(change, activity_id)
    if final.position != was.position:
        down = final.position < was.position
        lost = min((d.day for d in later if d.after.position == was.position), default=upto)
        day = max(upto, final.since) if down else max(lost, final.since)
        desk.book(
            Change(day, final, "withdrawn" if down else "restored", desk.window(upto)), activity_id
        )
    elif not changes:
        desk.book(Change(start - DAY, base, "kept", 0), activity_id, log=False)
