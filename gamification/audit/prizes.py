"""What challenges paid, compared entry by entry with ladders, caps, places and arms.

Sums that agree with each other say nothing of what was promised: whoever pays twice and
writes it down twice is seen here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gamification.challenges.arms import arm_of
from gamification.challenges.rules import ChallengeRule
from gamification.store import Store

ENTRIES, MEMBERS = 5_000, 200
"""How many entries, or members, are read at a time."""
COMPENSATION = "challenge_compensation"
ACTS = (
    "SELECT member_id, type, external_id, points_left FROM activity WHERE member_id IN (?*)"
    " AND source = '@laurel' AND state = 'counted' AND points_left > 0 AND type IN"
    f" ('challenge_step', 'challenge_completed', '{COMPENSATION}') ORDER BY id"
)
Rules = Mapping[int, ChallengeRule]


@dataclass
class Prizes:
    """Offending entries by invariant."""

    paid: list[int] = field(default_factory=list)
    arms: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry says it was paid."""

    id: int
    challenge_id: int
    member_id: int
    version: int
    paid: int
    points: int


@dataclass(frozen=True, slots=True)
class Brought:
    """What an act brought an entry: for a rung of the ladder, or without one a compensation."""

    rung: int | None
    points: int


def check_prizes(store: Store, rules: Rules) -> Prizes:
    """Compare all that was paid with the terms of each entry. `rules` are those of all that began.

    Less than a rung is no violation: caps and budgets are reasons for it.
    """
    found = Prizes()
    _check_arms_and_places(store, rules, found)
    for entries, brought in _members_paid(store):
        found.paid += sorted(_paid_wrongly(rules, entries, brought))
    return found


def _check_arms_and_places(store: Store, rules: Rules, found: Prizes) -> None:
    sql = (
        "SELECT id, challenge_id, member_id, arm, place, paid FROM challenge_entry"
        " WHERE id > ? ORDER BY id LIMIT ?"
    )
    holders: dict[tuple[int, int], list[int]] = defaultdict(list)
    wrong: set[int] = set()
    last = 0
    while page := store.rows(sql, last, ENTRIES):
        last = int(page[-1][0])
        for entry_id, challenge_id, member_id, arm, place, paid in page:
            if (rule := rules.get(challenge_id)) is None:
                continue
            terms = rule.terms  # the arms and the number of winners are fixed at the launch
            if arm != arm_of(rule.code, member_id, terms.control_percent):
                found.arms.append(entry_id)
            if place is not None:
                holders[challenge_id, place].append(entry_id)
            if (most := terms.max_winners) is None:
                is_wrong = place is not None
            else:
                is_wrong = paid > 0 and (place is None or place > most)
            if is_wrong:
                wrong.add(entry_id)
    wrong.update(one for held in holders.values() if len(held) > 1 for one in held)
    found.places += sorted(wrong)


def _members_paid(store: Store) -> Iterator[tuple[list[Entry], dict[int, list[Brought]]]]:
    """Member by member who was ever paid: their entries, and what acts brought each."""
    last = 0
    while True:
        page = [
            int(i)
            for (i,) in store.rows(
                "SELECT DISTINCT member_id FROM challenge_entry WHERE member_id > ?"
                " AND (paid > 0 OR points > 0) ORDER BY member_id LIMIT ?",
                *(last, MEMBERS),
            )
        ]
        if not page:
            return
        last = page[-1]
        entries: dict[int, list[Entry]] = defaultdict(list)
        for row in store.in_list(
            "SELECT id, challenge_id, member_id, version, paid, points FROM challenge_entry"
            " WHERE member_id IN (?*) ORDER BY id",
            page,
        ):
            entries[row[2]].append(Entry(*row))
        brought: dict[int, dict[int, list[Brought]]] = defaultdict(lambda: defaultdict(list))
        for member_id, code, name, points in store.in_list(ACTS, page):
            if (told := _told_by(member_id, code, name)) is not None:
                entry_id, rung = told
                brought[member_id][entry_id].append(Brought(rung, points))
        for member_id in page:
            yield entries[member_id], brought[member_id]


def _told_by(member_id: int, code: str, name: str) -> tuple[int, int | None] | None:
    """The entry and the rung that an act's own name says; None where it says none."""
    start, key = f"{member_id}:{code}:", name.split(":")[2:]
    if not name.startswith(start) or not all(part.isdecimal() for part in key):
        return None
    if code == COMPENSATION:
        return (int(key[0]), None) if len(key) == 1 else None
    return (int(key[0]), int(key[1])) if len(key) == 3 else None


def _paid_wrongly(
    rules: Rules, entries: Sequence[Entry], brought: Mapping[int, Sequence[Brought]]
) -> set[int]:
    """Entries of one member that got what no rung, cap or compensation of theirs explains."""
    wrong: set[int] = set()
    by_challenge: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if (rule := rules.get(entry.challenge_id)) is None:
            wrong.update([entry.id] if entry.points else ())
            continue
        by_challenge[entry.challenge_id].append(entry)
        acts = brought.get(entry.id, ())
        if sum(act.points for act in acts) != entry.points or not _fits(rule, entry, acts):
            wrong.add(entry.id)
    for challenge_id, several in by_challenge.items():
        rewarded = [e for e in several if any(b.rung for b in brought.get(e.id, ()))]
        if _is_over_cap(rules[challenge_id], rewarded):
            wrong.add(rewarded[-1].id)
    return wrong


def _fits(rule: ChallengeRule, entry: Entry, acts: Iterable[Brought]) -> bool:
    """Whether each act pays a rung once, no more than it says, or is the one compensation."""
    own, paid = rule.of_version(entry.version).terms, set[int | None]()
    for act in acts:
        if act.rung in paid or (paid and (act.rung is None or None in paid)):
            return False
        paid.add(act.rung)
        if act.rung is None:
            # What is said when it is called off; those of earlier terms once had their own.
            most = max(rule.terms.compensation, own.compensation)
        elif 1 <= act.rung <= min(entry.paid, len(own.ladder)):
            most = own.ladder[act.rung - 1].points
        else:
            most = 0
        if act.points > most:
            return False
    return True


def _is_over_cap(rule: ChallengeRule, rewarded: Sequence[Entry]) -> bool:
    """Whether a member got more than the widest of the caps under which they were rewarded."""
    caps = [rule.of_version(entry.version).terms.most_points for entry in rewarded]
    known = [cap for cap in caps if cap is not None]
    if not known or len(known) < len(caps):
        return False
    return sum(entry.points for entry in rewarded) > max(known)
