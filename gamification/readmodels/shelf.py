"""The medals that a member holds, and the way to the next ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from gamification.achievements.rules import LevelRule, MedalRule
from gamification.columns import from_micros
from gamification.definitions import Definitions
from gamification.programme import local_day
from gamification.store import Store

Names = Mapping[str, Mapping[str, str]]
"""A shop's own names of medals by code and locale; the shipped ones are said at the edge."""


@dataclass(frozen=True, slots=True)
class HeldMedal:
    """A medal that somebody holds: its highest level, and when that was earned.

    `subject` is the category of a medal that is earned per category; `times`
    how often one came that can be earned again and again.
    """

    code: str
    level: int
    earned_on: date
    subject: str | None
    times: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MedalProgress:
    """How far the next level of a medal is: `done` of `target`."""

    code: str
    level: int
    done: int
    target: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Medals held, and levels under way in the order of the board; no secrets among these."""

    held: tuple[HeldMedal, ...]
    under_way: tuple[MedalProgress, ...]


def medal_shelf(store: Store, definitions: Definitions, member_id: int) -> Shelf:
    """A member's medals, in four queries however many there are."""
    names = own_names(store)
    held = held_medals(store, definitions, member_id, names)
    counted = dict(
        store.rows(
            "SELECT measure_id, value FROM counter WHERE member_id = ? AND period = 'all'",
            member_id,
        )
    )
    reached = {(medal.code, medal.level) for medal in held}
    under_way = []
    for rule in open_rules(store, definitions):
        done = counted.get(rule.measure_id, 0)
        if level := next_level(rule, done, reached):
            if rule.occurrence == "every":
                done %= level.threshold
            own = names.get(rule.code, {})
            under_way.append(MedalProgress(rule.code, level.level, done, level.threshold, own))
    return Shelf(held, tuple(under_way))


def open_rules(store: Store, definitions: Definitions) -> Iterator[MedalRule]:
    """Live medals that are no secret and whose past is counted, in the order of the board."""
    rules = {rule.code: rule for found in definitions.medals.values() for rule in found}
    for (code,) in store.rows(
        "SELECT code FROM achievement WHERE state = 'live' AND visibility <> 'secret'"
        " ORDER BY position"
    ):
        rule = rules.get(code)
        if rule and rule.measure_id not in definitions.book.seeding:
            yield rule


def next_level(rule: MedalRule, done: int, reached: set[tuple[str, int]]) -> LevelRule | None:
    """The level that is worked on; None when all are earned."""
    if rule.occurrence == "every":
        return rule.levels[0]
    top = max((level for code, level in reached if code == rule.code), default=0)
    return next((x for x in rule.levels if x.level > top and done < x.threshold), None)


def held_medals(
    store: Store, definitions: Definitions, member_id: int, names: Names
) -> tuple[HeldMedal, ...]:
    """Active awards, the highest level of each medal and subject."""
    zone = definitions.programme.zone
    best: dict[tuple[str, str | None], HeldMedal] = {}
    for code, level, occurrence, earned_at in store.rows(
        "SELECT a.code, w.level, w.occurrence, w.earned_at FROM award w"
        " JOIN achievement a ON a.id = w.achievement_id"
        " WHERE w.member_id = ? AND w.status = 'active'"
        " ORDER BY a.position, w.level, w.earned_at, w.id",
        member_id,
    ):
        subject = occurrence.removeprefix("cat:") if occurrence.startswith("cat:") else None
        before = best.get((code, subject))
        times = before.times + 1 if before and occurrence.startswith("n:") else 1
        day = local_day(from_micros(earned_at), zone)
        best[code, subject] = HeldMedal(code, level, day, subject, times, names.get(code, {}))
    return tuple(best.values())


def own_names(store: Store) -> dict[str, dict[str, str]]:
    """What a shop calls its medals."""
    found: dict[str, dict[str, str]] = {}
    for code, locale, name in store.rows(
        "SELECT a.code, t.locale, t.name FROM achievement_text t"
        " JOIN achievement a ON a.id = t.achievement_id"
    ):
        found.setdefault(code, {})[locale] = name
    return found
