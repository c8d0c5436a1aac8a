"""Give points back that were spent on goods now returned."""

from gamification.ledger.actions import Posting, refund


def refund_act(posting: Posting, return_id: int, purchase_id: int, points: int) -> int:
    """Points of a purchase back into the lots they came from; answers how many."""
    spend_id, drawn = posting.state.source.spent_lots(purchase_id)
    known = {lot.id: lot for lot in posting.state.lots()}
    for lot, _ in drawn:
        if lot.id not in known:
            posting.state.add_lot(lot)
            known[lot.id] = lot
    refund(
        posting,
        f"refund:{return_id}:{purchase_id}",
        points,
        [(known[lot.id], out) for lot, out in drawn],
        activity_id=return_id,
        reverses_id=spend_id,
    )
    return points
