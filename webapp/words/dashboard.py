"""Words of the overview: what each number is called, how it is counted, what a chart says."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from gamification.readmodels.books import AGES, Ages, Books, Moved
from gamification.readmodels.dashboard import Dashboard
from gamification.readmodels.periods import Period
from webapp.art.charts import Chart, columns, line
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.formats import HARD_SPACE, day, day_year, number, percent, signed

LEAST_COMPARED = 20
"""Below so many a change is not told in per cent: one person would be much of it."""
SPANS = {7: _l("7 days"), 30: _l("30 days"), 90: _l("90 days"), 365: _l("A year")}
SOURCES = {
    "purchase": _l("For purchases"),
    "grant": _l("For medals"),
    "challenge": _l("For challenges"),
    "invitation": _l("For invitations"),
    "act": _l("For birthdays, check-ins and other acts"),
    "opening": _l("Brought along from an earlier programme"),
    "correction": _l("Corrections of receipts"),
}
WENT = {
    "spent": _l("Spent on purchases"),
    "given_back": _l("Given back with a return"),
    "taken": _l("Taken back after a return or a cancellation"),
    "lapsed": _l("Lapsed unspent"),
    "repaid": _l("Kept in against a debt"),
    "written_off": _l("Written off"),
    "owed": _l("Became a debt"),
}
DEFINITIONS = {
    "active": _l(
        "Members with at least one purchase in the period that was not returned as a whole."
        " Each is counted once, however often they bought."
    ),
    "joined": _l("Members who joined in the period, by a form, at a till or with an import."),
    "issued": _l(
        "All points that were booked to members in the period, on the day of the purchase or act,"
        " before anything was taken back. Points on the way are among them."
    ),
    "spent": _l(
        "Points that members paid with in the period. What a return gave back is a line of its own."
    ),
    "outstanding": _l(
        "What the shop owes its members today: points that can be spent and points on the way,"
        " without those that have lapsed. In money: if all of them are spent."
    ),
    "lapsed": _l("Points whose time ran out in the period, on the day on which it did."),
    "written_off": _l(
        "Points that a return should have taken back, but the member had them no more."
        " They had been spent, so what is outstanding does not change."
    ),
    "friends": _l(
        "Friends who were invited in the period, and how far they have got since."
        " Openings of a link are not people."
    ),
    "challenges": _l(
        "Points promised to members who reached the goal, of the most that may be given."
        " Members who are kept apart for comparison are not counted."
    ),
}
STATES = {
    "live": _l("under way"),
    "paused": _l("paused"),
    "ending": _l("being closed"),
    "scheduled": _l("to begin"),
}
STEPS = ("opened", "joined", "bought", "qualified", "paid")
SET_UP = {
    "shop": _l("The shop has its name, money and zone"),
    "tiers": _l("The tiers stand"),
    "members": _l("The first members: an import, a till or the joining page"),
    "purchase": _l("The first purchase: connect a till or import receipts"),
    "challenge": _l("The first challenge"),
}
MOVES: Mapping[str, Any] = {**SOURCES, **WENT}


class Plot(NamedTuple):
    """A chart with its words: what it says in a sentence, its ends, and the same as a table.

    `heads` are the names of the series, `rows` pairs of a span and its values.
    """

    chart: Chart
    title: str
    says: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    first: str
    last: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for _span, values in self.rows for value in values)


def compared(now: int, before: int, *, comparable: bool) -> str:
    """«240 before, +12 %»: what there is to say of a number beside the one before."""
    if not comparable:
        return _("too early to compare")
    said = _("%(n)s in the period before", n=number(before))
    if min(now, before) < LEAST_COMPARED:
        return said
    change = (abs(now - before) * 200 + before) // (2 * before) * (1 if now > before else -1)
    return f"{said}, {signed(change)}{percent(0)[1:]}"


def span_of(period: Period, n: int) -> str:
    """The days of a column: «3 November», or «3 November – 9 November»."""
    first, last = period.columns[n], period.last_of(n)
    return day(first) if first == last else f"{day(first)}{HARD_SPACE}– {day(last)}"


def plots_of(books: Books, dashboard: Dashboard) -> dict[str, Plot]:
    """The three charts: what came and went, what is outstanding, who was active."""
    period = books.period
    issued = [moved.came for moved in books.columns]
    spent = [moved.spent for moved in books.columns]
    left, active = books.outstanding(), dashboard.active_by_column
    return {
        "moved": _plot(period, _("Points issued and spent"), columns([issued, spent]),
                       (_("Points issued"), _("Points spent")), (issued, spent)),
        "outstanding": _plot(period, _("Points outstanding"), line(left),
                             (_("Outstanding at the end"),), (left,)),
        "active": _plot(period, _("Active members"), columns([active]),
                        (_("Active members"),), (active,)),
    }  # fmt: skip


def _plot(
    period: Period,
    title: str,
    chart: Chart,
    heads: tuple[str, ...],
    series: Sequence[Sequence[int]],
) -> Plot:
    rows = tuple(
        (span_of(period, n), tuple(values[n] for values in series))
        for n in range(len(period.columns))
    )
    return Plot(
        chart, title, " ".join(map(_sentence, heads, series, [rows] * len(heads))), heads, rows,
        day_year(period.first), day_year(period.today),
    )  # fmt: skip


def _sentence(head: str, values: Sequence[int], rows: Any) -> str:
    most = max(range(len(values)), key=lambda n: values[n])
    return _(
        "%(what)s: first %(first)s, last %(last)s, most %(most)s (%(span)s).",
        what=head, first=number(values[0]), last=number(values[-1]), most=number(values[most]),
        span=rows[most][0],
    )  # fmt: skip


class Line(NamedTuple):
    """A line of the sum: its code, its words, its points, and the sign with which it counts."""

    code: str
    label: str
    points: int
    sign: str


def sum_lines(moved: Moved) -> tuple[Line, ...]:
    """Every movement between opening and closing that there was; issued ones by source."""
    found = [
        Line(code, str(label), moved.issued.get(code, 0), "+") for code, label in SOURCES.items()
    ]
    for code, sign in (("given_back", "+"), ("spent", "−"), ("taken", "−"), ("lapsed", "−"),
                       ("repaid", "−")):  # fmt: skip
        found.append(Line(code, str(WENT[code]), getattr(moved, code), sign))
    return tuple(one for one in found if one.points)


def beside_lines(moved: Moved) -> tuple[Line, ...]:
    """What was in nobody's wallet, so that it stands beside the sum."""
    found = [Line(code, str(WENT[code]), getattr(moved, code), "") for code in
             ("written_off", "owed")]  # fmt: skip
    return tuple(one for one in found if one.points)


