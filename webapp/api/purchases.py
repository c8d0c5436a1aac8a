"""POST /purchases: somebody bought."""

from flask import Response, url_for

from gamification.commands.till import Outcome, record_receipt
from gamification.readmodels.challenge_moves import ChallengeMove, told_moves
from gamification.readmodels.till import till_terms
from gamification.world import World
from webapp.api.answered import ReceiptAnswer, receipt_answer, status_of
from webapp.api.asked import PurchaseIn
from webapp.api.bodies import read_object
from webapp.api.faults import read_as
from webapp.api.gate import sender
from webapp.api.marks import _l
from webapp.api.reading import Reader
from webapp.api.verbs import Answer, Example, Verb, answer_with
from webapp.world import run_world

REPLAYED = "Idempotent-Replayed"
Told = tuple[Outcome, tuple[ChallengeMove, ...]]
"""What came of a receipt, and the challenges that it moved."""


def post_purchase() -> Response:
    """Record the purchase of the body, once."""
    told = read_as(PurchaseIn, read_object())
    source = sender()

    def record(world: World) -> Told:
        reader = Reader(till_terms(world), source)
        outcome = record_receipt(world, reader.purchase(told), reader.who(told.member))
        return outcome, told_moves(world, outcome.answer)

    return answer_receipt(told.id, "purchase", *run_world(record))


def answer_receipt(
    receipt_id: str, kind: str, outcome: Outcome, moves: tuple[ChallengeMove, ...]
) -> Response:
    """What came of a receipt, now or when it was first told."""
    headers = {REPLAYED: "true"} if outcome.again else {}
    status = status_of(outcome)
    if status == 201:
        headers["Location"] = url_for("api.get_receipt", receipt_id=receipt_id)
    answer = receipt_answer(receipt_id, kind, outcome.status, outcome.answer, moves)
    return answer_with(answer, status, **headers)


EXAMPLES = {
    "goods": Example(
        about=_l("A coffee and two rolls, by card"),
        status=201,
        body={
            "id": "2026-11-24/0117",
            "occurred_at": "2026-11-24T09:15:00+03:00",
            "member": {"card": "4600123456789"},
            "lines": [
                {"sku": "CAP-300", "category": "coffee", "quantity": 1, "amount": "280.00"},
                {"sku": "ROLL-1", "category": "bakery", "quantity": 2, "price": "160.00"},
            ],
            "store": "Noon, Lenin street 5",
            "channel": "store",
            "operator": "till 2",
            "payment": "fp_7Qm3xT9kLw2",
        },
        answer={
            "id": "2026-11-24/0117",
            "type": "purchase",
            "status": "recorded",
            "waits": None,
            "reason": None,
            "points": 18,
            "clawed_back": 0,
            "points_back": 0,
            "tier": "sprout",
            "medals": [{"code": "first_purchase", "level": 1, "subject": None}],
            "medals_withdrawn": [],
            "returns_applied": [],
            "challenges": [
                {
                    "code": "coffee-card",
                    "name": "Coffee Pass",
                    "done": 1,
                    "target": 10,
                    "finished": False,
                }
            ],
        },
    ),
    "total": Example(
        about=_l("Only a total, by phone, in the programme's own time"),
        status=201,
        body={
            "id": "2026-11-24/0118",
            "occurred_at": "2026-11-24T09:20:00",
            "member": {"phone": "+79161234567"},
            "total": "1000.00",
        },
    ),
    "discount": Example(
        about=_l("By weight and with a discount that the till took off already"),
        status=201,
        body={
            "id": "2026-11-24/0119",
            "occurred_at": "2026-11-24T09:25:00+03:00",
            "member": {"external_id": "13085"},
            "lines": [
                {
                    "sku": "BEANS",
                    "category": "coffee",
                    "quantity": "0.350",
                    "price": "1200.00",
                    "amount": "378.00",
                    "discounts": [{"kind": "promo", "amount": "42.00"}],
                }
            ],
            "total": "428.00",
        },
    ),
    "correction": Example(
        about=_l("The second receipt was wrong: 1,500, not 1,000"),
        status=201,
        body={
            "id": "2026-11-24/0118-b",
            "supersedes": "2026-11-24/0118",
            "occurred_at": "2026-11-24T09:20:00",
            "member": {"phone": "+79161234567"},
            "total": "1500.00",
        },
    ),
    "large": Example(
        about=_l("An unusually large sum waits for a person"),
        status=202,
        body={
            "id": "2026-11-24/0121",
            "occurred_at": "2026-11-24T09:30:00+03:00",
            "member": {"card": "4600123456789"},
            "total": "250000.00",
        },
        answer={
            "id": "2026-11-24/0121",
            "type": "purchase",
            "status": "under_review",
            "waits": "large_amount",
            "reason": None,
            "points": 0,
            "clawed_back": 0,
            "points_back": 0,
            "tier": None,
            "medals": [],
            "medals_withdrawn": [],
            "returns_applied": [],
            "challenges": [],
        },
    ),
}

VERB = Verb(
    name="post_purchase",
    method="POST",
    path="/purchases",
    scope="receipts:write",
    summary=_l("Record a purchase"),
    about=_l(
        "The same id with the same contents may be sent again, also at once from several places:"
        " it counts once, and the first answer is given again. With other contents it is refused."
        " A receipt more than 30 days late or 5 minutes early, or of an unusually large"
        " sum (by default more than 100,000 roubles), waits for a person."
    ),
    act=post_purchase,
    body=PurchaseIn,
    answers={
        201: Answer(_l("It is recorded."), ReceiptAnswer),
        200: Answer(
            _l("It was told before: the first answer, or that a person rejected it."),
            ReceiptAnswer,
            True,
        ),
        202: Answer(_l("It is kept and waits for a person."), ReceiptAnswer, True),
    },
    problems={
        403: ("member_blocked", "card_blocked", "read_only_now"),
        404: ("unknown_member", "unknown_receipt"),
        409: ("conflicting_body", "receipt_closed", "programme_missing"),
        422: ("amount_too_large",),
    },
    examples=EXAMPLES,
)
