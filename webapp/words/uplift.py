"""What a challenge brought, as plain sentences."""

from decimal import ROUND_CEILING, Decimal
from math import floor, log10
from typing import NamedTuple

from gamification.points import minor_digits
from gamification.readmodels.uplift import FEWEST, Arm, ExtraCost, Uplift, Verdict
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import HARD_SPACE, money, number, percent

MOST_DIGITS = 3
WHOLE_FROM = 10
"""From so many roubles on a cost is told without kopecks."""


class Unit(NamedTuple):
    """What an effect is counted in: a share of members, money of a currency, or pieces."""

    share: bool
    currency: str | None = None

    @property
    def digits(self) -> int:
        """How many digits after the point anybody can read."""
        return minor_digits(self.currency) if self.currency else MOST_DIGITS

    def read(self, value: float) -> float:
        """A value as it is read: percentage points, roubles or pieces."""
        if self.share:
            return value * 100
        return value / 10 ** minor_digits(self.currency) if self.currency else value


class SideWords(NamedTuple):
    """One side of the comparison."""

    name: str
    people: str
    mean: str


class UpliftWords(NamedTuple):
    """What may be said; `figure` is empty while no number may be."""

    code: Code
    verdict: str
    figure: str
    meaning: str
    sides: tuple[SideWords, SideWords]


def uplift_words(found: Uplift, said: Verdict, currency: str | None = None) -> UpliftWords:
    """All the words of one metric.

    Args:
        currency: of a mean of money in minor units; None for shares and pieces.
    """
    unit = unit_of(found, currency)
    return UpliftWords(
        code=Code(said.code),
        verdict=verdict_text(said),
        figure=figure_text(found, unit),
        meaning=meaning_text(found, said, unit),
        sides=(
            side_words(_("With the challenge"), found.treatment, found, unit),
            side_words(_("Control group"), found.control, found, unit),
        ),
    )


def unit_of(found: Uplift, currency: str | None) -> Unit:
    """What the arms were counted in."""
    share = found.treatment.kind == "share"
    return Unit(share, None if share else currency)


def verdict_text(said: Verdict) -> str:
    """«Работает», or how many more people it takes to say so."""
    if said.code == "works":
        return _("It works")
    if said.code == "harms":
        return _("It does harm")
    if said.code == "no_effect":
        return _("It does not work")
    if said.more_needed is None:
        return _("Too early to say")
    return ngettext(
        "Too early: about %(n)s more person needed", "Too early: about %(n)s more people needed",
        said.more_needed, n=number(said.more_needed),
    )  # fmt: skip


def figure_text(found: Uplift, unit: Unit) -> str:
    """«+4,5 п. п. (3,7 … 5,4)»; nothing where there is no interval."""
    if found.difference is None or found.low is None or found.high is None:
        return ""
    digits = digits_of(found, unit)
    change = written(found.difference, unit, digits)
    above = round(unit.read(found.difference), digits) > 0
    values = {
        "change": f"+{change}" if above else change,
        "low": bare(found.low, unit, digits),
        "high": bare(found.high, unit, digits),
    }
    if unit.share:
        return "{change} ({low} … {high})".format_map(values)
    return _("%(change)s per member (%(low)s … %(high)s)", **values)


def meaning_text(found: Uplift, said: Verdict, unit: Unit) -> str:
    """What follows from the numbers, in a sentence."""
    level = percent(round(found.level * 10_000))
    if said.code == "works":
        return _("With %(level)s confidence the difference lies within these bounds, above zero.",
                 level=level)  # fmt: skip
    if said.code == "harms":
        return _("With %(level)s confidence the difference lies within these bounds, below zero:"
                 " members do more without the challenge.", level=level)  # fmt: skip
    if said.code == "no_effect":
        return _("If there is a difference, it is smaller than %(size)s either way.",
                 size=rounded_up(said.smallest or 0, unit))  # fmt: skip
    if said.more_needed is not None:
        return _("With them, a difference of %(size)s, if there is one, will be seen in"
                 " %(power)s of cases.",
                 size=rounded_up(said.smallest or 0, unit),
                 power=percent(round(said.power * 10_000)))  # fmt: skip
    return silence_text(found)


