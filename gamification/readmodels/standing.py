"""Where a member stands at an instant, with the reviews that fell due but are not booked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gamification.activities.queries import parsed
from gamification.case import MemberState, StandingState
from gamification.columns import to_micros
from gamification.definitions import Definitions
from gamification.programme import Programme, local_day
from gamification.readmodels.views import GraceNote, Named, NextTier, TierCard
from gamification.store import Store
from gamification.tiers.rules import (
    TierStep,
    joined,
    position_for,
    review_due,
    reviews_until,
    window_over,
)
from gamification.world import World


@dataclass(frozen=True, slots=True)
class StandingNow:
    """A standing and the kept spend that it is measured by; nothing of it is written."""

    standing: StandingState
    spent: int
    first_counted: date | None

    @property
    def position(self) -> int:
        """The step of the tier."""
        return self.standing.position


def standing_now(definitions: Definitions, state: MemberState, today: date) -> StandingNow:
    """The standing at the start of a local day, by the same pure rules that book it."""
    programme = definitions.programme
    standing = state.standing or joined(min(state.joined_day, today))
    first = today - timedelta(days=programme.window_days - 1)
    due = review_due(standing)
    since = min(first, due - timedelta(days=programme.window_days + 1)) if due else first
    sums = state.sums_from(definitions.tier_measure, since)
    window = window_over(sums, programme.window_days)
    changes = reviews_until(standing, today, window, definitions.tiers, programme)
    counted = [day for day, value in sums.items() if first <= day <= today and value]
    return StandingNow(
        changes[-1].after if changes else standing, window(today), min(counted, default=None)
    )


def tier_card(
    world: World, definitions: Definitions, state: MemberState, names: Mapping[str, Named]
) -> TierCard:
    """The tier of a member now: its place, its benefit, the way up, and what is at risk."""
    programme, tiers = definitions.programme, definitions.tiers
    today = local_day(world.now, programme.zone)
    now = standing_now(definitions, state, today)
    tier = definitions.tier_at(now.position)
    rates = definitions.rules.at(to_micros(world.now)).rates
    above = tiers[tier.position] if tier.position < len(tiers) else None
    way_up, filled = None, 100
    if above:
        missing = max(above.threshold - now.spent, 0)
        by = all_counted_until(now, programme)
        way_up = NextTier(names[above.code], rates.get(above.code, 0), missing, by)
        filled = way_done(now.spent, tier, above)
    return TierCard(
        name=names[tier.code],
        number=tier.position,
        of=len(tiers),
        rate_bp=rates.get(tier.code, 0),
        filled_pct=filled,
        next=way_up,
        grace=grace_note(definitions, now, names),
        valid_until=None if now.standing.grace_until else now.standing.term_ends,
    )


def way_done(spent: int, tier: TierStep, above: TierStep) -> int:
    """Per cent of the way from one tier to the next, 0 to 99: the next is not reached yet."""
    way = max(above.threshold - tier.threshold, 1)
    return min(99, max(0, 100 * (spent - tier.threshold) // way))


def all_counted_until(now: StandingNow, programme: Programme) -> date | None:
    """The last day on which all of today's spend is still inside the window."""
    if now.first_counted is None:
        return None
    return now.first_counted + timedelta(days=programme.window_days - 1)


def grace_note(
    definitions: Definitions, now: StandingNow, names: Mapping[str, Named]
) -> GraceNote | None:
    """What keeps a tier that its review did not; `until` is the last day to do it."""
    standing = now.standing
    if standing.grace_until is None:
        return None
    earned = position_for(now.spent, definitions.tiers)
    if definitions.programme.downgrade == "one_step":
        earned = max(earned, standing.position - 1)
    return GraceNote(
        missing_minor=max(definitions.tier_at(standing.position).threshold - now.spent, 0),
        until=standing.grace_until - timedelta(days=1),
        falls_to=names[definitions.tier_at(earned).code],
    )


def tier_names(store: Store) -> dict[str, Named]:
    """Every tier's names by its code."""
    rows = store.rows("SELECT code, names FROM tier")
    return {code: Named(code, parsed(names)) for code, names in rows}
