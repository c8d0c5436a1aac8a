"""POST /returns: somebody brought back."""

from flask import Response

from gamification.commands.till import record_receipt
from gamification.readmodels.challenge_moves import told_moves
from gamification.readmodels.till import till_terms
from gamification.world import World
from webapp.api.answered import ReceiptAnswer
from webapp.api.asked import ReturnIn
from webapp.api.bodies import read_object
from webapp.api.faults import read_as
from webapp.api.gate import sender
from webapp.api.marks import _l
from webapp.api.purchases import Told, answer_receipt
from webapp.api.reading import Reader
from webapp.api.verbs import Answer, Example, Verb
from webapp.world import run_world


def post_return() -> Response:
    """Record the return of the body, once."""
    told = read_as(ReturnIn, read_object())
    source = sender()

    def record(world: World) -> Told:
        reader = Reader(till_terms(world), source)
        outcome = record_receipt(world, reader.give_back(told), reader.who(told.member))
        return outcome, told_moves(world, outcome.answer)

    return answer_receipt(told.id, "return", *run_world(record))


EXAMPLES = {
    "line": Example(
        about=_l("One of the two rolls comes back"),
        status=201,
        body={
            "id": "2026-11-25/0007",
            "occurred_at": "2026-11-25T12:00:00+03:00",
            "member": {"card": "4600123456789"},
            "purchase_id": "2026-11-24/0117",
            "lines": [{"line": 2, "quantity": 1, "amount": "160.00"}],
        },
        answer={
            "id": "2026-11-25/0007",
            "type": "return",
            "status": "recorded",
            "waits": None,
            "reason": None,
            "points": 0,
            "clawed_back": 5,
            "points_back": 0,
            "tier": "leaf",
            "medals": [],
            "medals_withdrawn": [],
            "returns_applied": [],
            "challenges": [],
        },
    ),
    "whole": Example(
        about=_l("A whole purchase comes back"),
        status=201,
        body={
            "id": "2026-11-25/0008",
            "occurred_at": "2026-11-25T12:05:00+03:00",
            "member": {"card": "4600123456789"},
            "purchase_id": "2026-11-24/0118-b",
            "whole": True,
        },
    ),
    "elsewhere": Example(
        about=_l("Goods that were bought at another till, which has a key of its own"),
        status=201,
        body={
            "id": "2026-11-25/0012",
            "occurred_at": "2026-11-25T12:20:00+03:00",
            "member": {"card": "4600123456789"},
            "purchase_id": "2026-11-24/0031",
            "purchase_source": "online-shop",
            "whole": True,
        },
    ),
    "unnamed": Example(
        about=_l("Goods without their receipt: found by sku and price"),
        status=201,
        body={
            "id": "2026-11-25/0009",
            "occurred_at": "2026-11-25T12:10:00+03:00",
            "member": {"card": "4600123456789"},
            "lines": [{"sku": "ROLL-1", "quantity": 1, "price": "160.00"}],
        },
    ),
    "early": Example(
        about=_l("A return that overtook its purchase waits for it"),
        status=202,
        body={
            "id": "2026-11-25/0010",
            "occurred_at": "2026-11-25T12:15:00+03:00",
            "member": {"card": "4600123456789"},
            "purchase_id": "2026-11-25/0011",
            "whole": True,
        },
    ),
}

VERB = Verb(
    name="post_return",
    method="POST",
    path="/returns",
    scope="receipts:write",
    summary=_l("Record a return"),
    about=_l(
        "The kept goods are valued anew by the rules that held at the purchase; what was earned"
        " too much is taken back, points paid come back. A return that names a purchase we do not"
        " know yet is kept for 30 days and applied when the purchase comes; if it does not fit it,"
        " it waits for a person, like a return dated before its purchase."
    ),
    act=post_return,
    body=ReturnIn,
    answers={
        201: Answer(_l("It is recorded."), ReceiptAnswer),
        200: Answer(
            _l("It was told before: the first answer, or that a person rejected it."),
            ReceiptAnswer,
            True,
        ),
        202: Answer(
            _l("It is kept and waits for its purchase or for a person."), ReceiptAnswer, True
        ),
    },
    problems={
        403: ("member_blocked", "card_blocked", "read_only_now"),
        404: ("unknown_member", "unknown_receipt", "unknown_source"),
        409: ("conflicting_body", "receipt_closed", "programme_missing"),
        422: ("returns_too_much", "goods_differ", "amount_too_large"),
    },
    examples=EXAMPLES,
)
