"""What a marketer says of a launched challenge: pause it, end it, give it more, change it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from gamification.audiences.rhythm import keep_rhythm
from gamification.challenges.tables import Challenge
from gamification.challenges.terms import ChallengeTerms, Rung, Step, parse_terms, stored
from gamification.columns import from_micros, to_micros
from gamification.commands.challenge_drafts import (
    BLOCKING,
    LOCALES,
    LONGEST,
    MOST_BUDGET,
    ChallengePlan,
    ChallengeWords,
    archive_draft,
    check_bounds,
    copy_challenge,
    draft_challenge,
    faults_of,
    hold_challenge,
    keep_revision,
    log_step,
    move_challenge,
    plan_now,
    require,
    restore_revision,
    save_draft,
    write_words,
)
from gamification.commands.challenge_lengthening import count_added_time, lengthen_entries
from gamification.commands.challenge_medals import ensure_medal
from gamification.commands.owner import touch_definitions
from gamification.definitions import current_definitions
from gamification.programme import local_day
from gamification.refusals import ChallengeClosed, InvalidSetting, Overtaken
from gamification.store import Store
from gamification.world import World

__all__ = [
    "LOCALES",
    "ChallengePlan",
    "ChallengeTerms",
    "ChallengeWords",
    "Rung",
    "Step",
    "archive_draft",
    "cancel_challenge",
    "change_words",
    "copy_challenge",
    "draft_challenge",
    "faults_of",
    "hold_challenge",
    "launch_challenge",
    "lengthen",
    "parse_terms",
    "pause_challenge",
    "plan_now",
    "raise_budget",
    "replace_live_terms",
    "restore_revision",
    "resume_challenge",
    "save_draft",
    "stop_challenge",
]


def launch_challenge(world: World, challenge_id: int, *, over: int, actor: str) -> Challenge:
    """Freeze the terms and let the challenge begin at its date, or at once when that is past.

    Raises:
        UnknownChallenge, ChallengeClosed, Overtaken.
        InvalidSetting: something stands in the way; `field` and `fault` say what.
    """
    challenge = hold_challenge(world, challenge_id)
    require(challenge, "draft")
    if challenge.revision != over:
        raise Overtaken(revision=challenge.revision)
    for name, fault, values in faults_of(world, challenge):
        if fault in BLOCKING:
            raise InvalidSetting(field=name, fault=fault, **values)
    plan = plan_now(world, challenge)
    if plan.terms.medal:
        challenge.medal_id = ensure_medal(world, challenge, plan.words)
    challenge.version = 1
    challenge.launched_at = world.now
    keep_revision(world, challenge, plan, actor)
    if plan.terms.audience:
        _count_rhythm(world)
    assert challenge.starts_at is not None, "the faults were none"
    begun = challenge.starts_at <= world.now
    if begun:  # what was done before nobody was told of, and nothing asked those who did it
        challenge.starts_at = world.now
    move_challenge(world, challenge, "live" if begun else "scheduled", actor, "launched")
    return challenge


def _count_rhythm(world: World) -> None:
    """How customers buy, anew: an import of today may have brought a past since the night.

    Whoever is asked about afterwards need not be counted on the spot.
    """
    zone = current_definitions(world.session).programme.zone
    now = to_micros(world.now)
    keep_rhythm(Store(world.connection), local_day(world.now, zone), zone, now=now)


def pause_challenge(world: World, challenge_id: int, *, reason: str, actor: str) -> None:
    """Hold rewards; what people do still counts, and the page says so.

    Raises:
        UnknownChallenge, ChallengeClosed.
    """
    challenge = hold_challenge(world, challenge_id)
    require(challenge, "live")
    challenge.paused_at = world.now
    move_challenge(world, challenge, "paused", actor, "paused", reason)


def resume_challenge(world: World, challenge_id: int, *, actor: str) -> None:
    """Go on, and pay what was reached meanwhile. Raises UnknownChallenge, ChallengeClosed."""
    challenge = hold_challenge(world, challenge_id)
    require(challenge, "paused")
    challenge.paused_at = None
    move_challenge(world, challenge, "live", actor, "resumed")


def stop_challenge(world: World, challenge_id: int, *, reason: str, actor: str) -> None:
    """End it now: what happened until now counts, and is paid.

    A till's clock may be some minutes ahead: what it has told already counts, too.

    Raises:
        UnknownChallenge, ChallengeClosed.
    """
    challenge = hold_challenge(world, challenge_id, alone=True)
    require(challenge, "live", "paused")
    starts = challenge.starts_at
    assert starts is not None, "a live challenge has begun"
    store, now = Store(world.connection), to_micros(world.now)
    early = current_definitions(world.session).programme.early_minutes
    row = store.first(
        "SELECT MAX(a.occurred_at) FROM challenge_entry e JOIN activity a"
        " ON a.member_id = e.member_id AND a.occurred_at >= ? AND a.occurred_at < ?"
        " AND a.state IN ('counted', 'partly_returned') WHERE e.challenge_id = ?",
        *(now, now + early * 60_000_000, challenge.id),
    )
    told = int(row[0]) + 1 if row and row[0] is not None else now
    was = to_micros(challenge.ends_at) if challenge.ends_at else told
    ends = min(max(told, to_micros(starts) + 1), was)
    challenge.ends_at = challenge.stopped_at = from_micros(ends)
    challenge.paused_at = None
    store.run(
        "UPDATE challenge_entry SET ends_at = ? WHERE challenge_id = ? AND ends_at > ?"
        " AND starts_at < ?",
        *(ends, challenge.id, ends, ends),
    )
    move_challenge(world, challenge, "ending", actor, "stopped", reason)


def cancel_challenge(
    world: World, challenge_id: int, *, reason: str, compensation: int, actor: str
) -> None:
    """Call it off. Whoever is in it and was not paid gets the compensation once, from the clock.

    Periods that are over without a reward stay missed.

    Raises:
        UnknownChallenge, ChallengeClosed, InvalidSetting.
    """
    if not 0 <= compensation <= MOST_BUDGET:
        raise InvalidSetting(field="compensation", fault="bounds")
    challenge = hold_challenge(world, challenge_id, alone=True)
    require(challenge, "scheduled", "live", "paused")
    terms = parse_terms(challenge.terms).model_copy(update={"compensation": compensation})
    challenge.terms = stored(terms)
    challenge.ended_at, challenge.paused_at = world.now, None
    store, now = Store(world.connection), to_micros(world.now)
    store.run(
        "UPDATE challenge_entry SET state = 'missed', due_at = NULL"
        " WHERE challenge_id = ? AND state = 'joined' AND paid = 0 AND ends_at <= ?",
        *(challenge.id, now),
    )
    store.run(
        "UPDATE challenge_entry SET prize = 'cancelled', due_at = NULL"
        " WHERE challenge_id = ? AND state IN ('joined', 'completed') AND paid = 0",
        challenge.id,
    )
    store.run(
        "UPDATE challenge_entry SET due_at = ? WHERE id IN"
        " (SELECT MAX(id) FROM challenge_entry WHERE challenge_id = ? AND arm = 'treatment'"
        " AND state IN ('joined', 'completed') AND paid = 0 AND score > ? GROUP BY member_id)",
        *(now, challenge.id, terms.endowed),
    )
    store.run(
        "UPDATE challenge_entry SET state = 'cancelled'"
        " WHERE challenge_id = ? AND state IN ('joined', 'completed') AND paid = 0",
        challenge.id,
    )
    move_challenge(world, challenge, "cancelled", actor, "cancelled", reason)


def raise_budget(world: World, challenge_id: int, *, budget: int, actor: str) -> None:
    """A bigger budget; who came when it was empty stays without a prize.

    Raises:
        UnknownChallenge, ChallengeClosed; InvalidSetting: it is not bigger.
    """
    challenge = hold_challenge(world, challenge_id)
    require(challenge, "scheduled", "live", "paused", "ending")
    if not (challenge.budget or 0) <= budget <= MOST_BUDGET:
        raise InvalidSetting(field="budget", fault="smaller", least=challenge.budget)
    old, challenge.budget = challenge.budget, budget
    log_step(world, challenge, "budget", actor, None, reason=f"{old} > {budget}")
    touch_definitions(world)


def lengthen(world: World, challenge_id: int, *, ends_at: datetime, actor: str) -> None:
    """A later end, for everybody who is in it. A shorter one is refused: people count on it.

    Raises:
        UnknownChallenge, ChallengeClosed, InvalidSetting.
    """
    challenge = hold_challenge(world, challenge_id, alone=True)
    require(challenge, "scheduled", "live", "paused")
    was = challenge.ends_at
    assert was is not None, "a launched challenge has dates"
    if ends_at < was or (challenge.starts_at and ends_at - challenge.starts_at > LONGEST):
        raise InvalidSetting(field="dates", fault="shorter")
    challenge.ends_at = ends_at
    if parse_terms(challenge.terms).window == "dates":
        lengthen_entries(world, challenge, to_micros(was))
    touch_definitions(world)
    count_added_time(world, challenge_id, to_micros(was))
    log_step(world, challenge, "lengthened", actor, None, reason=f"{was} > {ends_at}"[:200])
    touch_definitions(world)


def change_words(
    world: World, challenge_id: int, words: Mapping[str, ChallengeWords], *, actor: str
) -> None:
    """Other texts, at any time before the archive.

    Raises:
        UnknownChallenge, ChallengeClosed; InvalidSetting: a language has no name.
    """
    challenge = hold_challenge(world, challenge_id)
    if challenge.state in ("archived", "cancelled"):
        raise ChallengeClosed(state=challenge.state)
    plan = replace(plan_now(world, challenge), words=dict(words))
    check_bounds(plan)
    for locale in LOCALES:
        if challenge.state != "draft" and not words.get(locale, ChallengeWords()).name.strip():
            raise InvalidSetting(field=f"name_{locale}", fault="missing")
    write_words(world, challenge, words)
    if challenge.medal_id is not None:
        ensure_medal(world, challenge, words)
    log_step(world, challenge, "words", actor, None)
    touch_definitions(world)


def replace_live_terms(
    world: World, challenge_id: int, terms: ChallengeTerms, *, actor: str
) -> None:
    """Other terms for those who join from now on; who is in it keeps what they joined for.

    Raises:
        UnknownChallenge, ChallengeClosed, InvalidSetting.
    """
    challenge = hold_challenge(world, challenge_id, alone=True)
    require(challenge, "scheduled", "live", "paused")
    plan = replace(plan_now(world, challenge), terms=terms)
    check_bounds(plan)
    old = parse_terms(challenge.terms)
    if (terms.window, terms.repeat, terms.max_winners, terms.control_percent) != (
        old.window,
        old.repeat,
        old.max_winners,
        old.control_percent,
    ):
        raise InvalidSetting(field="terms", fault="fixed_after_launch")
    for name, fault, values in faults_of(world, challenge, plan):
        if fault in BLOCKING:
            raise InvalidSetting(field=name, fault=fault, **values)
    if terms.medal and challenge.medal_id is None:
        challenge.medal_id = ensure_medal(world, challenge, plan.words)
    if terms.audience != old.audience:  # whoever was not meant is asked anew
        sql = "DELETE FROM challenge_entry WHERE challenge_id = ? AND state = 'outside'"
        Store(world.connection).run(sql, challenge.id)
    challenge.terms = stored(terms)
    challenge.version += 1
    keep_revision(world, challenge, plan, actor)
    log_step(world, challenge, "terms", actor, None)
    touch_definitions(world)
