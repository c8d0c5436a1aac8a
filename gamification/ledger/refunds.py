"""Give points back that were spent on goods now returned."""

from gamification.ledger.actions import Posting, refund


def refund_act(posting: Posting, return_id: int, purchase_id: int, points: int) -> int:
    """Points of a purchase back into the lots they came from; answers how many."""
    spend_id, drawn = posting.state.spent_lots(purchase_id)
    left = refund(
        posting,
        f"refund:{return_id}:{purchase_id}",
        points,
        drawn,
        activity_id=return_id,
        reverses_id=spend_id,
    )
    posting.state.keep_spent(purchase_id, left)
    return points