def age_lines(ages: Ages) -> tuple[tuple[str, int], ...]:
    """What is outstanding by age, the youngest first."""
    found = [(_("On the way"), ages.on_the_way)]
    low = 0
    for most, points in zip(AGES, ages.by_age, strict=False):
        span = _("%(low)s–%(high)s days", low=number(low), high=number(most))
        found.append((span, points))
        low = most + 1
    found.append((_("more than a year"), ages.by_age[-1]))
    return tuple(found)


def challenge_days(count: int) -> str:
    """«3 days left»; what there is to say of the last one."""
    if count <= 0:
        return _("the time is over")
    return ngettext("%(n)s day left", "%(n)s days left", count, n=number(count))


def definition(code: str) -> str:
    """How a number is counted."""
    return str(DEFINITIONS[code])


def challenge_state(code: str) -> str:
    """How it stands with a challenge."""
    return str(STATES[code])


def set_up_step(code: str) -> str:
    """A step of a shop that begins."""
    return str(SET_UP[code])


def move_name(code: str) -> str:
    """A line of the books."""
    return str(MOVES[code])


FILTERS: dict[str, Callable[..., str]] = {
    "definition": definition,
    "running_state": challenge_state,
    "set_up_step": set_up_step,
    "move_name": move_name,
    "challenge_days": challenge_days,
}
