"""What is looked over before a launch: what holds, what warns, and what forbids it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from gamification.commands.challenge_desk import BLOCKING, ChallengeNow
from gamification.commands.challenges import ChallengePlan
from gamification.readmodels.challenge_desk import DeskFacts, Rehearsal
from gamification.readmodels.uplift import smallest_visible_share
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.challenge_charts import CostChart
from webapp.words.challenge_desk import FaultWords, fault_words, name_in
from webapp.words.formats import day, number, percent
from webapp.words.uplift import smallest_text

STEP = 1_000
"""A proposed budget is whole thousands."""


class CheckLine(NamedTuple):
    """A line of the list; `look` is good, warn or bad."""

    look: Code
    text: str
    field: str = ""


class BudgetAdvice(NamedTuple):
    """Why a budget may not last, and two presses that mend it: `field:value` with a label."""

    text: str
    raise_to: str
    raise_label: str
    lower_to: str
    lower_label: str


def faults_in_words(
    now: ChallengeNow, names: Mapping[int, Mapping[str, str]]
) -> tuple[FaultWords, ...]:
    """Everything that stands in the way. `names` are those of other challenges."""
    return tuple(
        fault_words(
            field, fault, values, blocks=fault in BLOCKING,
            name=name_in(names.get(values.get("challenge", 0), {})),
        )
        for field, fault, values in now.faults
    )  # fmt: skip


def check_lines(
    now: ChallengeNow,
    faults: tuple[FaultWords, ...],
    advice: BudgetAdvice | None,
    agreed: int,
) -> tuple[CheckLine, ...]:
    """The list, what forbids the launch first; `agreed` of those it is meant for want news."""
    found = [CheckLine(Code("bad" if f.blocks else "warn"), f.text, f.field) for f in faults]
    kinds = {(field, fault) for field, fault, _values in now.faults}
    if advice is not None:
        found.append(CheckLine(Code("warn"), _("The budget is below what was rehearsed;"
                                               " it can be launched."), "budget"))  # fmt: skip
    share = now.plan.terms.control_percent
    if not share:
        text = _("Without a control group nobody will know whether it works.")
        found.append(CheckLine(Code("warn"), text, "control_percent"))
    if not any(fault == "missing" and field.startswith("name") for field, fault in kinds):
        found.append(CheckLine(Code("good"), _("It has its names in Russian and English.")))
    if not any(fault == "paid_twice" for _field, fault in kinds):
        found.append(CheckLine(Code("good"), _("No other challenge pays for the same.")))
    if share:
        text = _("Control group: %(share)s.", share=percent(share * 100))
        found.append(CheckLine(Code("good"), text))
    found.append(told_line(agreed))
    return tuple(sorted(found, key=lambda line: ("bad", "warn", "good").index(line.look)))


def told_line(told: int) -> CheckLine:
    """How many the invitation may go to: who is meant and agreed to news."""
    if not told:
        text = _("Nobody in its audience has agreed to news: no invitations will go out, and"
                 " members will see it only on their own pages.")  # fmt: skip
        return CheckLine(Code("warn"), text, "audience")
    text = ngettext(
        "%(n)s of those it is meant for agreed to news and can be invited.",
        "%(n)s of those it is meant for agreed to news and can be invited.", told,
        n=number(told),
    )  # fmt: skip
    return CheckLine(Code("good"), text)


def budget_advice(
    plan: ChallengePlan, found: Rehearsal | None, chart: CostChart | None
) -> BudgetAdvice | None:
    """What to do where a rehearsal cost more than the budget; None where it did not."""
    if found is None or chart is None or plan.budget is None or found.points <= plan.budget:
        return None
    wanted = -(-found.points // STEP) * STEP
    share = plan.budget / found.points
    less = int(plan.terms.ladder[-1].points * share)
    less = less // 10 * 10 if less >= 20 else less
    single = len(plan.terms.ladder) == 1 and less > 0
    text = _("By the rehearsal it takes about %(need)s.", need=number(found.points))
    if chart.empty_on is not None:
        text += " " + _("With %(budget)s the rewards would have run out on %(day)s.",
                        budget=number(plan.budget), day=day(chart.empty_on))  # fmt: skip
    return BudgetAdvice(
        text,
        f"budget:{wanted}",
        _("Raise to %(least)s", least=number(wanted)),
        f"points:{less}" if single else "",
        _("Reward of %(points)s", points=number(less)) if single else "",
    )


def launch_label(plan: ChallengePlan, facts: DeskFacts) -> str:
    """What the button says: when it begins."""
    if plan.starts_at is None or plan.starts_at <= facts.now:
        return _("Launch now")
    starts = plan.starts_at.astimezone(facts.zone).date()
    return _("Launch on %(day)s", day=day(starts, facts.now.date()))


def visible_effect(size: int | None, plan: ChallengePlan, facts: DeskFacts) -> str:
    """The smallest rise of buyers that a group of this size would show."""
    if size is None or not plan.terms.control_percent:
        return ""
    rate = facts.buyers / facts.members if facts.members else 0.0
    smallest = smallest_visible_share(
        size, control_percent=plan.terms.control_percent, rate=min(rate, 1.0)
    )
    return smallest_text(smallest, share=True)


class DayCell(NamedTuple):
    """A day of the strip: its number, and whether the challenge runs or reminds on it."""

    number: int
    look: Code


def day_strip(plan: ChallengePlan, facts: DeskFacts, most: int = 26) -> tuple[DayCell, ...]:
    """The days around a challenge; none where they are too many to see."""
    if plan.starts_at is None or plan.ends_at is None or plan.terms.window != "dates":
        return ()
    first = plan.starts_at.astimezone(facts.zone).date()
    last = (plan.ends_at - timedelta(microseconds=1)).astimezone(facts.zone).date()
    length = (last - first).days + 1
    if length > most:
        return ()
    whole = 14 if length <= 12 else 28
    begin = first - timedelta(days=(whole - length) // 2)
    reminders = {last - timedelta(days=n) for n in plan.terms.remind_days}
    cells = []
    for n in range(whole):
        one = begin + timedelta(days=n)
        inside = first <= one <= last
        look = "remind" if inside and one in reminders else "on" if inside else "off"
        cells.append(DayCell(one.day, Code(look)))
    return tuple(cells)
