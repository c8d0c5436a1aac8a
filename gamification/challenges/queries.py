"""Entries and rules as the engine reads and writes them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from gamification.activities.queries import parsed
from gamification.case import EntryState
from gamification.challenges.rules import ChallengeRule, rule_of
from gamification.challenges.tables import Challenge, ChallengeVersion
from gamification.challenges.terms import parse_terms
from gamification.columns import to_micros
from gamification.programme import zone_of
from gamification.store import Store, compact_json

ENTRY_COLUMNS = (
    "id, challenge_id, member_id, period, version, arm, state, starts_at, ends_at, joined_at,"
    " score, steps, rung, reached, completed_at, completed_by, place, prize, paid, points, times,"
    " due_at, seen_at"
)
Version = tuple[dict[str, Any], datetime]
"""Terms, and from when on newcomers have them."""
RUNNING = ("scheduled", "live", "paused", "ending", "ended", "cancelled")
"""States in which an act may still move an entry: a return does so after the end, too."""


def entry_of(row: Sequence[Any]) -> EntryState:
    """An entry from a row of ENTRY_COLUMNS."""
    values = list(row)
    values[11], values[13] = parsed(values[11]), parsed(values[13])
    return EntryState(*values)


def member_entries(store: Store, member_id: int, challenge_ids: Sequence[int]) -> list[EntryState]:
    """A member's entries in some challenges, oldest period first."""
    rows = store.in_list(
        f"SELECT {ENTRY_COLUMNS} FROM challenge_entry WHERE challenge_id IN (?*)"
        " AND member_id = ? ORDER BY challenge_id, period",
        challenge_ids,
        member_id,
    )
    return [entry_of(row) for row in rows]


def entry_rows(entries: Iterable[EntryState]) -> list[tuple[Any, ...]]:
    """Entries as rows to write."""
    return [
        (
            e.id,
            e.challenge_id,
            e.member_id,
            e.period,
            e.version,
            e.arm,
            e.state,
            e.starts,
            e.ends,
            e.joined,
            e.score,
            compact_json(e.steps),
            e.rung,
            compact_json(e.reached),
            e.completed,
            e.completed_by,
            e.place,
            e.prize,
            e.paid,
            e.points,
            e.times,
            e.due,
            e.seen,
        )
        for e in entries
    ]


def names_of(store: Store, challenge_id: int) -> dict[str, str]:
    """The names of a challenge by language, for messages and explanations."""
    sql = "SELECT locale, name FROM challenge_text WHERE challenge_id = ?"
    return {str(locale): str(name) for locale, name in store.rows(sql, challenge_id)}


def write_entry(store: Store, entry: EntryState) -> None:
    """Write one entry, new or changed."""
    store.insert("challenge_entry", entry_rows([entry]), conflict="replace")


def running_rules(session: Session, zone: str) -> tuple[ChallengeRule, ...]:
    """The challenges that acts may move, by id."""
    found = session.exec(
        select(Challenge).where(col(Challenge.state).in_(RUNNING)).order_by(col(Challenge.id))
    ).all()
    return rules_of(session, found, zone)


def launched_rules(session: Session, zone: str) -> tuple[ChallengeRule, ...]:
    """Every challenge that was ever launched, those that are put away included, by id."""
    found = session.exec(
        select(Challenge).where(col(Challenge.version) > 0).order_by(col(Challenge.id))
    ).all()
    return rules_of(session, found, zone)


def rules_of(session: Session, found: Sequence[Challenge], zone: str) -> tuple[ChallengeRule, ...]:
    """Launched challenges as the rules see them, each with the terms of its earlier joiners."""
    if not found:
        return ()
    older: dict[int, dict[int, Version]] = {}
    kept = select(ChallengeVersion).where(
        col(ChallengeVersion.challenge_id).in_([c.id for c in found]),
        col(ChallengeVersion.version) > 0,
    )
    for row in session.exec(kept):
        older.setdefault(row.challenge_id, {})[row.version] = (row.content["terms"], row.at)
    return tuple(challenge_rule(c, zone, older.get(c.id or 0, {})) for c in found)


def challenge_rule(
    challenge: Challenge, zone: str, versions: dict[int, Version] | None = None
) -> ChallengeRule:
    """A launched challenge as the rules see it. `versions` are all it had, by number."""
    starts, ends = challenge.starts_at, challenge.ends_at
    assert starts is not None, "a launched challenge has dates"
    assert ends is not None, "a launched challenge has dates"
    span = (starts, ends)

    def made(version: int, terms: dict[str, Any]) -> ChallengeRule:
        ident = (challenge.id or 0, challenge.code, challenge.state, version)
        return rule_of(*ident, parse_terms(terms), *span, zone_of(zone), challenge.stopped_at)

    now = made(challenge.version, challenge.terms)
    all_versions = {
        number: replace(made(number, terms), since=to_micros(at))
        for number, (terms, at) in (versions or {}).items()
    }
    newest = all_versions.pop(challenge.version, now)
    return replace(now, older=all_versions, since=newest.since)
