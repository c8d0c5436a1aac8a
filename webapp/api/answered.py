"""What is answered: the shapes of good answers, apart from any table."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from gamification.commands.till import NOT_COUNTED, Outcome
from gamification.points import to_decimal
from gamification.readmodels.challenge_moves import ChallengeMove
from gamification.readmodels.challenges import ChallengeView
from gamification.readmodels.till import MemberAtTill, ReceiptAtTill
from gamification.readmodels.views import MedalTile, TierCard
from webapp.api.answered_parts import (
    Answered,
    ChallengeMoveView,
    MedalMove,
    challenge_moves,
    medal_moves,
)
from webapp.api.marks import _l
from webapp.words.formats import named
from webapp.words.medals import medal_name

Kind = Literal["purchase", "return"]
Waits = Literal[
    "purchase_unknown",
    "too_late",
    "from_the_future",
    "large_amount",
    "before_purchase",
    "does_not_fit",
]
State = Literal[
    "recorded",
    "partly_returned",
    "returned",
    "superseded",
    "parked",
    "under_review",
    "rejected",
]


class ReceiptAnswer(Answered):
    """What came of a receipt. Sent again, it gets the same answer until a person decides it."""

    id: str = Field(description=_l("Your number of this receipt."))
    type: Kind
    status: Literal["recorded", "parked", "under_review", "rejected"] = Field(
        description=_l(
            "Whether it counts, waits for its purchase or for a person, or was rejected by one."
        )
    )
    waits: Waits | None = Field(description=_l("What it waits for."))
    reason: str | None = Field(description=_l("Why a person rejected it."))
    points: int = Field(
        description=_l(
            "Points that it brought, medals included, less what the returns applied took back."
        )
    )
    clawed_back: int = Field(description=_l("Earned points that it took back."))
    points_back: int = Field(description=_l("Spent points that it gave back."))
    tier: str | None = Field(description=_l("The code of the member's tier afterwards."))
    medals: tuple[MedalMove, ...] = Field(description=_l("Medals that it brought."))
    medals_withdrawn: tuple[MedalMove, ...] = Field(description=_l("Medals that it took back."))
    returns_applied: tuple[str, ...] = Field(
        description=_l("Returns that came before this purchase, waited, and were applied with it.")
    )
    challenges: tuple[ChallengeMoveView, ...] = Field(
        description=_l("Challenges of this member that it moved, and how far they are with it.")
    )


def receipt_answer(
    receipt_id: str,
    kind: str,
    status: str,
    answer: dict[str, Any],
    moves: Iterable[ChallengeMove] = (),
) -> ReceiptAnswer:
    """The stored answer of an activity in the API's shape; `moves` are the challenges in it."""
    return ReceiptAnswer.model_validate(
        {
            "id": receipt_id,
            "type": kind,
            "status": status if status in NOT_COUNTED else "recorded",
            "waits": answer.get("waits"),
            "reason": answer.get("reason"),
            "points": answer.get("points", 0),
            "clawed_back": answer.get("clawed_back", 0),
            "points_back": answer.get("points_back", 0),
            "tier": answer.get("tier"),
            "medals": medal_moves(answer.get("medals", ())),
            "medals_withdrawn": medal_moves(answer.get("medals_withdrawn", ())),
            "returns_applied": answer.get("returns_applied", ()),
            "challenges": challenge_moves(moves),
        }
    )


def status_of(outcome: Outcome) -> int:
    """201 recorded now, 200 decided before, 202 it waits."""
    if outcome.status in ("parked", "under_review"):
        return 202
    return 200 if outcome.again else 201


class LineView(Answered):
    """A line of a kept receipt."""

    line: int = Field(description=_l("Its number, from 1, as a return names it."))
    sku: str | None
    category: str | None
    quantity: str = Field(description=_l("How much was bought or brought back."))
    quantity_left: str | None = Field(
        description=_l("How much of a purchase's line is still kept; null on returns.")
    )
    amount: str = Field(description=_l("Money for the whole line."))


