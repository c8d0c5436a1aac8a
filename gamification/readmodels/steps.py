"""The one thing worth doing now, and the one line of news: pure choices."""

from collections.abc import Sequence
from datetime import date

from gamification.challenges.nearness import is_near
from gamification.readmodels.challenge_views import ChallengeView, OnHome
from gamification.readmodels.medals import MedalShelf
from gamification.readmodels.views import NewsLine, NextStep, OperationRow, TierCard
from gamification.readmodels.wallet import Wallet

BURNS_SOON = 7


def next_step(
    wallet: Wallet,
    shelf: MedalShelf,
    tier: TierCard,
    purchases: int,
    contest: OnHome | None = None,
) -> NextStep | None:
    """At most one: what burns within a week, a challenge or a medal nearly earned, the next tier.

    Before the second purchase it is the next purchase. Source: experience, C3.
    """
    if purchases == 0:
        return NextStep("first_purchase")
    soon = [lot for lot in wallet.expiring if lot.days_left <= BURNS_SOON]
    if soon:
        return NextStep(
            "expiring", points=soon[0].points, on=soon[0].on, days_left=soon[0].days_left
        )
    if purchases == 1:
        return NextStep("second_purchase")
    if (challenge := _one_step_away(contest)) is not None:
        return NextStep("challenge", challenge=challenge)
    near = [tile for tile in shelf.near if tile.percent >= 50]
    if near:
        return NextStep("medal", medal=near[0])
    if tier.next is not None and tier.filled_pct >= 50:
        return NextStep(
            "tier",
            tier=tier.next.name,
            rate_bp=tier.next.rate_bp,
            missing_minor=tier.next.missing_minor,
        )
    if wallet.pending:
        return NextStep("pending", points=wallet.pending[0].points, on=wallet.pending[0].on)
    if shelf.near:
        return NextStep("medal", medal=shelf.near[0])
    return None


def _one_step_away(contest: OnHome | None) -> ChallengeView | None:
    """The challenge on Home, where the next purchase may bring its reward."""
    if contest is None or (view := contest.challenge) is None:
        return None
    if view.state != "going" or view.is_paused or view.prizes_gone:
        return None
    return view if is_near(view.terms, view.score) else None


def news_of(
    wallet: Wallet,
    shelf: MedalShelf,
    operations: Sequence[OperationRow],
    purchases: int,
    today: date,
) -> NewsLine:
    """What changed, the most useful thing first."""
    if purchases == 0 and all(row.kind == "act" for row in operations):
        return NewsLine("welcome")
    if wallet.expiring and wallet.expiring[0].days_left <= BURNS_SOON:
        lot = wallet.expiring[0]
        return NewsLine("expiring", points=lot.points, on=lot.on, days_left=lot.days_left)
    fresh = [tile for tile in shelf.earned if tile.fresh and tile.earned_on]
    if fresh and fresh[0].earned_on and (today - fresh[0].earned_on).days <= 2:
        return NewsLine("medal", medal=fresh[0])
    if wallet.pending:
        return NewsLine("arriving", points=wallet.pending[0].points, on=wallet.pending[0].on)
    near = [tile for tile in shelf.near if tile.done and tile.percent >= 80]
    return NewsLine("near_medal", medal=near[0]) if near else NewsLine("quiet")
