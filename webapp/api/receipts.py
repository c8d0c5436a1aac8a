"""GET /receipts/{receipt_id}: what has become of a receipt of this key."""

from flask import Response

from gamification.readmodels.till import receipt_at_till
from webapp.api.answered import ReceiptView, receipt_view
from webapp.api.gate import sender
from webapp.api.marks import _l
from webapp.api.verbs import Answer, Example, Verb, answer_with
from webapp.world import open_world


def get_receipt(receipt_id: str) -> Response:
    """A receipt that this key's name sent."""
    with open_world(readonly=True) as world:
        found = receipt_at_till(world, sender(), receipt_id)
    return answer_with(receipt_view(found), 200)


VERB = Verb(
    name="get_receipt",
    method="GET",
    path="/receipts/{receipt_id}",
    scope="receipts:write",
    summary=_l("Look at a receipt"),
    about=_l("A purchase or a return that was sent by a key of the same name."),
    act=get_receipt,
    path_values={"receipt_id": _l("Your number of the receipt.")},
    answers={200: Answer(_l("The receipt as it is kept."), ReceiptView)},
    # An id of dots only is taken for a path by whoever sends it.
    problems={404: ("unknown_receipt", "not_found"), 409: ("programme_missing",)},
    examples={
        "purchase": Example(
            about=_l("A purchase of which something came back"),
            status=200,
            values={"receipt_id": "2026-11-24/0117"},
        )
    },
)
