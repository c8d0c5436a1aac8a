"""Challenges as words: their names, and what their terms ask for and bring.

Pure: terms in, text out, in the reader's language. The builder says the same sentences.
"""

from collections.abc import Callable, Mapping
from typing import Any

from gamification.readmodels.challenges import ChallengeTerms, Step
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext, reader
from webapp.words.acts import act_name
from webapp.words.formats import minute, money, number, points

SHORT_DAYS = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))
PURCHASES = ("purchase",)
CHECK_INS = ("daily_check_in",)


def challenge_name(values: Mapping[str, Any]) -> str:
    """The name that a message or an explanation keeps, in the reader's language."""
    names = values.get("names") or {}
    return str(names.get(reader().language) or next(iter(names.values()), _("Challenge")))


def goal_sentence(terms: ChallengeTerms, currency: str) -> str:
    """What terms ask for, as a sentence to a customer."""
    steps = [step_phrase(step, currency) for step in terms.steps]
    if len(steps) == 1:
        said = with_dot(steps[0])
    else:
        listed = "; ".join(lowered(step) for step in steps)
        if terms.in_order:
            said = _("One after another: %(steps)s.", steps=listed)
        elif terms.goal == 1:
            said = _("One of these: %(steps)s.", steps=listed)
        elif terms.goal - terms.endowed < len(steps):
            said = _("Any %(n)s of these: %(steps)s.", n=number(terms.goal), steps=listed)
        else:
            said = _("All of these: %(steps)s.", steps=listed)
    return " ".join([said, *(notes_of(terms))])


def notes_of(terms: ChallengeTerms) -> list[str]:
    """What has to be added to a goal: forgiven misses, what is not new, what is given."""
    found = []
    for step in terms.steps:
        if step.freezes:
            found.append(
                ngettext(
                    "%(n)s miss is forgiven.", "%(n)s misses are forgiven.", step.freezes,
                    n=number(step.freezes),
                )
            )  # fmt: skip
        if step.fresh_days:
            found.append(
                ngettext(
                    "What you had within %(n)s day before does not count.",
                    "What you had within %(n)s days before does not count.", step.fresh_days,
                    n=number(step.fresh_days),
                )
            )  # fmt: skip
    if terms.endowed:
        found.append(
            ngettext(
                "%(n)s is marked for you already.", "%(n)s are marked for you already.",
                terms.endowed, n=number(terms.endowed),
            )
        )  # fmt: skip
    return found


def step_phrase(step: Step, currency: str) -> str:
    """One step with its conditions, without a dot at the end."""
    return " ".join(
        [PHRASES[step.kind](step, currency), ", ".join(conditions(step, currency))]
    ).strip()


def count_phrase(step: Step, _currency: str) -> str:
    n = step.at_least
    if step.events == PURCHASES:
        return ngettext("Make %(n)s purchase", "Make %(n)s purchases", n, n=number(n))
    if step.events == CHECK_INS:
        return ngettext("Look in on %(n)s day", "Look in on %(n)s days", n, n=number(n))
    return times_phrase(step)


def times_phrase(step: Step) -> str:
    """Acts of the registry by their names, and how often."""
    acts = _(" or ").join(act_name(event) for event in step.events)
    n = step.at_least
    return ngettext("“%(acts)s”, %(n)s time", "“%(acts)s”, %(n)s times", n, acts=acts, n=number(n))


def sum_phrase(step: Step, currency: str) -> str:
    return _("Spend %(sum)s", sum=money(step.at_least, currency))


def best_phrase(step: Step, currency: str) -> str:
    return _("Make one purchase of %(sum)s or more", sum=money(step.at_least, currency))


Counting = Callable[[int, str], str]
"""A phrase from a number and the same number as it is written."""

DISTINCT: dict[str, Counting] = {
    "day": lambda n, x: ngettext("Shop on %(n)s day", "Shop on %(n)s different days", n, n=x),
    "week": lambda n, x: ngettext("Shop in %(n)s week", "Shop in %(n)s different weeks", n, n=x),
    "month": lambda n, x: ngettext("Shop in %(n)s month", "Shop in %(n)s different months", n, n=x),
    "category": lambda n, x: ngettext(
        "Buy from %(n)s category", "Buy from %(n)s different categories", n, n=x
    ),
    "store": lambda n, x: ngettext("Shop in %(n)s store", "Shop in %(n)s different stores", n, n=x),
    "channel": lambda n, x: ngettext(
        "Shop in %(n)s way", "Shop in %(n)s different ways: in the store, online", n, n=x
    ),
    "sku": lambda n, x: ngettext("Buy %(n)s item", "Buy %(n)s different items", n, n=x),
    "event": lambda n, x: ngettext("Do %(n)s thing", "Do %(n)s different things", n, n=x),
}
STREAKS: dict[str, Counting] = {
    "day": lambda n, x: ngettext("Shop %(n)s day in a row", "Shop %(n)s days in a row", n, n=x),
    "week": lambda n, x: ngettext("Shop %(n)s week in a row", "Shop %(n)s weeks in a row", n, n=x),
    "month": lambda n, x: ngettext(
        "Shop %(n)s month in a row", "Shop %(n)s months in a row", n, n=x
    ),
}


