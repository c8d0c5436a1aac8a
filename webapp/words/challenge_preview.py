"""A challenge as its card will look: before, under way and done, in each language."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask_babel import force_locale

from gamification.commands.challenges import ChallengePlan, ChallengeWords
from gamification.readmodels.challenge_desk import ChallengeTerms, DeskFacts
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.challenges import amount_of, goal_sentence, is_money, reward_sentence
from webapp.words.formats import day, number

STATES = ("coming", "going", "done")
LANGUAGES = ("ru", "en")
MOST_STAMPS, MOST_MARKS = 10, 30


class PreviewCard(NamedTuple):
    """What the card says in one state and one language."""

    language: Code
    state: Code
    scene: Code
    glyph: Code
    title: str
    about: str
    clock: str
    stamps: tuple[bool, ...]
    percent: int
    done: str
    reward: str


def preview_cards(plan: ChallengePlan, facts: DeskFacts) -> tuple[PreviewCard, ...]:
    """Every card of a plan: three states in two languages."""
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            found += [card_of(plan, facts, language, state) for state in STATES]
    return tuple(found)


def card_of(plan: ChallengePlan, facts: DeskFacts, language: str, state: str) -> PreviewCard:
    """One card, in the language that is being spoken."""
    terms, said = plan.terms, plan.words.get(language, ChallengeWords())
    score = score_in(terms, state)
    currency = facts.currency
    return PreviewCard(
        Code(language),
        Code(state),
        Code(terms.art.get("scene") or "coral"),
        Code(terms.art.get("glyph") or "star"),
        said.name or _("Without a name"),
        said.about or goal_sentence(terms, currency),
        clock_of(plan, facts, state),
        stamps_of(terms, score),
        100 * score // terms.goal,
        _("%(done)s of %(goal)s", done=amount_of(terms, score, currency),
          goal=amount_of(terms, terms.goal, currency)),
        _("+%(reward)s", reward=reward_sentence(terms)) if terms.points or terms.medal else "",
    )  # fmt: skip


def score_in(terms: ChallengeTerms, state: str) -> int:
    """How far the card of a state is: under way it is two thirds."""
    if state == "done":
        return terms.goal
    if state == "coming":
        return terms.endowed
    return min(terms.goal - 1, max(terms.endowed, terms.goal * 2 // 3)) or 0


def stamps_of(terms: ChallengeTerms, score: int) -> tuple[bool, ...]:
    """Stamps where they are wanted, or where there are few enough of them."""
    shown = not is_money(terms) and (terms.stamps or terms.goal <= MOST_STAMPS)
    if not shown or terms.goal > MOST_MARKS:
        return ()
    return tuple(n < score for n in range(terms.goal))


def clock_of(plan: ChallengePlan, facts: DeskFacts, state: str) -> str:
    """What stands beside the clock in a state."""
    if plan.starts_at is None or plan.ends_at is None:
        return _("No dates yet")
    today = facts.now.date()
    if state == "coming":
        return _("from %(when)s", when=day(_local(plan.starts_at, facts), today))
    if state == "done":
        return day(_local(plan.ends_at - timedelta(microseconds=1), facts), today)
    left = (plan.ends_at - plan.starts_at) / 3
    days, hours = left.days, left.seconds // 3600
    if days >= 3 or (days and not hours):
        return ngettext("%(n)s day", "%(n)s days", days, n=number(days))
    if days:
        return _("%(days)s d %(hours)s h", days=days, hours=hours)
    return ngettext("%(n)s hour", "%(n)s hours", max(1, hours), n=max(1, hours))


def _local(at: datetime, facts: DeskFacts) -> date:
    return at.astimezone(facts.zone).date()
