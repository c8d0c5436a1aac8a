"""Drafts of challenges: saved as they grow, undone, copied, and checked before the launch."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from gamification.audiences.apart import are_apart
from gamification.audiences.conditions import parse_audience
from gamification.challenges.overlaps import shared_by
from gamification.challenges.tables import (
    Challenge,
    ChallengeLog,
    ChallengeText,
    ChallengeVersion,
)
from gamification.challenges.terms import ChallengeTerms, parse_terms, stored
from gamification.columns import from_micros, to_micros
from gamification.commands.owner import touch_definitions
from gamification.holding import close_gate
from gamification.refusals import ChallengeClosed, InvalidSetting, Overtaken, UnknownChallenge
from gamification.store import Store
from gamification.world import World

LOCALES = ("ru", "en")
LONGEST = timedelta(days=400)
MOST_BUDGET = 10**9


@dataclass(frozen=True, slots=True)
class ChallengeWords:
    """A challenge in one language: its name, one sentence, and the text of its invitation."""

    name: str = ""
    about: str = ""
    invitation: str = ""


@dataclass(frozen=True, slots=True)
class ChallengePlan:
    """Everything that a builder holds; instants are aware, `budget` in points."""

    template: str
    terms: ChallengeTerms
    words: Mapping[str, ChallengeWords] = field(default_factory=dict)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    budget: int | None = None

    def content(self) -> dict[str, Any]:
        """As JSON, for a revision."""
        return {
            "template": self.template,
            "terms": stored(self.terms),
            "words": {
                locale: [words.name, words.about, words.invitation]
                for locale, words in sorted(self.words.items())
            },
            "starts_at": None if self.starts_at is None else to_micros(self.starts_at),
            "ends_at": None if self.ends_at is None else to_micros(self.ends_at),
            "budget": self.budget,
        }


def plan_of(content: Mapping[str, Any]) -> ChallengePlan:
    """A plan from a revision's content."""
    starts, ends = content["starts_at"], content["ends_at"]
    return ChallengePlan(
        content["template"],
        parse_terms(content["terms"]),
        {locale: ChallengeWords(*texts) for locale, texts in content["words"].items()},
        None if starts is None else from_micros(starts),
        None if ends is None else from_micros(ends),
        content["budget"],
    )


def plan_now(world: World, challenge: Challenge) -> ChallengePlan:
    """What a challenge says now."""
    texts = world.session.exec(
        select(ChallengeText).where(col(ChallengeText.challenge_id) == challenge.id)
    )
    words = {t.locale: ChallengeWords(t.name, t.about, t.invitation) for t in texts}
    return ChallengePlan(
        challenge.template,
        parse_terms(challenge.terms),
        words,
        challenge.starts_at,
        challenge.ends_at,
        challenge.budget,
    )


def draft_challenge(world: World, plan: ChallengePlan, *, actor: str) -> Challenge:
    """A new draft; it may be saved with holes, and is checked when it is launched.

    Raises:
        InvalidSetting: a number or a text is out of its bounds.
    """
    check_bounds(plan)
    challenge = Challenge(
        code=f"{plan.template}-{secrets.token_hex(4)}"[:60],
        template=plan.template,
        terms=stored(plan.terms),
        created_at=world.now,
        created_by=actor,
        revision=0,
    )
    world.session.add(challenge)
    world.session.flush()
    _write_plan(world, challenge, plan, actor)
    log_step(world, challenge, "drafted", actor, None)
    return challenge


def save_draft(
    world: World, challenge_id: int, plan: ChallengePlan, *, over: int, actor: str
) -> Challenge:
    """Save a draft over the revision that somebody saw; an equal plan changes nothing.

    Raises:
        UnknownChallenge; ChallengeClosed: it was launched already.
        Overtaken: somebody saved another one meanwhile.
        InvalidSetting: a number or a text is out of its bounds.
    """
    challenge = hold_challenge(world, challenge_id)
    require(challenge, "draft")
    if challenge.revision != over:
        raise Overtaken(revision=challenge.revision)
    check_bounds(plan)
    if plan_now(world, challenge).content() != plan.content():
        _write_plan(world, challenge, plan, actor)
    return challenge