def distinct_phrase(step: Step, _currency: str) -> str:
    return DISTINCT[str(step.of)](step.at_least, number(step.at_least))


def streak_phrase(step: Step, _currency: str) -> str:
    n, x = step.at_least, number(step.at_least)
    if step.events == CHECK_INS and step.of == "day":
        return ngettext("Look in %(n)s day in a row", "Look in %(n)s days in a row", n, n=x)
    return STREAKS[str(step.of)](n, x)


PHRASES: dict[str, Callable[[Step, str], str]] = {
    "count": count_phrase,
    "sum": sum_phrase,
    "distinct": distinct_phrase,
    "streak": streak_phrase,
    "best": best_phrase,
}


def conditions(step: Step, currency: str) -> list[str]:
    """Which purchases count, part by part, to stand after the phrase of a step."""
    where, found = step.where, []
    if where.categories:
        found.append(_("from %(goods)s", goods=quoted(where.categories)))
    if where.amount_from:
        total = money(where.amount_from, currency)
        each = _("each of %(sum)s or more", sum=total)  # of so many purchases
        found.append(each if step.kind == "count" else _("in receipts from %(sum)s", sum=total))
    if where.lines_from:
        found.append(
            ngettext(
                "with %(n)s item or more", "with %(n)s items or more", where.lines_from,
                n=number(where.lines_from),
            )
        )  # fmt: skip
    if where.weekdays:
        found.append(weekdays_phrase(where.weekdays))
    for start, end in where.hours:
        found.append(_("between %(start)s and %(end)s", start=minute(start), end=minute(end)))
    if where.stores:
        found.append(_("in %(stores)s", stores=quoted(where.stores)))
    if where.channels:
        found.append(" / ".join(channel_phrase(channel) for channel in where.channels))
    return found


def channel_phrase(channel: str) -> str:
    """How something was bought; a channel of the shop's own keeps its name."""
    known = {"pos": _("in the store"), "online": _("online"), "app": _("in the app")}
    return known.get(channel, f"“{channel}”")


def weekdays_phrase(days: tuple[int, ...]) -> str:
    """The days of a rule."""
    chosen = tuple(sorted(days))
    if chosen == (1, 2, 3, 4, 5):
        return _("on working days")
    if chosen == (6, 7):
        return _("on weekends")
    return _("on %(days)s", days=", ".join(_(SHORT_DAYS[day - 1]) for day in chosen))


def quoted(names: tuple[str, ...]) -> str:
    """Names in the quotation marks of the language, the last one after “or”."""
    marked = [_("“%(name)s”", name=name) for name in names]
    return _(" or ").join([", ".join(marked[:-1]), marked[-1]]) if marked[1:] else marked[0]


def reward_sentence(terms: ChallengeTerms) -> str:
    """What reaching the goal brings: «200 баллов и медаль»."""
    brought = points(terms.points) if terms.points else ""
    if terms.medal and brought:
        return _("%(points)s and a medal", points=brought)
    return brought or _("a medal")


def ladder_lines(terms: ChallengeTerms, currency: str) -> list[tuple[str, str]]:
    """Each rung: what it takes, and what it brings."""
    last = len(terms.ladder) - 1
    found = []
    for n, rung in enumerate(terms.ladder):
        brought = [points(rung.points)] if rung.points else []
        if terms.medal and n == last:
            brought.append(_("a medal"))
        found.append((amount_of(terms, rung.at, currency), ", ".join(brought)))
    return found


def amount_of(terms: ChallengeTerms, value: int, currency: str) -> str:
    """A score as people count it: money or a number of things."""
    return money(value, currency) if is_money(terms) else number(value)


def is_money(terms: ChallengeTerms) -> bool:
    """Whether the score is money."""
    return len(terms.steps) == 1 and terms.steps[0].kind in ("sum", "best")


def lowered(text: str) -> str:
    """To stand within a sentence."""
    return text[:1].lower() + text[1:]


def with_dot(text: str) -> str:
    """A phrase as a sentence."""
    return text if text.endswith(".") else f"{text}."
