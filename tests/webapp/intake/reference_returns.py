"""Points and tiers of a file with unnamed returns, worked out again from the written rules.

Nothing of the program is imported. The rules: a purchase earns at the tier before it, rounded
down; a return takes from the same customer's purchases of the same goods at the same price,
latest first; what they keep is reckoned again at their old rate, and the difference is taken
from their own points first, then from what can be spent, never below zero. The tier is the
highest that the kept money of 365 dates reaches; up at once, down at reviews only, and never
up by money that went back.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from pathlib import Path

from tests.webapp.intake.reference import RATES, TIERS, opened

NEEDS = [need * 100 for need, _ in RATES]
PER_POINT = 100 * 100


@dataclass
class Good:
    """A line: whole units, money in cents."""

    sku: str
    price: Decimal
    units: int
    left: int
    cents: int

    def kept(self) -> int:
        """The cents of the units that are left, rounded toward zero."""
        if self.left == self.units or self.units == 0:
            return self.cents
        size = abs(self.cents) * abs(self.left) // abs(self.units)
        return size if self.cents >= 0 else -size


@dataclass
class Slip:
    """A document with its goods."""

    customer: str
    number: str
    moment: datetime
    is_return: bool
    goods: list[Good] = field(default_factory=list)
    exact: Decimal = Decimal(0)
    rate: int = 0
    points: int = 0

    def cents(self) -> int:
        return int((self.exact * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def add(self, sku: str, units: int, price: Decimal) -> None:
        before = self.cents()
        self.exact += units * price
        self.goods.append(Good(sku, price, units, units, self.cents() - before))

    def kept(self) -> int:
        return sum(good.kept() for good in self.goods)

    def kept_points(self) -> int:
        return max(self.kept(), 0) * self.rate // PER_POINT


@dataclass
class Lot:
    """Points of one purchase."""

    slip: Slip
    left: int
    ripe: date


@dataclass
class Customer:
    """Everything of one customer, told in order of time."""

    bought: list[Slip] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    loose: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    earned: int = 0
    reversed: int = 0

    def sums(self) -> dict[date, int]:
        """The kept money of each day."""
        found: dict[date, int] = defaultdict(int, self.loose)
        for slip in self.bought:
            found[slip.moment.date()] += max(slip.kept(), 0)
        return found

    def tier(self, today: date) -> int:
        """The tier at the start of nothing but these sums, on a day."""
        return standing(self.sums(), today)

    def buy(self, slip: Slip) -> None:
        day = slip.moment.date()
        slip.rate = RATES[self.tier(day)][1]
        slip.points = slip.kept_points()
        self.bought.append(slip)
        if slip.points:
            self.earned += slip.points
            self.lots.append(Lot(slip, slip.points, day + timedelta(days=14)))

    def bring_back(self, slip: Slip) -> None:
        day = slip.moment.date()
        touched = [bought for bought in reversed(self.bought) if take(slip, bought)]
        for bought in reversed(touched):
            kept = bought.kept_points()
            owed = max(bought.points - kept, 0)
            bought.points -= owed
            self.reversed += self.take_points(owed, bought, day)
        self.loose[day] += sum(good.kept() for good in slip.goods)

    def take_points(self, owed: int, bought: Slip, today: date) -> int:
        own = [lot for lot in self.lots if lot.slip is bought]
        others = [lot for lot in self.lots if lot.slip is not bought and lot.ripe <= today]
        taken = 0
        for lot in own + others:
            part = min(owed - taken, lot.left)
            lot.left -= part
            taken += part
        return taken


def take(slip: Slip, bought: Slip) -> bool:
    """Let a return take what it can from one purchase; whether it took anything."""
    took = False
    for back in slip.goods:
        for good in bought.goods:
            if (good.sku, good.price) == (back.sku, back.price) and good.left > 0 > back.left:
                part = min(good.left, -back.left)
                good.left -= part
                back.left += part
                took = True
    return took


def months_later(day: date, months: int) -> date:
    first = date(day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def standing(sums: dict[date, int], today: date) -> int:
    """Up on a day of purchase, down by one step after a missed review and thirty days of grace."""
    tier, term, grace = 0, None, None
    days = sorted(day for day in sums if day <= today)

    def reached(end: date) -> int:
        window = sum(sums[day] for day in days if end - timedelta(days=365) < day <= end)
        return max(n for n, need in enumerate(NEEDS) if window >= need or n == 0)

    for day in [*days, today]:
        while (due := grace or (term and term + timedelta(days=1))) and due <= day:
            earned = reached(due - timedelta(days=1))
            if earned >= tier:
                term, grace = months_later(term, 12), None
            elif grace is None:
                grace = due + timedelta(days=30)
            else:
                tier = max(earned, tier - 1)
                term, grace = (months_later(due, 12) if tier else None), None
        if day in sums:
            earned = reached(day)
            if earned > tier or (grace and earned == tier):
                tier, term, grace = earned, months_later(day, 12), None
    return tier


def slips_of(path: Path) -> list[Slip]:
    """The documents of Online Retail in order of time, then of number."""
    found: dict[str, Slip] = {}
    for row in csv.DictReader(opened(path)):
        number = row["InvoiceNo"]
        if not row["CustomerID"] or number.startswith("A"):
            continue
        moment = datetime.fromisoformat(row["InvoiceDate"])
        customer = row["CustomerID"].removesuffix(".0")
        slip = found.setdefault(number, Slip(customer, number, moment, number.startswith("C")))
        slip.moment = min(slip.moment, moment)
        slip.add(row["StockCode"], int(row["Quantity"]), Decimal(row["UnitPrice"]))
    return sorted(found.values(), key=lambda slip: (slip.moment, slip.number))


def earnings(path: Path) -> dict[str, dict[str, object]]:
    """Points and tier of every customer at the end of the last day."""
    with localcontext(Context(prec=100)):
        slips = slips_of(path)
        end = max(slip.moment.date() for slip in slips)
        people: dict[str, Customer] = defaultdict(Customer)
        for slip in slips:
            who = people[slip.customer]
            (who.bring_back if slip.is_return else who.buy)(slip)
    return {customer: told(who, end) for customer, who in people.items()}


def told(who: Customer, end: date) -> dict[str, object]:
    return {
        "points_earned": who.earned,
        "points_reversed": who.reversed,
        "balance": sum(lot.left for lot in who.lots if lot.ripe <= end),
        "pending": sum(lot.left for lot in who.lots if lot.ripe > end),
        "tier": TIERS[who.tier(end)],
    }
