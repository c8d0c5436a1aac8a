"""How many medals each customer holds, counted again from the catalogue's rule sentences.

Nothing of the program is imported. A visit is a kept purchase of more than nothing.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.webapp.intake import reference, reference_returns
from tests.webapp.intake.reference import Paper, opened
from tests.webapp.intake.reference_returns import Customer


@dataclass
class Visit:
    """What medals see of a purchase; one category for each line, None where it has none."""

    moment: datetime
    lines: list[str | None]
    store: str | None
    points: int

    @property
    def day(self) -> date:
        return self.moment.date()

    @property
    def week(self) -> date:
        return self.day - timedelta(days=self.day.weekday())

    def between(self, start: int, end: int) -> bool:
        hour = self.moment.hour
        return start <= hour < end if start < end else hour >= start or hour < end


Values = dict[str, int]
LEVELS = {
    "first": (1,), "second": (1,), "regular": (10, 40, 120, 300), "weeks": (4, 8, 16, 40),
    "explorer": (3, 7, 12, 20), "stores": (2, 4, 8, 15), "basket": (1, 5, 20),
    "early": (1, 10, 40), "night": (1, 7, 25), "weekend": (4, 12, 36), "happy": (1, 8, 30),
    "saver": (500, 3_000, 10_000, 30_000), "back": (1,),
}  # fmt: skip
KEPT_ANYWAY = ("weeks", "stores", "early", "night", "weekend", "happy", "back")
"""These stay when goods go back; the others go with them."""


def values_of(visits: list[Visit]) -> tuple[Values, Counter[str]]:
    """The number behind each medal, and the lines of each category."""
    days = sorted({visit.day for visit in visits})
    lines = Counter(name for visit in visits for name in visit.lines if name is not None)
    return {
        "first": len(visits),
        "second": int(len(days) > 1 and days[1] - days[0] <= timedelta(days=14)),
        "regular": len(days),
        "weeks": longest_run(sorted({visit.week for visit in visits})),
        "explorer": len(lines),
        "stores": len({visit.store for visit in visits if visit.store}),
        "basket": sum(len(visit.lines) >= 15 for visit in visits),
        "early": sum(visit.between(6, 9) for visit in visits),
        "night": sum(visit.between(22, 2) for visit in visits),
        "weekend": len({visit.week for visit in visits if visit.day.weekday() > 4}),
        "happy": sum(visit.day.weekday() < 5 and visit.between(15, 17) for visit in visits),
        "saver": sum(visit.points for visit in visits),
        "back": sum(b - a >= timedelta(days=60) for a, b in pairwise(days)),
    }, lines


def longest_run(weeks: list[date]) -> int:
    """Weeks in a row; each quarter forgives the missing of one of its weeks."""
    best, run = 0, 0
    last: date | None = None
    forgiven: tuple[int, int] | None = None
    for week in weeks:
        missed = [quarter_of(one) for one in weeks_between(last, week)] if last else []
        fresh = [quarter for quarter in missed if quarter != forgiven]
        if last and len(fresh) == len(missed) == len(set(missed)):
            run, forgiven = run + 1, missed[-1] if missed else forgiven
        else:
            run = 1
        best, last = max(best, run), week
    return best


def weeks_between(earlier: date, later: date) -> Iterator[date]:
    """The Mondays strictly between two Mondays."""
    week = earlier + timedelta(days=7)
    while week < later:
        yield week
        week += timedelta(days=7)


def quarter_of(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def medals(best: Values, final: Values, lines: Counter[str]) -> int:
    """Every level of every medal; ten purchases are one each time; categories for themselves."""
    held = sum(
        (best if name in KEPT_ANYWAY else final)[name] >= need
        for name, needs in LEVELS.items()
        for need in needs
    )
    return (
        held + final["first"] // 10 + sum(n >= need for n in lines.values() for need in (5, 20, 60))
    )


def counted(visits: Iterable[tuple[str, Visit]]) -> dict[str, int]:
    """Medals by customer where nothing ever goes back."""
    found: dict[str, list[Visit]] = defaultdict(list)
    for customer, visit in visits:
        found[customer].append(visit)
    totals = {}
    for customer, theirs in found.items():
        values, lines = values_of(theirs)
        totals[customer] = medals(values, values, lines)
    return totals


def categories(path: Path, key: str, value: str) -> dict[str, str]:
    rows = csv.DictReader(opened(path.parent / "products.csv.gz"))
    return {row[key]: row[value] for row in rows if row[value].strip()}


def points_of(papers: list[Paper]) -> dict[str, list[int]]:
    """The points of each customer's purchases, in order of time."""
    by_customer: dict[str, list[Paper]] = defaultdict(list)
    for paper in sorted(papers, key=lambda paper: paper.moment):
        by_customer[paper.customer].append(paper)
    return {
        customer: [points for _, points, _ in reference.each_earned(theirs)]
        for customer, theirs in by_customer.items()
    }


def complete_journey(path: Path) -> dict[str, int]:
    goods, zone = categories(path, "product_id", "department"), ZoneInfo("America/New_York")
    baskets: dict[str, tuple[str, Visit]] = {}
    for row in csv.DictReader(opened(path)):
        utc = datetime.fromisoformat(f"{row['transaction_timestamp']}+00:00")
        moment = utc.astimezone(zone).replace(tzinfo=None)
        fresh = (row["household_id"], Visit(moment, [], row["store_id"], 0))
        visit = baskets.setdefault(row["basket_id"], fresh)[1]
        visit.lines.append(goods.get(row["product_id"]))
    papers = reference.complete_journey(path)
    points = points_of(papers)
    worth = {(p.customer, p.moment): p.total for p in papers}
    told = sorted(baskets.values(), key=lambda pair: pair[1].moment)
    for customer, visit in told:
        visit.points = points[customer].pop(0)
    return counted((who, visit) for who, visit in told if worth[who, visit.moment] > 0)


def x5_retailhero(path: Path) -> dict[str, int]:
    goods = categories(path, "product_id", "level_2")
    points, told = points_of(reference.x5_retailhero(path)), []
    for line in opened(path):
        card = json.loads(line.split("\t")[0], parse_float=Decimal)
        receipts = sorted(card["transaction_history"], key=lambda one: str(one["datetime"]))
        for receipt, earned in zip(receipts, points.get(card["client_id"], ()), strict=True):
            lines = [goods.get(one["product_id"]) for one in receipt["products"]]
            moment = datetime.fromisoformat(receipt["datetime"])
            visit = Visit(moment, lines, receipt["store_id"], earned)
            if receipt["purchase_sum"] > 0:
                told.append((card["client_id"], visit))
    return counted(told)


def online_retail(path: Path) -> dict[str, int]:
    """With returns: some medals stay at the best they ever were, others at what is kept."""
    best: dict[str, Values] = defaultdict(lambda: dict.fromkeys(LEVELS, 0))
    last: dict[str, tuple[Values, Counter[str]]] = {}
    people: dict[str, Customer] = defaultdict(Customer)
    for slip in reference_returns.slips_of(path):
        who = people[slip.customer]
        (who.bring_back if slip.is_return else who.buy)(slip)
        values, _lines = last[slip.customer] = values_of(kept_visits(who))
        for name, value in values.items():
            best[slip.customer][name] = max(best[slip.customer][name], value)
    return {customer: medals(best[customer], *found) for customer, found in last.items()}


def kept_visits(who: Customer) -> list[Visit]:
    return [
        Visit(slip.moment, [None] * sum(good.left != 0 for good in slip.goods), None, slip.points)
        for slip in who.bought
        if slip.kept() > 0
    ]
