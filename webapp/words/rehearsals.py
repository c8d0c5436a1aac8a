"""Words of rehearsals: what the past cannot say, groups of members, examples, a chart."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from babel.dates import get_day_names
from flask_babel import lazy_gettext as _l

from gamification.readmodels.rehearsals import STEPS, RuleRehearsal, TierRehearsal, ToldTier
from gamification.readmodels.views import Named
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import day_year, locale, money, month, named, number, points

MOST_COLUMNS = 62
TALL, WIDE = 100, 10

KINDS: Mapping[str, Any] = {
    "multiplier": _l("More points for some goods or hours"),
    "bonus": _l("A bonus from a sum on"),
    "exclusion": _l("Goods without points"),
    "cap": _l("The most points for a receipt"),
    "tier_rate": _l("Rates of the tiers"),
}
DOWNGRADES: Mapping[str, Any] = {
    "none": _l("stays on it"),
    "one_step": _l("one step down"),
    "earned": _l("down to what the sum allows"),
}
UNKNOWN: Mapping[str, Any] = {
    "more_purchases": _l(
        "Whether people would have bought more or less: the receipts are those that there were."
    ),
    "unspent": _l(
        "How many of these points would have burned unspent: the money is that of all of them."
    ),
    "tiers_by_base": _l(
        "How tiers would move: goods without points do not count for them, and here tiers stay"
        " as they were."
    ),
    "dates_outside": _l("What the rule does on its own dates: none of them are in this period."),
    "tier_without_rate": _l("A tier without a rate earns nothing, as it would at the till."),
    "morning_tier": _l(
        "A second purchase on the day on which a tier was reached is counted by the tier of that"
        " morning."
    ),
}
COUNTED_UNKNOWN: Mapping[str, Callable[[int], str]] = {
    "no_goods": lambda n: ngettext(
        "What was bought on %(n)s receipt: not all of its goods name a category.",
        "What was bought on %(n)s receipts: not all of their goods name a category.",
        n, n=number(n),
    ),
    "versions_replaced": lambda n: ngettext(
        "The rule had %(n)s version in this period; the draft stands for all of it.",
        "The rule had %(n)s versions in this period; the draft stands for all of them.",
        n, n=number(n),
    ),
    "settings_then": lambda n: ngettext(
        "%(n)s member stands as settings of their time decided; today’s settings are used for the"
        " whole past.",
        "%(n)s members stand as settings of their time decided; today’s settings are used for the"
        " whole past.",
        n, n=number(n),
    ),
}  # fmt: skip


class Columns(NamedTuple):
    """One column of the chart: its first day, points before and after, and their heights."""

    first: date
    before: int
    after: int
    left: int
    tall: int
    tall_after: int


def weekdays() -> list[tuple[str, str]]:
    """The days of the week with their numbers, Monday first."""
    names = get_day_names("wide", locale=locale())
    return [(str(n + 1), str(names[n])) for n in range(7)]


def unknown_lines(unknown: Mapping[str, int]) -> list[str]:
    """What the past cannot say, a sentence each."""
    return [
        COUNTED_UNKNOWN[code](count) if code in COUNTED_UNKNOWN else str(UNKNOWN[code])
        for code, count in unknown.items()
    ]


def group_name(least: int) -> str:
    """«+1…10 баллов»: a group of differences by its least value."""
    if least == 0:
        return _("no difference")
    following = next((step for step in STEPS if step > least), None)
    if following is None:
        return _("%(n)s points and more", n=f"+{number(least)}")
    if least == STEPS[0]:
        return _("−%(most)s points and below", most=number(-following + 1))
    low, high = least, following - 1
    if least < 0:
        return _("−%(least)s to −%(most)s points", least=number(-high), most=number(-low))
    return _("+%(least)s to +%(most)s points", least=number(low), most=number(high))


def group_rows(groups: Mapping[int, int]) -> list[tuple[str, int]]:
    """The groups with somebody in them, the highest first."""
    return [(group_name(least), groups[least]) for least in reversed(STEPS) if groups.get(least)]


def columns_of(
    found: RuleRehearsal | TierRehearsal, first: date, last: date
) -> tuple[int, tuple[Columns, ...]]:
    """How many days a column stands for, and the columns of the period."""
    days = (last - first).days + 1
    each = -(-days // MOST_COLUMNS)
    sums: list[tuple[date, int, int]] = []
    for start in range(0, days, each):
        inside = [first + timedelta(days=n) for n in range(start, min(start + each, days))]
        before, after = (
            sum(counts.get(day, 0) for day in inside) for counts in (found.before, found.after)
        )
        sums.append((inside[0], before, after))
    most = max((max(before, after) for _day, before, after in sums), default=0) or 1
    return each, tuple(
        Columns(day, before, after, n * WIDE, tall_of(before, most), tall_of(after, most))
        for n, (day, before, after) in enumerate(sums)
    )


def tall_of(count: int, most: int) -> int:
    """How tall a column is; a single point can be seen."""
    return max(TALL * count // most, 2) if count > 0 else 0


def sum_line(difference: int) -> str:
    """«на 20 баллов больше»."""
    if difference == 0:
        return _("the same points")
    if difference > 0:
        return _("%(points)s more", points=points(difference))
    return _("%(points)s fewer", points=points(-difference))


def tier_sample_line(
    one: ToldTier, names: Mapping[str, Named], currency: str, window_days: int
) -> str:
    """Why an example would stand elsewhere, in a sentence."""
    sample = one.sample
    values = {
        "spent": money(sample.spent, currency), "need": money(sample.need, currency),
        "tier": named(names[sample.would]), "days": number(window_days),
    }  # fmt: skip
    if sample.reason == "stepped_down" and sample.since is not None:
        return _(
            "Stepped down to “%(tier)s” on %(day)s; the last %(days)s days come to %(spent)s, and"
            " %(need)s are needed above.",
            day=day_year(sample.since), **values,
        )  # fmt: skip
    if sample.reason == "reached" and sample.since is not None:
        return _(
            "Reached “%(tier)s” on %(day)s; the last %(days)s days come to %(spent)s.",
            day=day_year(sample.since), **values,
        )  # fmt: skip
    return _(
        "Never reached %(need)s within %(days)s days; the last ones come to %(spent)s.", **values
    )


def month_rows(found: TierRehearsal) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Moves by month: its name, ups and downs, each as pairs of today's scheme and the draft."""
    months = sorted(found.ups.keys() | found.downs.keys())
    return [
        (
            f"{month(date.fromisoformat(f'{one}-01'))} {one[:4]}",
            found.ups.get(one, (0, 0)),
            found.downs.get(one, (0, 0)),
        )
        for one in months
    ]


def matrix_rows(
    matrix: Counter[tuple[str, str]], now: list[str], then: list[str]
) -> list[tuple[str, list[int]]]:
    """For each tier of today, how many would stand on each tier of the draft."""
    return [(code, [matrix[code, other] for other in then]) for code in now]


FILTERS: dict[str, Callable[..., Any]] = {"sum_line": sum_line}
