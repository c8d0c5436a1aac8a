"""What rehearsals found survives its way through JSON; who is no example stays out of it."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from gamification.readmodels.challenge_desk import Rehearsal, Sample
from gamification.readmodels.challenge_rehearsal import Winner
from gamification.readmodels.rehearsals import RuleRehearsal, TierRehearsal
from gamification.readmodels.rule_rehearsal import RuleSample
from gamification.readmodels.spread import Spread
from gamification.readmodels.tier_rehearsal import TierSample
from webapp.rehearsing.found import challenge_found, rule_found, stored, tiers_found

DAY = date(2026, 11, 3)


def kept(found: Any) -> dict[str, Any]:
    """As a database gives it back."""
    made: dict[str, Any] = json.loads(json.dumps(stored(found)))
    return made


def spread() -> Spread:
    found = Spread()
    for member, difference in enumerate((5, 0, -300), 1):
        found.add(member, difference)
    return found


def test_a_challenge() -> None:
    sample = Sample(1, "passed", 3, (3, 0), datetime(2026, 11, 3, 9, tzinfo=UTC), 200)
    found = Rehearsal(9, 8, 7, 2, rungs=Counter({1: 2}), scores=Counter({3: 2}), points=400)
    found.cost, found.empty_on = {DAY: 400}, DAY
    found.samples, found.unknown = (sample,), ("who_joins",)
    winners = [Winner(1, "", 1, 1, 200)]

    again = challenge_found(kept(found))
    assert again == found
    found.winners = winners
    assert challenge_found(kept(found)) == again


def test_a_rule() -> None:
    sample = RuleSample(1, 5, 9, 3, "R-1", DAY, 9_000, 5, 9, None, {"code": "x", "on": [1, 2]})
    found = RuleRehearsal(3, 2, 5, Counter({DAY: 10}), Counter({DAY: 14}), 400, spread(), (1, 2),
                          7, (sample,), {"unspent": 0})  # fmt: skip

    again = rule_found(kept(found))

    assert again.spread.by_member == {}
    found.spread.by_member = {}
    assert again == found
    assert again.difference == 4


def test_tiers() -> None:
    sample = TierSample(2, "leaf", "sprout", 100, 200, DAY, "reached", -3)
    found = TierRehearsal(3, Counter({("leaf", "sprout"): 2, ("leaf", "leaf"): 1}), 0, 2,
                          {"2026-11": (0, 1)}, {"2026-11": (2, 3)}, samples=(sample,))  # fmt: skip

    again = tiers_found(kept(found))

    assert again == found
    assert again.matrix["leaf", "sprout"] == 2
