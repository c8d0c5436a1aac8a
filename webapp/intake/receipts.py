"""From the rows of a document to a receipt whose lines add up to its total: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from gamification.columns import from_micros
from gamification.commands.intake import Receipt, ReceiptLine
from gamification.commands.owner import MOST_MINOR
from gamification.points import minor_digits, to_minor
from webapp.intake.faults import BadRow
from webapp.intake.profile import Profile
from webapp.intake.rows import RETURN, Row
from webapp.intake.staging import Document
from webapp.intake.values import EXACT

LONGEST_PRICE = 60


@dataclass(frozen=True, slots=True)
class Money:
    """How a profile's money becomes minor units. A return turns signs when written as positive."""

    currency: str
    digits: int
    listed: bool
    goods: bool

    @classmethod
    def of(cls, profile: Profile) -> "Money":
        """The money of a profile: in its rows, or one total a receipt; with goods or without."""
        names = profile.columns
        return cls(
            currency=profile.currency,
            digits=minor_digits(profile.currency),
            listed=names.total is None,
            goods=names.sku is not None or names.quantity is not None,
        )

    def minor(self, amount: Decimal) -> int:
        """Whole minor units, rounded once, half away from zero."""
        return to_minor(amount, self.currency)


def receipt_of(document: Document, profile: Profile) -> Receipt:
    """The receipt that a document's rows make.

    Its total is the exact sum over all rows, rounded once; each line takes the
    difference of two rounded running sums, so that lines add up to the total.

    Raises:
        BadRow: more was paid with points than the receipt comes to, a return names two
            purchases, or the sum is beyond all bounds.
    """
    money = Money.of(profile)
    first = document.rows[0]
    with localcontext(EXACT):
        total = _total(document.rows, money)
        is_return = first.kind == RETURN
        if profile.kinds.negative_total_is_return and total < 0:
            is_return = True
        sign = -1 if is_return and profile.kinds.returns_are_positive else 1
        whole = sign * money.minor(total)
        if abs(whole) > MOST_MINOR:
            raise BadRow("amount_too_large", "amount", str(total))
        return Receipt(
            type="return" if is_return else "purchase",
            source=profile.source,
            external_id=document.name,
            occurred_at=from_micros(document.at),
            zone=profile.zone,
            total=whole,
            lines=_lines(document.rows, whole, money, sign),
            names_id=_named(document.rows) if is_return else None,
            paid_elsewhere=0 if is_return else _paid(document.rows, whole, money, profile),
            store=_first(row.store for row in document.rows),
            channel=_first(row.channel for row in document.rows),
            operator=_first(row.operator for row in document.rows),
            payment_mark=None if is_return else _first(row.payment for row in document.rows),
        )


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _named(rows: Sequence[Row]) -> str | None:
    """The one purchase that a return names, if it does."""
    found = {row.names for row in rows} - {None}
    if len(found) > 1:
        raise BadRow("mixed_names", "names")
    return next(iter(found), None)


def _total(rows: Sequence[Row], money: Money) -> Decimal:
    if money.listed:
        return sum((Decimal(row.amount or 0) for row in rows), Decimal(0))
    return Decimal(rows[0].total or 0)


def _lines(rows: Sequence[Row], total: int, money: Money, sign: int) -> tuple[ReceiptLine, ...]:
    if not money.goods:
        return (_money_line(total, money.digits),) if total else ()
    if not money.listed:
        return tuple(_line(row, 0, money, sign) for row in rows if row.sku or row.quantity)
    shares = _shares(rows, money)
    return tuple(
        _line(row, sign * share, money, sign) for row, share in zip(rows, shares, strict=True)
    )


def _shares(rows: Sequence[Row], money: Money) -> list[int]:
    """What each row takes of the total: its own money where that is whole minor units."""
    whole = [whole_minor(row.amount or "0", money.digits) for row in rows]
    if None not in whole:
        return [share for share in whole if share is not None]
    shares, run, upto = [], Decimal(0), 0
    for row in rows:
        run += Decimal(row.amount or 0)
        now = money.minor(run)
        shares.append(now - upto)
        upto = now
    return shares


@lru_cache(maxsize=65_536)
def whole_minor(text: str, digits: int) -> int | None:
    """An amount in minor units, None when it has parts of one."""
    scaled = Decimal(text).scaleb(digits, EXACT)
    whole = int(scaled)
    return whole if scaled == whole else None


def _line(row: Row, amount: int, money: Money, sign: int) -> ReceiptLine:
    return ReceiptLine(
        sku=row.sku,
        category=row.category,
        quantity=sign * row.quantity,
        amount=amount,
        price=None if row.price is None else exact_price(row.price, money.digits),
        discounts=() if row.discounts is None else _discounts(row.discounts, money),
    )


def _money_line(total: int, digits: int) -> ReceiptLine:
    """A receipt that lists no goods: so many units of money, each at the price of one.

    A later return that names the receipt can so take a part of it.
    """
    return ReceiptLine(
        sku=None,
        category=None,
        quantity=total * 1000 // 10**digits,
        amount=total,
        price=Fraction(10**digits),
    )


@lru_cache(maxsize=65_536)
def exact_price(text: str, digits: int) -> Fraction | None:
    """A unit price in minor units, by which returns find their purchase.

    None when it is too long to keep; it is then worked out of the line's money.
    """
    found = Fraction(Decimal(text)) * 10**digits
    return found if len(str(found)) <= LONGEST_PRICE else None


def _discounts(text: str, money: Money) -> tuple[tuple[str, int], ...]:
    pairs = (part.split("\t") for part in text.split("\n"))
    found = ((kind, money.minor(Decimal(amount))) for kind, amount in pairs)
    return tuple((kind, amount) for kind, amount in found if amount)


def _paid(rows: Sequence[Row], total: int, money: Money, profile: Profile) -> int:
    """The minor units of a purchase that were paid with points of a former programme."""
    counted = rows if money.listed else rows[:1]
    points = sum((Decimal(row.paid) for row in counted if row.paid), Decimal(0))
    paid = money.minor(points * profile.paid.worth)
    if paid > max(total, 0):
        raise BadRow("paid_exceeds_total", "paid", str(points))
    return paid