def silence_text(found: Uplift) -> str:
    """Why nobody can say how many people are missing."""
    if min(found.treatment.people, found.control.people) < FEWEST:
        return _("There have to be at least %(n)s members on each side.", n=number(FEWEST))
    if found.low is None:
        return _("There is nothing to compare yet: all members of a side did the same.")
    return _("The control group has done nothing yet that could be compared.")


def side_words(name: str, arm: Arm, found: Uplift, unit: Unit) -> SideWords:
    """How many members one side has, and what one of them did on average."""
    people = ngettext("%(n)s member", "%(n)s members", arm.people, n=number(arm.people))
    if arm.mean is None:
        return SideWords(name, people, "")
    digits = digits_of(found, unit)
    if unit.share:
        hundredths = round(round(arm.mean * 100, min(digits, 2)) * 100)
        return SideWords(name, people, percent(hundredths))
    return SideWords(name, people, _("%(sum)s per member", sum=written(arm.mean, unit, digits)))


def smallest_text(effect: float | None, *, share: bool, currency: str | None = None) -> str:
    """What the builder says of a group: the smallest effect that it would show."""
    if effect is None:
        return _("Such a group shows no difference: take more members or a larger control group.")
    size = rounded_up(effect, Unit(share, currency))
    if share:
        # The point of the abbreviation ends the sentence too.
        return _("Such a group shows a rise from %(size)s A smaller one is lost in the noise.",
                 size=size)  # fmt: skip
    return _("Such a group shows a rise from %(size)s per member. A smaller one is lost in the"
             " noise.", size=size)  # fmt: skip


def cost_text(cost: ExtraCost, currency: str, *, of_money: bool) -> str:
    """What each extra result cost, or a hundred roubles of extra purchases.

    Args:
        cost: in minor units of the currency.
        of_money: whether the metric is money of the same currency.
    """
    times = 100 * 10 ** minor_digits(currency) if of_money else 1
    least = cost_money(cost.least * times, currency)
    if cost.most is None:
        bounds = _("from %(least)s, no upper bound yet", least=least)
    else:
        bounds = f"{least} … {cost_money(cost.most * times, currency)}"
    each = cost_money(cost.each * times, currency)
    if of_money:
        return _("%(hundred)s of extra purchases cost %(each)s (%(bounds)s).",
                 hundred=money(times, currency), each=each, bounds=bounds)  # fmt: skip
    return _("Each extra result cost %(each)s (%(bounds)s).", each=each, bounds=bounds)


def cost_money(minor: float, currency: str) -> str:
    """A cost, without kopecks where they say nothing."""
    one = 10 ** minor_digits(currency)
    return money(round(minor / one) * one if minor >= WHOLE_FROM * one else round(minor), currency)


def written(value: float, unit: Unit, digits: int) -> str:
    """A value with its unit."""
    text = bare(value, unit, digits)
    return in_points(text) if unit.share else text


def bare(value: float, unit: Unit, digits: int) -> str:
    """A value as it stands in brackets: money keeps its sign, points lose theirs."""
    rounded = Decimal(f"{unit.read(value):.{digits}f}")
    if unit.currency:
        return money(int(rounded.scaleb(minor_digits(unit.currency))), unit.currency)
    return number(rounded)


def rounded_up(value: float, unit: Unit) -> str:
    """A size with its unit, in two digits and never smaller than it is."""
    read = Decimal(repr(unit.read(value)))
    places = max(0, min(unit.digits, 1 - read.adjusted())) if read else 0
    up = round(read, 9).quantize(Decimal(1).scaleb(-places), rounding=ROUND_CEILING)
    if unit.currency:
        return money(int(up.scaleb(minor_digits(unit.currency))), unit.currency)
    return in_points(number(up)) if unit.share else number(up)


def in_points(text: str) -> str:
    """A number of percentage points, which no line parts."""
    sign = _("p.p.")
    return f"{text} {sign}".replace(" ", HARD_SPACE)


def digits_of(found: Uplift, unit: Unit) -> int:
    """Digits after the point that an interval of this width still bears.

    One digit of half its width; more where an end would read as nothing and is something.
    """
    if found.low is None or found.high is None:
        return min(1, unit.digits)
    low, high = unit.read(found.low), unit.read(found.high)
    half = (high - low) / 2
    digits = max(0, min(unit.digits, -floor(log10(half)))) if half > 0 else 0
    while digits < unit.digits and any(end and not round(end, digits) for end in (low, high)):
        digits += 1
    return unit.digits if digits and unit.currency else digits
