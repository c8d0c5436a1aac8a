"""Receipts as the till says them, before anything is decided."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from pydantic_core import to_json

from gamification.case import Act, Line
from gamification.columns import to_micros
from gamification.points import price_text, ratio_text
from gamification.programme import zone_of
from gamification.refusals import AmountTooLarge

MOST_MINOR = 10**13
MOST_POINTS = 10**9


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line as stated: quantity in thousandths, amount in minor units after discounts.

    For a return both are negative. `price` is the exact unit price where stated.
    `line_no` of a return names the purchase's line where it is known. Prices are in
    minor units too, so that a stated one equals one that is worked out.
    """

    sku: str | None
    category: str | None
    quantity: int
    amount: int
    price: Fraction | None = None
    discounts: tuple[tuple[str, int], ...] = ()
    line_no: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A purchase or a return of one member.

    `total` is signed, in minor units, and may exceed the lines (a receipt
    whose rows carry no prices). `names_id` is the receipt that a return gives
    back or a correction supersedes, and `names_source` whose number that is where it is
    another's than its own; `whole` returns all that is left of it.
    `paid_elsewhere` is the part, in minor units, that was paid with points of
    another programme: it earns nothing, and this ledger knows nothing of it.
    `payment` is the till's own sign for what it was paid with: only a keyed hash is kept.
    `payment_mark` is that hash already, where a file was read: the sign is kept nowhere then.
    """

    type: str
    source: str
    external_id: str
    occurred_at: datetime
    zone: str
    total: int
    lines: tuple[ReceiptLine, ...]
    names_id: str | None = None
    whole: bool = False
    points_paid: int = 0
    store: str | None = None
    channel: str | None = None
    operator: str | None = None
    paid_elsewhere: int = 0
    payment: str | None = None
    payment_mark: str | None = None
    names_source: str | None = None

    @property
    def named_source(self) -> str:
        """Whose number `names_id` is."""
        return self.names_source or self.source


def body_hash(receipt: Receipt, member_key: str) -> str:
    """A hash of everything that matters in a body: 32 hex characters.

    Descriptions are no part of a receipt, and money is normalised, so that the
    same purchase told by another door has the same hash. Neither who stood at the till
    nor what it was paid with is in it: a till that learns to say so repeats itself.
    """
    body: list[Any] = [
        receipt.type,
        member_key,
        to_micros(receipt.occurred_at),
        receipt.total,
        receipt.points_paid,
        receipt.names_id,
        receipt.whole,
        receipt.store,
        receipt.channel,
        [
            (x.line_no, x.sku, x.category, x.quantity, x.amount, unit_price(x), x.discounts)
            for x in receipt.lines
        ],
    ]
    if receipt.paid_elsewhere:
        body.append(receipt.paid_elsewhere)
    if receipt.named_source != receipt.source:
        body.append({"names_source": receipt.named_source})
    return hashlib.blake2b(to_json(body), digest_size=16).hexdigest()


def unit_price(line: ReceiptLine) -> str | None:
    """The price by which a return finds its purchase: stated, or amount by quantity."""
    if line.price is not None:
        return price_text(line.price)
    if line.quantity == 0:
        return None
    return ratio_text(line.amount * 1000, line.quantity)


def act_of(receipt: Receipt, *, act_id: int, member_id: int, now: int, digest: str) -> Act:
    """The activity that a receipt becomes, with nothing earned yet."""
    if abs(receipt.total) > MOST_MINOR:
        raise AmountTooLarge(total=receipt.total)
    local = receipt.occurred_at.astimezone(zone_of(receipt.zone))
    lines = [
        Line(
            line_no=number,
            sku=line.sku,
            category=line.category,
            quantity=line.quantity,
            quantity_left=line.quantity,
            amount=line.amount,
            paid=0,
            base=0,
            price=unit_price(line),
            discounts=[{"kind": k, "amount": a} for k, a in line.discounts] or None,
            names_line=line.line_no,
        )
        for number, line in enumerate(receipt.lines, 1)
    ]
    return Act(
        id=act_id,
        source=receipt.source,
        external_id=receipt.external_id,
        member_id=member_id,
        type=receipt.type,
        state="counted",
        occurred=to_micros(receipt.occurred_at),
        recorded=now,
        zone=receipt.zone,
        day=local.date(),
        minute=local.hour * 60 + local.minute,
        amount=receipt.total,
        amount_left=receipt.total,
        base=0,
        base_left=0,
        points=0,
        points_left=0,
        points_paid=receipt.points_paid,
        lines=lines,
        body_hash=digest,
        store=receipt.store,
        channel=receipt.channel,
        operator=receipt.operator,
        names_id=receipt.names_id,
        names_source=receipt.named_source if receipt.names_id else None,
        paid_elsewhere=receipt.paid_elsewhere,
    )