def restore_revision(
    world: World, challenge_id: int, revision: int, *, over: int, actor: str
) -> Challenge:
    """Undo: an earlier revision of a draft becomes the newest one.

    Raises:
        UnknownChallenge: there is no such challenge or revision.
        ChallengeClosed, Overtaken: as in `save_draft`.
    """
    found = world.session.get(ChallengeVersion, (challenge_id, revision))
    if found is None:
        raise UnknownChallenge(challenge=challenge_id)
    return save_draft(world, challenge_id, plan_of(found.content), over=over, actor=actor)


def copy_challenge(
    world: World, challenge_id: int, *, actor: str, starts_at: datetime, ends_at: datetime
) -> Challenge:
    """A new draft like a challenge, at other dates. Raises UnknownChallenge."""
    challenge = hold_challenge(world, challenge_id)
    plan = replace(plan_now(world, challenge), starts_at=starts_at, ends_at=ends_at)
    return draft_challenge(world, plan, actor=actor)


def archive_draft(world: World, challenge_id: int, *, actor: str) -> None:
    """Put a draft away; `restore_revision` does not bring it back, a copy does.

    Raises:
        UnknownChallenge, ChallengeClosed.
    """
    challenge = hold_challenge(world, challenge_id)
    require(challenge, "draft")
    move_challenge(world, challenge, "archived", actor, "put_away")


Fault = tuple[str, str, dict[str, Any]]
"""A field, what is wrong with it, and the values of a sentence."""


def faults_of(world: World, challenge: Challenge, plan: ChallengePlan | None = None) -> list[Fault]:
    """What stands between a draft and its launch; empty when nothing does.

    Args:
        plan: what it would become, by default what it is.

    Source: domain, 11: budget set, dates right, words in all languages, no reward that feeds
    itself.
    """
    plan, found = plan or plan_now(world, challenge), list[Fault]()
    found += _date_faults(world, plan)
    for locale in LOCALES:
        if not plan.words.get(locale, ChallengeWords()).name.strip():
            found.append((f"name_{locale}", "missing", {}))
    terms = plan.terms
    if plan.budget is None:
        found.append(("budget", "missing", {}))
    elif plan.budget < terms.points:
        found.append(("budget", "below_one_reward", {"least": terms.points}))
    elif terms.max_winners and plan.budget < terms.points * terms.max_winners:
        found.append(("budget", "below_winners", {"least": terms.points * terms.max_winners}))
    if not terms.points and not terms.medal:
        found.append(("reward", "nothing", {}))
    if any(event.startswith("challenge_") for step in terms.steps for event in step.events):
        found.append(("steps", "feeds_itself", {}))
    found += _double_faults(world, challenge, plan)
    return found


def _date_faults(world: World, plan: ChallengePlan) -> list[Fault]:
    if plan.starts_at is None or plan.ends_at is None:
        return [("dates", "missing", {})]
    if plan.ends_at <= world.now:
        return [("dates", "over", {})]
    days = (plan.ends_at - plan.starts_at).total_seconds() / 86_400
    for n, step in enumerate(plan.terms.steps):
        span = plan.terms.days or days
        need = {"day": step.at_least, "week": step.at_least * 7 - 6, "month": 0}
        by_time = step.kind in ("streak", "distinct") and step.of in need
        if by_time and need[str(step.of)] > span + 1:
            return [(f"steps.{n}", "longer_than_time", {"days": int(span)})]
    return []


def _double_faults(world: World, challenge: Challenge, plan: ChallengePlan) -> list[Fault]:
    """Other challenges at the same time that pay the same people for some of the same acts.

    Audiences are asked as of the start: of two that begin at one instant, as of the same one.
    """
    if plan.starts_at is None or plan.ends_at is None:
        return []
    begins = max(plan.starts_at, world.now)  # never before its launch
    others = world.session.exec(
        select(Challenge).where(
            col(Challenge.state).in_(("scheduled", "live", "paused")),
            col(Challenge.id) != challenge.id,
            col(Challenge.starts_at) < plan.ends_at,
            col(Challenge.ends_at) > plan.starts_at,
        )
    )
    found = []
    for other in others:
        terms = parse_terms(other.terms)
        at_once = other.starts_at == begins
        if _share_nobody(plan.terms.audience, terms.audience, at_once=at_once):
            continue
        if both := shared_by(plan.terms.steps, terms.steps):
            values = {"challenge": other.id, "code": other.code, "both": both}
            found.append(("steps", "paid_twice", values))
    return found