class ReceiptView(Answered):
    """A receipt as it is kept."""

    id: str
    type: Kind
    state: State = Field(description=_l("What has become of it."))
    member_id: str = Field(description=_l("The member's public id."))
    occurred_at: datetime = Field(description=_l("When it happened, in the programme's zone."))
    recorded_at: datetime = Field(description=_l("When it came to us."))
    currency: str
    total: str = Field(description=_l("The sum of the receipt."))
    total_left: str | None = Field(
        description=_l("What of a purchase is still kept; null on returns.")
    )
    points: int = Field(description=_l("Points that the purchase earned."))
    points_left: int = Field(description=_l("What of them is left after returns."))
    purchase_id: str | None = Field(description=_l("The purchase that a return names."))
    purchase_source: str | None = Field(description=_l("Who told of that purchase."))
    supersedes: str | None = Field(description=_l("The purchase that this one corrects."))
    store: str | None
    channel: str | None
    operator: str | None
    lines: tuple[LineView, ...]
    answer: ReceiptAnswer = Field(description=_l("What was answered when it came."))


def receipt_view(found: ReceiptAtTill) -> ReceiptView:
    """A kept receipt in the API's shape; money of returns without its sign, as it was sent."""
    bought = found.type == "purchase"
    state = "recorded" if found.state == "counted" else found.state
    return ReceiptView.model_validate(
        {
            "id": found.id,
            "type": found.type,
            "state": state,
            "member_id": found.member_id,
            "occurred_at": found.occurred_at,
            "recorded_at": found.recorded_at,
            "currency": found.currency,
            "total": money_text(found.amount_minor, found.currency),
            "total_left": money_text(found.amount_left_minor, found.currency) if bought else None,
            "points": found.points,
            "points_left": found.points_left,
            "purchase_id": None if bought else found.names_id,
            "purchase_source": None if bought else found.names_source,
            "supersedes": found.names_id if bought else None,
            "store": found.store,
            "channel": found.channel,
            "operator": found.operator,
            "lines": [
                {
                    "line": line.number,
                    "sku": line.sku,
                    "category": line.category,
                    "quantity": quantity_text(line.quantity),
                    "quantity_left": quantity_text(line.quantity_left) if bought else None,
                    "amount": money_text(line.amount_minor, found.currency),
                }
                for line in found.lines
            ],
            "answer": receipt_answer(
                found.id, found.type, found.state, found.answer, found.challenges
            ),
        }
    )


def money_text(minor: int, currency: str) -> str:
    """Money as bodies write it: 124050 kopecks are "1240.50"."""
    return str(to_decimal(abs(minor), currency))


def quantity_text(thousandths: int) -> str:
    """A quantity without needless zeros: 1500 thousandths are "1.5"."""
    return format(Decimal(abs(thousandths)).scaleb(-3).normalize(), "f")


class PendingView(Answered):
    """Points on the way."""

    points: int
    on: date = Field(description=_l("The local day at whose start they can be spent."))


class NextTierView(Answered):
    """The tier above."""

    code: str
    name: str
    rate_percent: str = Field(description=_l("Per cent of a purchase that come back in points."))
    missing: str = Field(description=_l("Money that is missing to it."))
    by: date | None = Field(description=_l("The last day on which all of today's sum counts."))


class GraceView(Answered):
    """A tier that will be lost."""

    missing: str = Field(description=_l("Money that keeps the tier."))
    until: date = Field(description=_l("The last day to spend it."))
    falls_to: str = Field(description=_l("The code of the tier that comes otherwise."))


class TierView(Answered):
    """The member's tier now."""

    code: str
    name: str
    number: int = Field(description=_l("1 is the lowest."))
    of: int = Field(description=_l("How many tiers there are."))
    rate_percent: str = Field(description=_l("Per cent of a purchase that come back in points."))
    next: NextTierView | None
    grace: GraceView | None
    valid_until: date | None = Field(description=_l("The last day of its term."))


class MedalView(Answered):
    """A medal that the member holds."""

    code: str
    name: str
    level: int = Field(description=_l("1 bronze, 2 silver, 3 gold, 4 platinum, 5 obsidian."))
    subject: str | None = Field(description=_l("The category of a medal earned per category."))
    earned_on: date | None


class ProgressView(Answered):
    """A level that is under way."""

    code: str
    name: str
    level: int = Field(description=_l("The level that is worked on."))
    subject: str | None = Field(description=_l("The category of a medal earned per category."))
    done: int
    target: int


