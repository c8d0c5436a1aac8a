"""Which lots a debit draws from: pure."""

from collections.abc import Sequence

from gamification.case import LotState

NEVER = 2**62


def spending_order(lots: Sequence[LotState], at: int) -> list[LotState]:
    """Lots that can be spent at an instant: soonest expiry first, then oldest.

    Lots without expiry come last. Source: semantics 1.
    """
    free = [lot for lot in lots if lot.is_open(at) and lot.remaining > lot.reserved]
    return sorted(free, key=lambda lot: (lot.expires or NEVER, lot.available, lot.id))


def spendable(lots: Sequence[LotState], at: int) -> int:
    """Points that can be spent at an instant, without reserved ones."""
    return sum(lot.remaining - lot.reserved for lot in lots if lot.is_open(at))


def draw(order: Sequence[LotState], points: int) -> list[tuple[LotState, int]]:
    """Take points from lots in order; the parts may add up to less than asked."""
    drawn: list[tuple[LotState, int]] = []
    for lot in order:
        if points <= 0:
            break
        part = min(points, lot.remaining - lot.reserved)
        if part > 0:
            drawn.append((lot, part))
            points -= part
    return drawn


def clawback_order(
    lots: Sequence[LotState], own: frozenset[int], at: int, *, only_own: bool
) -> list[LotState]:
    """Lots that a return takes from: its purchase's own, on the way or not, then spendable ones."""
    mine = [x for x in lots if x.cause_id in own and (x.expires is None or at < x.expires)]
    mine.sort(key=lambda lot: (-lot.available, -lot.id))
    if only_own:
        return [lot for lot in mine if lot.available > at]
    return mine + [lot for lot in spending_order(lots, at) if lot.cause_id not in own]
