"""Why this many: a stored trace as lines that add up to the row exactly."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gamification.readmodels.faces import Faces
from gamification.readmodels.views import Named, WhyLine

Trace = Sequence[Mapping[str, Any]]


def why_purchase(trace: Trace, faces: Faces) -> tuple[WhyLine, ...]:
    """The lines of a purchase, in the order in which they were decided."""
    return tuple(_purchase_line(line, faces) for line in trace)


def _purchase_line(line: Mapping[str, Any], faces: Faces) -> WhyLine:
    make = LINES.get(line["code"])
    if make is None:
        return WhyLine("zero_total", amount_minor=line.get("on"))
    return make(line, _points(line), faces)


def _base(line: Mapping[str, Any], points: Decimal | None, faces: Faces) -> WhyLine:
    tier = faces.tier_named(line["tier"])
    return WhyLine("base_rate", points, tier=tier, rate_bp=line["rate"], amount_minor=line["on"])


def _multiplier(line: Mapping[str, Any], points: Decimal | None, faces: Faces) -> WhyLine:
    return WhyLine(
        "multiplier",
        points,
        rule=_rule(line, faces),
        times_pct=line["percent"],
        amount_minor=line["on"],
    )


def _bonus(line: Mapping[str, Any], points: Decimal | None, faces: Faces) -> WhyLine:
    rule = _rule(line, faces)
    return WhyLine("threshold_bonus", points, rule=rule, need_minor=line["threshold"])


def _missed(line: Mapping[str, Any], _points: Decimal | None, faces: Faces) -> WhyLine:
    rule = _rule(line, faces)
    return WhyLine(
        "threshold_missed", rule=rule, need_minor=line["threshold"], short_minor=line["by"]
    )


def _excluded(line: Mapping[str, Any], _points: Decimal | None, _faces: Faces) -> WhyLine:
    return WhyLine("excluded", category=Named(line["category"]), amount_minor=line["on"])


LINES: Mapping[str, Callable[[Mapping[str, Any], Decimal | None, Faces], WhyLine]] = {
    "base": _base,
    "multiplier": _multiplier,
    "bonus": _bonus,
    "bonus_missed": _missed,
    "excluded": _excluded,
    "paid_with_points": lambda line, *_: WhyLine("paid_with_points", amount_minor=line["on"]),
    "cap": lambda line, points, _: WhyLine("cap", points, cap=line["limit"]),
    "rounding": lambda _, points, __: WhyLine("rounding", points),
    "floor": lambda _, points, __: WhyLine("floor", points),
    "too_small": lambda line, *_: WhyLine("too_small", need_minor=line["need"]),
    "no_rule": lambda *_: WhyLine("no_rule"),
}
"""How each stored code becomes a line."""


def why_return(trace: Trace) -> tuple[WhyLine, ...]:
    """The lines of a return: what each purchase gave back, and what was let go."""
    lines: list[WhyLine] = []
    for line in trace:
        owed = line["before"] - line["kept"]
        if owed > 0:
            lines.append(WhyLine("clawback", Decimal(-owed), amount_minor=line.get("amount")))
            if let_go := owed - line.get("taken", 0):
                lines.append(WhyLine("written_off", Decimal(let_go)))
    return tuple(lines)


def why_act(trace: Trace) -> tuple[WhyLine, ...]:
    """The lines of an act besides purchases, counted or not, or of taking one back."""
    lines: list[WhyLine] = []
    for line in trace:
        why = WhyLine(
            line["code"], _points(line), act=line["act"], reason=line.get("per"),
            cap=line.get("most"), names=line.get("names"),
        )  # fmt: skip
        lines.append(why)
        if let_go := -int(why.points or 0) - line.get("taken", 0) if "taken" in line else 0:
            lines.append(WhyLine("written_off", Decimal(let_go)))
    return tuple(lines)


def _points(line: Mapping[str, Any]) -> Decimal | None:
    hundredths = line.get("points")
    return None if hundredths is None else Decimal(hundredths) / 100


def _rule(line: Mapping[str, Any], faces: Faces) -> Named | None:
    code = line.get("rule")
    return None if code is None else faces.rules.get(code, Named(code))