class ChallengeProgressView(Answered):
    """A challenge that runs for the member; nobody hears of one that is not theirs."""

    code: str
    name: str
    state: Literal["going", "done"] = Field(
        description=_l("Whether it goes on, or the goal is reached and the reward is to come.")
    )
    done: int = Field(description=_l("How far; money in its smallest units."))
    target: int
    missing: int = Field(
        description=_l(
            "What is missing to the target; more than the target where more went back than was"
            " bought."
        )
    )
    ends_at: datetime = Field(description=_l("The end by which the programme counts."))


class MemberView(Answered):
    """A member at this moment. No name and no contact leaves by the API."""

    member_id: str = Field(description=_l("The member's public id."))
    joined_on: date
    city: str | None = Field(description=_l("Where the member lives, if it is known."))
    balance: int = Field(description=_l("Points that can be spent now."))
    point_worth: str = Field(description=_l("Money that one point is worth."))
    currency: str
    debt: int = Field(description=_l("Points owed; the next ones repay them."))
    pending_points: int = Field(description=_l("Points on the way, never inside the balance."))
    pending: tuple[PendingView, ...] = Field(
        description=_l("The same by day of arrival, soonest first.")
    )
    tier: TierView
    medals: tuple[MedalView, ...]
    progress: tuple[ProgressView, ...] = Field(
        description=_l("Levels under way, the nearest first; no secrets.")
    )
    challenges: tuple[ChallengeProgressView, ...] = Field(
        description=_l("Challenges that run for this member, the nearest first.")
    )


def member_view(found: MemberAtTill) -> MemberView:
    """A member in the API's shape, with names in the reader's language."""
    return MemberView.model_validate(
        {
            "member_id": found.public_id,
            "joined_on": found.joined_on,
            "city": found.city,
            "balance": found.balance,
            "point_worth": money_text(found.worth_minor, found.currency),
            "currency": found.currency,
            "debt": found.debt,
            "pending_points": sum(lot.points for lot in found.pending),
            "pending": [{"points": lot.points, "on": lot.on} for lot in found.pending],
            "tier": tier_view(found.tier, found.currency),
            "medals": [medal_view(medal) for medal in found.medals],
            "progress": [progress_view(medal) for medal in found.progress],
            "challenges": [challenge_view(one) for one in found.challenges],
        }
    )


def challenge_view(view: ChallengeView) -> dict[str, Any]:
    return {
        "code": view.code,
        "name": named(view.name),
        "state": view.state,
        "done": min(max(view.score, 0), view.terms.goal),
        "target": view.terms.goal,
        "missing": view.missing,
        "ends_at": view.ends,
    }


def tier_view(tier: TierCard, currency: str) -> dict[str, Any]:
    way_up, grace = tier.next, tier.grace
    return {
        "code": tier.name.code,
        "name": named(tier.name),
        "number": tier.number,
        "of": tier.of,
        "rate_percent": percent_text(tier.rate_bp),
        "next": way_up
        and {
            "code": way_up.name.code,
            "name": named(way_up.name),
            "rate_percent": percent_text(way_up.rate_bp),
            "missing": money_text(way_up.missing_minor, currency),
            "by": way_up.by,
        },
        "grace": grace
        and {
            "missing": money_text(grace.missing_minor, currency),
            "until": grace.until,
            "falls_to": grace.falls_to.code,
        },
        "valid_until": tier.valid_until,
    }


def percent_text(basis_points: int) -> str:
    """Hundredths of a per cent without needless zeros: 750 are "7.5"."""
    return format(Decimal(basis_points).scaleb(-2).normalize(), "f")


def medal_view(tile: MedalTile) -> dict[str, Any]:
    return {
        "code": tile.code,
        "name": medal_name(tile),
        "level": tile.level,
        "subject": tile.subject.code if tile.subject else None,
        "earned_on": tile.earned_on,
    }


def progress_view(tile: MedalTile) -> dict[str, Any]:
    return {
        "code": tile.code,
        "name": medal_name(tile),
        "level": tile.level,
        "subject": tile.subject.code if tile.subject else None,
        "done": tile.done,
        "target": tile.target,
    }
