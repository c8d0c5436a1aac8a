"""What a rehearsal found, as sentences: who would have won, at what cost, and what is unknown."""

from collections.abc import Mapping
from typing import NamedTuple

from gamification.commands.challenges import ChallengePlan
from gamification.readmodels.challenge_desk import (
    CLOSE,
    WINNER,
    ChallengeTerms,
    DeskFacts,
    Rehearsal,
    Sample,
)
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.challenges import amount_of, step_phrase
from webapp.words.formats import clock, day, money, number, percent, points


class SampleLine(NamedTuple):
    """A member as an example: whether they would have done it, and why."""

    name: str
    verdict: Code
    reason: str


class RehearsalWords(NamedTuple):
    """All the words of a rehearsal. `advice` stands where nobody would have come."""

    finished: str
    share: str
    cost: str
    who: str
    advice: str
    unknown: tuple[str, ...]
    samples: tuple[SampleLine, ...]


def rehearsal_words(
    found: Rehearsal, plan: ChallengePlan, facts: DeskFacts, names: Mapping[int, str]
) -> RehearsalWords:
    """What the panel says. `names` are those of the examples."""
    treated = max(found.treatment, 1)
    return RehearsalWords(
        finished=number(found.finished),
        share=percent(round(found.finished * 1000 / treated) * 10),
        cost=number(found.points),
        who=ngettext(
            "%(n)s member would have been asked", "%(n)s members would have been asked",
            found.treatment, n=number(found.treatment),
        ),
        advice="" if found.finished else advice(found, plan.terms),
        unknown=tuple(unknown_text(code) for code in found.unknown),
        samples=tuple(
            SampleLine(
                names.get(one.member_id) or _("A member"),
                Code(one.verdict),
                reason(one, plan.terms, facts),
            )
            for one in found.samples
        ),
    )  # fmt: skip


def advice(found: Rehearsal, terms: ChallengeTerms) -> str:
    """What to widen where nobody would have finished."""
    if not found.treatment:
        return _("Nobody was there to be asked: choose other days or a wider audience.")
    where = [step.where for step in terms.steps]
    if not found.begun and any(one.categories for one in where):
        return _("No similar purchases: widen the category.")
    if not found.begun and any(one.hours or one.weekdays for one in where):
        return _("No purchases at these hours and days: widen them.")
    if not found.begun and any(one.amount_from for one in where):
        return _("No receipts as large as that: lower the smallest receipt.")
    if not found.begun:
        return _("Nobody did anything of the kind: choose other days or another goal.")
    return _("Some began, and nobody got there: ask for less or give more time.")


def unknown_text(code: str) -> str:
    """What the past cannot say."""
    sentences = {
        "more_purchases": _("A rehearsal cannot know that people will buy more."),
        "who_joins": _("Nor who will press “Take part”: it takes everybody for a participant."),
        "city_now": _("Nor where people lived then: it goes by the cities that are known today."),
        "birthday_now": _(
            "Nor whose birthday was known then: it goes by the birthdays that are known today."
        ),
        "list_now": _("Nor whom a list would have held then: it goes by the lists of today."),
    }
    return sentences.get(code, code)


def reason(one: Sample, terms: ChallengeTerms, facts: DeskFacts) -> str:
    """Why a member would have passed or failed."""
    currency = facts.currency
    far = _("%(done)s of %(goal)s", done=amount_of(terms, min(one.score, terms.goal), currency),
            goal=amount_of(terms, terms.goal, currency))  # fmt: skip
    if one.verdict == WINNER and one.completed is not None:
        at = one.completed.astimezone(facts.zone)
        return _("%(far)s on %(day)s at %(time)s, %(points)s", far=far, time=clock(at),
                 day=day(at.date(), facts.now.date()), points=points(one.points))  # fmt: skip
    if one.verdict == CLOSE:
        return _("%(far)s: %(missing)s", far=far, missing=missing(one, terms, currency))
    return _("%(far)s: nothing that counts", far=far)


def missing(one: Sample, terms: ChallengeTerms, currency: str) -> str:
    """What a member lacked: the first step that was not done."""
    if len(terms.steps) == 1:
        left = terms.goal - one.score
        step = terms.steps[0]
        short = money(left, currency) if step.kind in ("sum", "best") else number(left)
        return _("%(left)s short", left=short)
    for step, value in zip(terms.steps, one.steps, strict=False):
        if value < step.at_least:
            return _("not done: %(step)s", step=step_phrase(step, currency))
    return _("not in this order")
