"""What is still to be done of a challenge, as a number and its unit: pure."""

from datetime import timedelta
from typing import Any

from gamification.challenges.actions import Moved
from gamification.challenges.rules import ChallengeRule
from gamification.challenges.terms import ChallengeTerms
from gamification.columns import from_micros
from gamification.measures.catalogue import PURCHASES
from gamification.programme import local_day

LAST_PARTS = 5
"""The last fifth of a goal is near."""


def unit_of(terms: ChallengeTerms) -> str:
    """What the goal is counted in: steps, money, purchases, acts, or keys of a kind."""
    if len(terms.steps) > 1:
        return "step"
    step = terms.steps[0]
    if step.kind == "best":
        return "receipt"
    if step.kind == "sum":
        return "money"
    if step.of is not None:
        return step.of
    return "purchase" if step.events == PURCHASES else "event"


def left_of(terms: ChallengeTerms, score: int) -> int:
    """How much of the goal is left, in its unit; a single receipt has to be whole."""
    return terms.goal if unit_of(terms) == "receipt" else max(terms.goal - score, 0)


def is_near(terms: ChallengeTerms, score: int) -> bool:
    """Whether one step or the last fifth of the goal is left, and something was done."""
    left, unit = terms.goal - score, unit_of(terms)
    if left <= 0 or score <= terms.endowed or unit == "receipt":
        return False
    return LAST_PARTS * left <= terms.goal or (left == 1 and unit != "money")


def facts(rule: ChallengeRule, ends: int, score: int) -> dict[str, Any]:
    """What messages say of a challenge: values only, its names are looked up by its code.

    `ends` is an instant in microseconds; `until` the last local day before it.
    """
    terms, end = rule.terms, from_micros(ends)
    return {
        "challenge": rule.code,
        "until": local_day(end - timedelta(microseconds=1), rule.zone).isoformat(),
        "left": left_of(terms, score),
        "unit": unit_of(terms),
        "points": terms.points,
        "medal": terms.medal,
        "good_until": end.isoformat(),
    }


def news_of(moved: Moved) -> tuple[str, dict[str, Any]] | None:
    """The key and the values of the word that somebody is almost there; None for none.

    Not from the act that completes it, nor for those who are only watched.
    """
    entry, rule = moved.entry, moved.rule.of_version(moved.entry.version)
    if entry.arm == "control" or entry.state != "joined" or entry.score <= moved.before:
        return None
    if not is_near(rule.terms, entry.score) or is_near(rule.terms, moved.before):
        return None
    return f"challenge_almost:{entry.id}", facts(rule, entry.ends, entry.score)
