"""From what a till sent to what the programme takes: minor units, thousandths, instants."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from gamification.commands.member import normalise_phone, region_of
from gamification.commands.till import MemberRef, Receipt, ReceiptLine
from gamification.points import minor_digits, to_minor
from gamification.readmodels.till import Terms
from webapp.api.asked import (
    LineIn,
    MemberIn,
    PurchaseIn,
    PurchaseLineIn,
    ReceiptIn,
    ReturnIn,
    ReturnLineIn,
)
from webapp.api.refusals import Fault, InvalidRequest


@dataclass(slots=True)
class Reader:
    """Reads one receipt by the programme's terms and collects every fault on the way."""

    terms: Terms
    source: str
    faults: list[Fault] = field(default_factory=list)

    def purchase(self, told: PurchaseIn) -> Receipt:
        """A purchase. Raises InvalidRequest."""
        lines = [self._bought(n, line) for n, line in enumerate(told.lines)]
        receipt = self._receipt("purchase", told, lines, names_id=told.supersedes)
        return replace(receipt, payment=told.payment)

    def give_back(self, told: ReturnIn) -> Receipt:
        """A return. Raises InvalidRequest."""
        lines = [self._returned(n, line) for n, line in enumerate(told.lines)]
        if (told.purchase_source, told.purchase_id) == (self.source, told.id):
            self.faults.append(Fault("/purchase_id", "names_itself"))
        receipt = self._receipt(
            "return", told, lines, names_id=told.purchase_id, whole=told.whole, sign=-1
        )
        return replace(receipt, names_source=told.purchase_source)

    def who(self, member: MemberIn, *, query: bool = False) -> MemberRef:
        """The member that is meant; a phone as it is stored. Raises InvalidRequest."""
        if member.phone is None:
            return MemberRef(card=member.card, external_id=member.external_id)
        phone = normalise_phone(member.phone, region_of(self.terms.currency))
        if phone is None:
            place = (
                Fault("", "phone", parameter="phone") if query else Fault("/member/phone", "phone")
            )
            raise InvalidRequest(place)
        return MemberRef(phone=phone)

    def instant(self, told: datetime) -> datetime:
        """An instant; without its distance from UTC it is in the programme's zone."""
        return told.replace(tzinfo=self.terms.zone) if told.tzinfo is None else told

    def _receipt(
        self,
        kind: str,
        told: ReceiptIn,
        lines: Sequence[ReceiptLine],
        *,
        names_id: str | None,
        whole: bool = False,
        sign: int = 1,
    ) -> Receipt:
        listed = sum(line.amount for line in lines)
        total = listed
        if told.total is not None:
            total = sign * self._minor(told.total, "/total")
            if abs(total) < abs(listed):
                self.faults.append(Fault("/total", "total_too_small"))
        if self.faults:
            raise InvalidRequest(*self.faults)
        return Receipt(
            type=kind,
            source=self.source,
            external_id=told.id,
            occurred_at=self.instant(told.occurred_at),
            zone=self.terms.zone.key,
            total=total,
            lines=tuple(lines),
            names_id=names_id,
            whole=whole,
            store=told.store,
            channel=told.channel,
            operator=told.operator,
        )

    def _bought(self, number: int, line: PurchaseLineIn) -> ReceiptLine:
        at = f"/lines/{number}"
        quantity, amount, price = self._worth(line, at)
        return ReceiptLine(
            sku=line.sku,
            category=line.category,
            quantity=quantity,
            amount=amount,
            price=price,
            discounts=tuple(
                (d.kind, self._minor(d.amount, f"{at}/discounts/{n}/amount"))
                for n, d in enumerate(line.discounts)
            ),
        )

    def _returned(self, number: int, line: ReturnLineIn) -> ReceiptLine:
        at = f"/lines/{number}"
        quantity, amount, price = self._worth(line, at)
        if quantity == 0:
            self.faults.append(Fault(f"{at}/quantity", "quantity_zero"))
        return ReceiptLine(
            sku=line.sku,
            category=line.category,
            quantity=-quantity,
            amount=-amount,
            price=price,
            line_no=line.line,
        )

    def _worth(self, line: LineIn, at: str) -> tuple[int, int, Fraction | None]:
        """Thousandths, money of the whole line, and the exact price in minor units if stated."""
        quantity = Decimal(1) if line.quantity is None else line.quantity
        price = None
        if line.price is not None:
            price = Fraction(line.price.scaleb(minor_digits(self.terms.currency)))
        if line.amount is not None:
            amount = self._minor(line.amount, f"{at}/amount")
        else:
            assert line.price is not None, "a line has an amount or a price"
            amount = to_minor(line.price * quantity, self.terms.currency)
        return int(quantity * 1000), amount, price

    def _minor(self, money: Decimal, at: str) -> int:
        """Money in minor units; more digits than the currency has are a fault, not rounded."""
        scaled = money.scaleb(minor_digits(self.terms.currency))
        if scaled != scaled.to_integral_value():
            self.faults.append(
                Fault(at, "money_digits", {"most": minor_digits(self.terms.currency)})
            )
        return int(scaled)
