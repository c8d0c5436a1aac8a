"""What an act besides a purchase brings, and what taking it back costs: versioned terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gamification.activities.registry import ACT_TYPES, Per
from gamification.case import Act, TraceLine
from gamification.columns import from_micros, to_micros
from gamification.earning.versions import ActParams, RuleVersion
from gamification.ledger.actions import Posting, claw_back, credit
from gamification.programme import local_day, lot_life


@dataclass(frozen=True, slots=True)
class ActTerms:
    """The terms of one type at one instant; `version` None means that they are the shipped ones.

    `why` explains what an act brings: `act`, or a reason of the act's own for bringing nothing.
    `ripe` is the programme's day from which the points can be spent, where they have to wait;
    `note` is what the explanation says besides.
    """

    code: str
    points: int
    per: Per
    most: int
    on: bool
    version: int | None = None
    why: str = "act"
    ripe: date | None = None
    note: dict[str, Any] | None = None


class ActBook:
    """Every version of every act's terms; where a programme has none, the shipped ones hold."""

    def __init__(self, versions: Sequence[RuleVersion]) -> None:
        self._versions: dict[str, list[tuple[RuleVersion, ActParams]]] = {}
        for version in versions:
            params = ActParams.model_validate(version.params)
            self._versions.setdefault(params.type, []).append((version, params))

    def at(self, code: str, instant: int) -> ActTerms:
        """The terms of a registered type in force at an instant, in microseconds."""
        for version, params in reversed(self._versions.get(code, ())):
            ended = version.valid_until is not None and version.valid_until <= instant
            if version.valid_from <= instant and not ended:
                return ActTerms(code, params.points, params.per, params.most, params.on, version.id)
        shipped = ACT_TYPES[code]
        return ActTerms(code, shipped.points, shipped.per, shipped.most, on=True)


def keep_terms(act: Act, terms: ActTerms, *, why: str = "act") -> None:
    """Write on an act the terms it was judged by, and why it brings what it brings.

    `why` is `act`, or what kept it from counting: `act_limit`, `act_off`.
    """
    line: TraceLine = {"code": why, "act": act.type, "per": terms.per, "most": terms.most}
    line |= terms.note or {}
    if why == "act":
        line["points"] = 100 * terms.points
    act.judged = {"per": terms.per, "most": terms.most, "trace": [line]}
    if terms.version is not None:
        act.judged["rules"] = [terms.version]


def pay_act(posting: Posting, act: Act, terms: ActTerms) -> int:
    """Book what an act brings; answers the points.

    Nothing can be returned, so that they can be spent at once unless the terms say when; they
    burn as points of a purchase of that day would, had it no time for returns. Both days are
    the programme's: the member's own zone counts their days, it moves no promise. Source:
    decisions 0085 and 0135.
    """
    act.points = act.points_left = terms.points
    keep_terms(act, terms, why=terms.why)
    if terms.points:
        programme = posting.programme
        day = terms.ripe or local_day(from_micros(act.occurred), programme.zone)
        first, burn = lot_life(day, programme.zone, 0, programme.expiry_months)
        start = to_micros(first) if terms.ripe else act.occurred
        life = (start, None if burn is None else to_micros(burn))
        credit(posting, "act", f"act:{act.id}", terms.points, life=life, activity_id=act.id)
    return terms.points


def take_act_back(posting: Posting, act: Act, cancelled: Act) -> int:
    """Let an act count no more; answers the points that were taken back for it."""
    owed = cancelled.points_left
    cancelled.state, cancelled.points_left = "cancelled", 0
    taken = 0
    if owed:
        own = frozenset((cancelled.id,))
        key = f"act:{act.id}"
        taken = claw_back(posting, key, owed, own=own, left=owed, activity_id=act.id).taken
    line = {"code": "act_cancelled", "act": cancelled.type, "points": -100 * owed, "taken": taken}
    act.judged = {"trace": [line]}
    return taken
