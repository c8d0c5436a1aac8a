"""Specs as functions: made once per version of the definitions, asked at every purchase.

A condition that a spec does not have costs nothing; one that it has is a closure.
"""

from collections.abc import Callable, Iterable

from gamification.case import Act, Line
from gamification.measures.catalogue import Count, Where, in_hours, week_of

ActTest = Callable[[Act], bool]
LineTest = Callable[[Line], bool]
Numbers = Callable[[Act], dict[str, int]]
Keys = Callable[[Act], Iterable[str]]

NO_NUMBERS: dict[str, int] = {}
NO_KEYS: tuple[str, ...] = ()


def line_test(where: Where) -> LineTest:
    """Whether a kept line passes."""
    if not where.categories:
        return lambda line: line.is_left
    wanted = frozenset(where.categories)
    return lambda line: line.category in wanted and line.is_left


def act_test(where: Where) -> ActTest | None:
    """Whether a purchase as a whole passes; None when all do."""
    tests = [*_moment_tests(where), *_place_tests(where), *_basket_tests(where)]
    if len(tests) < 2:
        return tests[0] if tests else None
    return lambda act: all(test(act) for test in tests)


def _moment_tests(where: Where) -> Iterable[ActTest]:
    weekdays, hours = frozenset(where.weekdays), where.hours
    if weekdays:
        yield lambda act: act.day.isoweekday() in weekdays
    if len(hours) == 1:
        yield lambda act: in_hours(act.minute, hours[0])
    elif hours:
        yield lambda act: any(in_hours(act.minute, span) for span in hours)


def _place_tests(where: Where) -> Iterable[ActTest]:
    stores, channels = frozenset(where.stores), frozenset(where.channels)
    challenges = frozenset(where.challenges)
    if stores:
        yield lambda act: act.store in stores
    if channels:
        yield lambda act: act.channel in channels
    if challenges:
        yield lambda act: (act.body or {}).get("challenge") in challenges


def _basket_tests(where: Where) -> Iterable[ActTest]:
    amount, lines, takes = where.amount_from, where.lines_from, line_test(where)
    if amount:
        yield lambda act: act.amount_left >= amount
    if lines:
        yield lambda act: len(act.lines) >= lines and kept_lines(act) >= lines
    if where.categories:
        yield lambda act: any(takes(line) for line in act.lines)


def kept_lines(act: Act) -> int:
    """How many lines are still kept."""
    return sum(line.is_left for line in act.lines)


def numbers_of(count: Count) -> Numbers:
    """What a kept purchase adds to a count, by period (`all`, or `cat:…` for each category)."""
    admits, tell = act_test(count.where), _plain_numbers(count)
    if admits is None:
        return tell
    return lambda act: tell(act) if admits(act) else NO_NUMBERS


def _plain_numbers(count: Count) -> Numbers:
    if count.split == "category":
        return _split_numbers(count)
    if count.unit == "acts":
        once = {"all": 1}
        return lambda act: once
    takes, by_quantity = line_test(count.where), count.unit == "quantity"

    def tell(act: Act) -> dict[str, int]:
        kept = [x.quantity_left // 1000 if by_quantity else 1 for x in act.lines if takes(x)]
        return {"all": sum(kept)} if kept else NO_NUMBERS

    return tell


def _split_numbers(count: Count) -> Numbers:
    takes, unit = line_test(count.where), count.unit

    def tell(act: Act) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in act.lines:
            if line.category is None or not takes(line):
                continue
            period = f"cat:{line.category}"
            amount = line.quantity_left // 1000 if unit == "quantity" else 1
            found[period] = 1 if unit == "acts" else found.get(period, 0) + amount
        return found

    return tell


def moment_key(act: Act) -> str:
    """The local day and minute of an act, with its zone: `2026-09-24T23:10 Europe/Moscow`."""
    hour, minute = divmod(act.minute, 60)
    return f"{act.day.isoformat()}T{hour:02}:{minute:02} {act.zone}"


def birthday_key(act: Act) -> Iterable[str]:
    """The year of the birthday that a purchase was made around, as judged when it came."""
    year = (act.judged or {}).get("birthday")
    return NO_KEYS if year is None else (str(year),)


PLAIN_KEYS: dict[str, Keys] = {
    "day": lambda act: (act.day.isoformat(),),
    "week": lambda act: (week_of(act.day),),
    "month": lambda act: (act.day.isoformat()[:7],),
    "store": lambda act: (act.store,) if act.store else NO_KEYS,
    "channel": lambda act: (act.channel,) if act.channel else NO_KEYS,
    "event": lambda act: (act.type,),
    "act": lambda act: (str(act.id),),
    "moment": lambda act: (moment_key(act),),
    "birthday": birthday_key,
    "best_amount": lambda act: (str(act.amount_left),),
    "best_lines": lambda act: (str(kept_lines(act)),),
}


def keys_of(kind: str, where: Where) -> Keys:
    """The keys of one kind that a kept purchase holds."""
    admits, tell = act_test(where), PLAIN_KEYS.get(kind) or _line_keys(kind, where)
    if admits is None:
        return tell
    return lambda act: tell(act) if admits(act) else NO_KEYS


def _line_keys(kind: str, where: Where) -> Keys:
    takes = line_test(where)
    if kind == "category":
        return lambda act: {x.category for x in act.lines if x.category and takes(x)}
    return lambda act: {x.sku for x in act.lines if x.sku and takes(x)}