def _share_nobody(mine: dict[str, Any], theirs: dict[str, Any], *, at_once: bool) -> bool:
    """Whether two stored audiences evidently share nobody; one that cannot be read says nothing."""
    try:
        return are_apart(parse_audience(mine), parse_audience(theirs), at_once=at_once)
    except ValueError:
        return False


BLOCKING = frozenset({"missing", "over", "below_one_reward", "nothing", "feeds_itself",
                      "below_winners", "longer_than_time"})  # fmt: skip
"""Faults that forbid a launch; the others only warn."""


def hold_challenge(world: World, challenge_id: int, *, alone: bool = False) -> Challenge:
    """The challenge, nobody else changing it meanwhile, or, `alone`, any of its entries.

    Raises UnknownChallenge.
    """
    store = Store(world.connection)
    if alone:
        close_gate(store)
    if store.postgres:
        store.first("SELECT id FROM challenge WHERE id = ? FOR UPDATE", challenge_id)
    found = world.session.get(Challenge, challenge_id, populate_existing=True)
    if found is None:
        raise UnknownChallenge(challenge=challenge_id)
    return found


def require(challenge: Challenge, *states: str) -> None:
    """Refuse unless the challenge is in one of these states: raises ChallengeClosed."""
    if challenge.state not in states:
        raise ChallengeClosed(state=challenge.state)


def check_bounds(plan: ChallengePlan) -> None:
    """Raises InvalidSetting: a number, a date or a text is out of its bounds."""
    if plan.budget is not None and not 0 < plan.budget <= MOST_BUDGET:
        raise InvalidSetting(field="budget", fault="bounds", most=MOST_BUDGET)
    if plan.starts_at is not None and plan.ends_at is not None:
        if plan.ends_at <= plan.starts_at:
            raise InvalidSetting(field="dates", fault="backwards")
        if plan.ends_at - plan.starts_at > LONGEST:
            raise InvalidSetting(field="dates", fault="too_long", days=LONGEST.days)
    for locale, words in plan.words.items():
        if locale not in LOCALES:
            raise InvalidSetting(field="words", fault="language")
        texts = (("name", words.name, 80), ("about", words.about, 300),
                 ("invitation", words.invitation, 500))  # fmt: skip
        for name, text, most in texts:
            if len(text) > most:
                raise InvalidSetting(field=f"{name}_{locale}", fault="too_long", most=most)


def _write_plan(world: World, challenge: Challenge, plan: ChallengePlan, actor: str) -> None:
    challenge.template, challenge.terms = plan.template, stored(plan.terms)
    challenge.starts_at, challenge.ends_at = plan.starts_at, plan.ends_at
    challenge.budget = plan.budget
    write_words(world, challenge, plan.words)
    keep_revision(world, challenge, plan, actor)


def write_words(world: World, challenge: Challenge, words: Mapping[str, ChallengeWords]) -> None:
    """Write the texts of a challenge, language by language."""
    for locale, said in words.items():
        row = world.session.get(ChallengeText, (challenge.id, locale)) or ChallengeText(
            challenge_id=challenge.id or 0, locale=locale, name=""
        )
        row.name, row.about = said.name.strip(), said.about.strip()
        row.invitation = said.invitation.strip()
        world.session.add(row)
    world.session.flush()


def keep_revision(world: World, challenge: Challenge, plan: ChallengePlan, actor: str) -> None:
    """Keep what the challenge says now as its newest revision."""
    challenge.revision += 1
    world.session.add(challenge)
    world.session.add(
        ChallengeVersion(
            challenge_id=challenge.id or 0,
            revision=challenge.revision,
            version=challenge.version,
            content=plan.content(),
            at=world.now,
            actor=actor,
        )
    )
    world.session.flush()


def move_challenge(
    world: World, challenge: Challenge, state: str, actor: str, what: str, reason: str = ""
) -> None:
    """Let a challenge be in another state, and write down who moved it and why."""
    old, challenge.state = challenge.state, state
    world.session.add(challenge)
    log_step(world, challenge, what, actor, old, reason)
    touch_definitions(world)


def log_step(
    world: World, challenge: Challenge, what: str, actor: str, old: str | None, reason: str = ""
) -> None:
    """A line in the journal of a challenge."""
    world.session.add(
        ChallengeLog(
            id=world.ids(),
            challenge_id=challenge.id or 0,
            at=world.now,
            actor=actor,
            what=what,
            from_state=old,
            to_state=challenge.state,
            reason=reason.strip()[:200],
        )
    )
    world.session.flush()
