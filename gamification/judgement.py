"""What a purchase was judged in, kept with it: its returns are judged in the same."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from gamification.case import Act, Line
from gamification.earning.rules import Context, Earned, RuleSet, left_out, share_payment
from gamification.members.rules import birthday_in


def keep_judgement(
    act: Act,
    earned: Earned,
    context: Context,
    rules: RuleSet,
    rest_paid: int,
    old: Act | None,
) -> None:
    """Write on a purchase what it earned, why, and in which context.

    Args:
        rest_paid: the part of its unlisted rest that was paid with points.
        old: the purchase that this one corrects.
    """
    act.base = act.base_left = earned.base
    act.points = act.points_left = earned.points
    paid = act.points_paid * context.point_worth + act.paid_elsewhere
    judged: dict[str, Any] = {
        "tier": context.tier,
        "rate": context.rate,
        "worth": context.point_worth,
        "combine": context.combine,
        "rules": list(rules.versions),
        "trace": [*earned.trace, *left_out(act.lines, rules, paid)],
    }
    if context.combine == "multiply":
        judged["exact"] = True
    if rest_paid:
        judged["rest_paid"] = rest_paid
    if act.paid_elsewhere:
        judged["paid_elsewhere"] = act.paid_elsewhere
    if old:
        judged["supersedes"] = [old.id, *((old.judged or {}).get("supersedes", ()))]
        judged["at"] = [context.day.isoformat(), context.minute]
    act.judged = judged


def context_of(act: Act) -> Context:
    """The context that a purchase was judged in, as stored with it.

    A product of multipliers that does not say it is exact was rounded on the way.
    """
    judged = act.judged or {}
    combine = judged["combine"]
    if combine == "multiply" and "exact" not in judged:
        combine = "multiply_whole"
    day, minute = judged.get("at", (act.day.isoformat(), act.minute))
    return Context(
        judged["tier"],
        judged["rate"],
        date.fromisoformat(day),
        minute,
        judged["worth"],
        combine,
    )


def own_of(act: Act) -> frozenset[int]:
    """The activities whose lots belong to a purchase: itself and what it superseded."""
    return frozenset((act.id, *((act.judged or {}).get("supersedes", ()))))


def share_paid(act: Act, rest: int, context: Context, rules: RuleSet) -> int:
    """Take out of the earning money what points paid, ours or another programme's.

    Each line keeps its share; answers the share of the unlisted rest.
    """
    unit, points = context.point_worth, act.points_paid
    if act.paid_elsewhere:
        unit, points = 1, min(act.paid_elsewhere, payable(act.lines, rest, rules))
    shares, over = share_payment(act.lines, rest, points, rules)
    for line, share in zip(act.lines, shares, strict=True):
        line.paid = share * unit
    return over * unit


def payable(lines: Sequence[Line], rest: int, rules: RuleSet) -> int:
    """The money of a basket that points may pay: all but excluded goods."""
    goods = (x.amount for x in lines if x.category not in rules.excluded and x.amount > 0)
    return sum(goods) + max(rest, 0)


AROUND_BIRTHDAY = timedelta(days=7)


def note_birthday(act: Act, birthday: date | None) -> None:
    """Write on a purchase around the member's birthday which birthday it was.

    It is what was known on the day: a birthday told or changed later changes nothing.
    """
    if birthday is None or act.judged is None:
        return
    for year in (act.day.year - 1, act.day.year, act.day.year + 1):
        if abs(act.day - birthday_in(birthday, year)) <= AROUND_BIRTHDAY:
            act.judged["birthday"] = year
