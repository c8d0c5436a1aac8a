"""What rehearsals found, as JSON and back; what no page shows stays out of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from gamification.readmodels.challenge_desk import Rehearsal
from gamification.readmodels.rehearsals import RuleRehearsal, TierRehearsal

CHALLENGE: TypeAdapter[Rehearsal] = TypeAdapter(Rehearsal)
RULE: TypeAdapter[RuleRehearsal] = TypeAdapter(RuleRehearsal)
TIERS: TypeAdapter[TierRehearsal] = TypeAdapter(TierRehearsal)


def stored(found: Any) -> dict[str, Any]:
    """The stored form of a finding; of members it holds the examples alone."""
    made: dict[str, Any] = STORED[type(found)](found)
    return made


def _challenge(found: Rehearsal) -> dict[str, Any]:
    made: dict[str, Any] = CHALLENGE.dump_python(replace(found, winners=[]), mode="json")
    return made


def _rule(found: RuleRehearsal) -> dict[str, Any]:
    plain = replace(found, spread=replace(found.spread, by_member={}))
    made: dict[str, Any] = RULE.dump_python(plain, mode="json")
    return made


def _tiers(found: TierRehearsal) -> dict[str, Any]:
    # JSON has no pairs for keys.
    matrix = [[*pair, count] for pair, count in found.matrix.items()]
    plain = replace(found, matrix=Counter(), spread=replace(found.spread, by_member={}))
    made: dict[str, Any] = TIERS.dump_python(plain, mode="json")
    return made | {"matrix": matrix}


STORED: dict[type[Any], Callable[[Any], dict[str, Any]]] = {
    Rehearsal: _challenge,
    RuleRehearsal: _rule,
    TierRehearsal: _tiers,
}


def challenge_found(value: dict[str, Any]) -> Rehearsal:
    """The finding of a challenge's rehearsal; without its winners."""
    return CHALLENGE.validate_python(value)


def rule_found(value: dict[str, Any]) -> RuleRehearsal:
    """The finding of a rule's rehearsal."""
    return RULE.validate_python(value)


def tiers_found(value: dict[str, Any]) -> TierRehearsal:
    """The finding of a rehearsal of tiers."""
    found = TIERS.validate_python({**value, "matrix": {}})
    found.matrix.update({(now, then): count for now, then, count in value["matrix"]})
    return found
