"""The member report worked out again with the standard library only, straight from the files.

Nothing of the program is imported here, so that a mistake of one is not a mistake of both.
"""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

CENT = Decimal("0.01")
RATES = ((0, 1), (10_000, 2), (30_000, 3), (60_000, 5))
TIERS = ("sprout", "leaf", "branch", "wreath")


@dataclass
class Paper:
    """A document of one customer: `kind` is sale or return, `exact` its unrounded sum."""

    customer: str
    kind: str
    moment: datetime
    exact: Decimal = Decimal(0)
    former: Decimal = Decimal(0)

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def total(self) -> Decimal:
        with localcontext(Context(prec=200)):
            return self.exact.quantize(CENT, rounding=ROUND_HALF_UP)


def add_exactly(paper: Paper, amount: Decimal) -> None:
    with localcontext(Context(prec=200)):
        paper.exact += amount


def opened(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        yield from text


def online_retail(path: Path) -> list[Paper]:
    """One row a line; C… is a return, A… is left out, rows of nobody are passed over."""
    papers: dict[str, Paper] = {}
    for row in csv.DictReader(opened(path)):
        number = row["InvoiceNo"]
        if not row["CustomerID"] or number.startswith("A"):
            continue
        moment = datetime.fromisoformat(row["InvoiceDate"])
        customer = row["CustomerID"].removesuffix(".0")
        kind = "return" if number.startswith("C") else "sale"
        paper = papers.setdefault(number, Paper(customer, kind, moment))
        paper.moment = min(paper.moment, moment)
        add_exactly(paper, Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]))
    return list(papers.values())


def complete_journey(path: Path) -> list[Paper]:
    """One row a line; timestamps are UTC, days are those of New York; no returns."""
    zone, papers = ZoneInfo("America/New_York"), {}
    for row in csv.DictReader(opened(path)):
        utc = datetime.fromisoformat(f"{row['transaction_timestamp']}+00:00")
        local = utc.astimezone(zone).replace(tzinfo=None)
        paper = papers.setdefault(row["basket_id"], Paper(row["household_id"], "sale", local))
        paper.moment = min(paper.moment, local)
        add_exactly(paper, Decimal(row["sales_value"]))
    return list(papers.values())


def x5_retailhero(path: Path) -> list[Paper]:
    """A card with its receipts a line; what points paid is written as negative roubles."""
    found: list[Paper] = []
    for line in opened(path):
        card = json.loads(line.split("\t")[0], parse_float=Decimal, parse_int=Decimal)
        found += [
            card_paper(str(card["client_id"]), paper) for paper in card["transaction_history"]
        ]
    return found


def card_paper(card: str, receipt: dict[str, Any]) -> Paper:
    moment = datetime.fromisoformat(receipt["datetime"])
    former = -receipt["regular_points_spent"] - receipt["express_points_spent"]
    return Paper(card, "sale", moment, receipt["purchase_sum"], former)


@dataclass
class Line:
    """What the report says of one customer, but for medals."""

    sales: Decimal = Decimal("0.00")
    returned: Decimal = Decimal("0.00")
    recent: Decimal = Decimal("0.00")
    sale_documents: int = 0
    return_documents: int = 0
    order_days: list[date] = field(default_factory=list)

    def row(self) -> dict[str, object]:
        days = self.order_days
        return {
            "net": str(self.sales + self.returned),
            "sales": str(self.sales),
            "returned": str(self.returned),
            "sale_documents": self.sale_documents,
            "orders": len(days),
            "return_documents": self.return_documents,
            "first_order": min(days).isoformat() if days else None,
            "last_order": max(days).isoformat() if days else None,
            "active_months": len({(day.year, day.month) for day in days}),
            "longest_month_streak": month_streak(days),
            "net_365d": str(self.recent),
        }


def month_streak(days: Iterable[date]) -> int:
    """The longest run of months with an order in each."""
    months = {day.year * 12 + day.month for day in days}
    runs = [0]
    for month in months:
        if month - 1 not in months:
            length = 1
            while month + length in months:
                length += 1
            runs.append(length)
    return max(runs)


def report(papers: Iterable[Paper], as_of: date | None = None) -> dict[str, dict[str, object]]:
    """Rows by customer: every money, date and count column."""
    papers = list(papers)
    end = as_of or max(paper.day for paper in papers)
    lines: dict[str, Line] = defaultdict(Line)
    for paper in papers:
        line = lines[paper.customer]
        if paper.day > end:
            continue
        if paper.day > end - timedelta(days=365):
            line.recent += paper.total
        if paper.kind == "return":
            line.returned += paper.total
            line.return_documents += 1
            continue
        line.sales += paper.total
        line.sale_documents += 1
        if paper.total > 0:
            line.order_days.append(paper.day)
    return {customer: line.row() for customer, line in lines.items()}


def earnings(papers: Iterable[Paper], as_of: date | None = None) -> dict[str, dict[str, object]]:
    """Points and tiers by customer, for files without returns that span at most a year.

    A purchase earns at the tier before it; the tier is what the last 365 dates come to,
    and nobody steps down within twelve months. Points ripen on the fourteenth day after.
    """
    papers = sorted(papers, key=lambda paper: paper.moment)
    end = as_of or max(paper.day for paper in papers)
    by_customer: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        by_customer[paper.customer].append(paper)
    return {customer: earned(found, end) for customer, found in by_customer.items()}


def each_earned(papers: list[Paper]) -> Iterator[tuple[Paper, int, int]]:
    """Each purchase of a customer, its points, and the tier after it."""
    tier = 0
    spent: list[tuple[date, Decimal]] = []
    for paper in papers:
        money = paper.total - paper.former
        points = int(money * RATES[tier][1] / 100)
        spent.append((paper.day, money))
        window = sum(m for day, m in spent if day > paper.day - timedelta(days=365))
        tier = max(tier, *(n for n, (need, _) in enumerate(RATES) if window >= need))
        yield paper, points, tier


def earned(papers: list[Paper], end: date) -> dict[str, object]:
    reached, balance, pending = 0, 0, 0
    for paper, points, tier in each_earned(papers):
        reached = tier
        if paper.day + timedelta(days=14) <= end:
            balance += points
        else:
            pending += points
    return {
        "points_earned": balance + pending,
        "points_reversed": 0,
        "balance": balance,
        "pending": pending,
        "tier": TIERS[reached],
    }
