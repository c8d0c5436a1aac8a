"""What a person decides about held invitations, written down, and taken back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from gamification.activities.queries import parsed
from gamification.columns import to_micros
from gamification.commands.acts import note_reward
from gamification.commands.appeals import answer_appeals, reopen_appeals
from gamification.holding import hold_members
from gamification.referrals.appeals import PLAIN_REASONS
from gamification.referrals.suspicions import FLAG_DAYS, UNDO_DAYS
from gamification.refusals import InvalidSetting
from gamification.store import Store, compact_json
from gamification.world import World

__all__ = [
    "PLAIN_REASONS",
    "UNDO_DAYS",
    "close_signals",
    "decide_held",
    "hold_people",
    "undo_decisions",
    "wake",
]

VERDICTS = ("pay", "reject")
LONGEST_WHY = 200
LONGEST_ACTOR = 120
PAID = ("rewarded", "qualified")
UNDER_WAY = ("registered", "purchased")
"""What was let go on and is not due yet: held anew, it comes back with the objection."""


@dataclass(slots=True)
class Waiting:
    """An invitation that waits for a person; signals are (id, state)."""

    id: int
    referrer_id: int
    state: str
    reason: str | None
    appealed: bool
    signals: list[tuple[int, str]] = field(default_factory=list)

    @property
    def before(self) -> dict[str, Any]:
        """What taking the decision back restores."""
        signals = [list(one) for one in self.signals]
        return {
            "state": self.state, "reason": self.reason, "signals": signals,
            "appeal": self.appealed,
        }  # fmt: skip


def decide_held(
    world: World,
    referral_ids: Iterable[int],
    *,
    verdict: str,
    actor: str,
    why: str = "",
    told: str | None = None,
    batch: int | None = None,
) -> int:
    """A person lets invitations pass or ends them; answers how many were still waiting.

    What waits is held by a rule, or was ended and its referrer objected. `pay` dismisses
    what spoke against it and lets the clock go on within seconds; `reject` confirms it.
    A repeat changes nothing. An open appeal is answered along.

    Args:
        told: the reason that the referrer reads after a refusal; None keeps the one it
            ended with, else `rejected`.
        batch: a number for all of them, by which they are taken back together.
    Raises:
        InvalidSetting: `verdict` or `told` is none.
    """
    if verdict not in VERDICTS:
        raise InvalidSetting(field="verdict")
    if told is not None and told not in PLAIN_REASONS:
        raise InvalidSetting(field="told")
    store = Store(world.connection)
    cases = _waiting(store, sorted(set(referral_ids)))
    if not cases:
        return 0
    number = batch or world.ids()
    _note(world, store, cases, verdict=verdict, actor=actor, why=why, batch=number)
    state = "dismissed" if verdict == "pay" else "confirmed"
    signals = [one for case in cases for one, _ in case.signals]
    close_signals(world, store, signals, state=state, actor=actor, why=why)
    if verdict == "pay":
        _let_go_on(world, store, cases)
    else:
        _end(store, cases, told)
    ids = [case.id for case in cases]
    answer_appeals(world, store, ids, accepted=verdict == "pay", key=number)
    return len(cases)


def _waiting(store: Store, referral_ids: Sequence[int]) -> list[Waiting]:
    """Which of these wait for a person, ascending; everybody in them is held."""
    hold_people(store, referral_ids)
    rows = store.in_list(
        "SELECT r.id, r.referrer_id, r.state, r.reason, p.referral_id IS NOT NULL,"
        " EXISTS (SELECT 1 FROM referral_decision d WHERE d.referral_id = r.id"
        "  AND d.verdict = 'pay' AND d.undone_at IS NULL)"
        " FROM referral r LEFT JOIN referral_appeal p ON p.referral_id = r.id AND p.state = 'open'"
        " WHERE (r.state = 'in_review' OR r.state = 'blocked' AND p.referral_id IS NOT NULL)"
        " AND r.id IN (?*)",
        referral_ids,
    )
    found = {row[0]: Waiting(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows}
    signals = store.in_list(
        "SELECT id, referral_id, state FROM referral_signal WHERE state <> 'dismissed'"
        " AND referral_id IN (?*)",
        found,
    )
    for signal_id, referral_id, state in sorted(signals):
        found[referral_id].signals.append((signal_id, state))
    # Paid a moment ago, and the clock has not come by yet: decided is decided.
    decided = {row[0] for row in rows if row[5] and not found[row[0]].signals}
    return [found[one] for one in sorted(found) if one not in decided]


def hold_people(store: Store, referral_ids: Sequence[int]) -> None:
    """Hold everybody in these invitations until the transaction ends, ascending."""
    if not store.postgres:
        return
    sql = "SELECT referrer_id, friend_id FROM referral WHERE id IN (?*)"
    people = {who for pair in store.in_list(sql, referral_ids) for who in pair}
    hold_members(store, people)


def _note(
    world: World,
    store: Store,
    cases: Iterable[Waiting],
    *,
    verdict: str,
    actor: str,
    why: str,
    batch: int,
) -> None:
    columns = ("id", "batch", "referral_id", "verdict", "at", "actor", "why", "before")
    told = (actor[:LONGEST_ACTOR], why.strip()[:LONGEST_WHY])
    rows = [
        (world.ids(), batch, one.id, verdict, to_micros(world.now), *told, compact_json(one.before))
        for one in cases
    ]
    store.insert("referral_decision", rows, columns=columns)


def close_signals(
    world: World, store: Store, signals: Iterable[int], *, state: str, actor: str, why: str
) -> None:
    """Note what became of signals, and who says so."""
    columns = ("id", "state", "decided_at", "decided_by", "why")
    decided = (state, to_micros(world.now), actor[:LONGEST_ACTOR], why.strip()[:LONGEST_WHY])
    store.update("referral_signal", columns, [(one, *decided) for one in signals])


def wake(world: World, store: Store, referrals: Iterable[int]) -> None:
    """Let the clock look at these now."""
    now = to_micros(world.now)
    store.update("referral", ("id", "due_at"), [(one, now) for one in referrals])


def _let_go_on(world: World, store: Store, cases: Sequence[Waiting]) -> None:
    """The clock goes on; whoever was ended starts where their purchases are."""
    ended = [one for one in cases if one.state == "blocked"]
    rows = [(one.id, "registered", None) for one in ended]
    store.update("referral", ("id", "state", "reason"), rows)
    active = {
        row[0]
        for row in store.in_list(
            "SELECT id FROM member WHERE status = 'active' AND id IN (?*)",
            {one.referrer_id for one in ended},
        )
    }
    for one in ended:
        if one.referrer_id in active:
            who, key = one.referrer_id, str(one.id)
            note_reward(world, who, "friend_joined", key=key, points=0, at=world.now)
    wake(world, store, [one.id for one in cases])


def _end(store: Store, cases: Iterable[Waiting], told: str | None) -> None:
    """They are ended, or stay so, with a reason from the fixed list."""
    rows = []
    for one in cases:
        known = one.reason if one.state == "blocked" else None
        rows.append((one.id, "blocked", told or known or "rejected", None))
    store.update("referral", ("id", "state", "reason", "due_at"), rows)


@dataclass(frozen=True, slots=True)
class Made:
    """A decision that still stands, with the invitation as it is now."""

    id: int
    referral_id: int
    verdict: str
    before: dict[str, Any]
    state: str


def undo_decisions(
    world: World,
    ids: Collection[int] = (),
    *,
    actor: str,
    batch: int | None = None,
    why: str = "",
) -> int:
    """Take decisions back, by their numbers or all of a batch; answers how many stood.

    What was held waits again, what was ended is ended again, an answered appeal is open
    again. Points that were paid are taken back by the clock within seconds, by the
    programme's policy for what is spent. Within fourteen days, only the last decision
    about an invitation, and none about the erased; a repeat changes nothing.
    """
    store = Store(world.connection)
    made = _standing(world, store, ids, batch)
    if not made:
        return 0
    said = (to_micros(world.now), actor[:LONGEST_ACTOR], why.strip()[:LONGEST_WHY])
    columns = ("id", "undone_at", "undone_by", "undone_why")
    store.update("referral_decision", columns, [(one.id, *said) for one in made])
    _restore_signals(world, store, made)
    rows = {one.referral_id: row for one in made if (row := _restored(one, to_micros(world.now)))}
    store.update("referral", ("id", "state", "reason", "due_at"), list(rows.values()))
    appealed = [
        one.referral_id for one in made
        if one.before["appeal"] and (one.referral_id in rows or one.state in UNDER_WAY)
    ]  # fmt: skip
    reopen_appeals(world, store, appealed, key=made[0].id)
    return len(made)


def _restored(one: Made, now: int) -> tuple[Any, ...] | None:
    """The invitation as it was before; None where it has gone on by itself meanwhile."""
    state, reason = one.before["state"], one.before["reason"]
    if one.state in PAID:
        return one.referral_id, one.state, "withdrawn", now  # the clock takes the points back
    if one.state in ("expired", "reversed"):
        return None
    if one.verdict == "reject" or one.state == "in_review" or state == "blocked":
        return one.referral_id, state, reason, None
    return None


def _standing(
    world: World, store: Store, ids: Collection[int], batch: int | None
) -> Sequence[Made]:
    """Decisions of these that can be taken back, each the last one about its invitation."""
    sql = (
        "SELECT d.id, d.referral_id, d.verdict, d.before, r.state FROM referral_decision d"
        " JOIN referral r ON r.id = d.referral_id WHERE {} AND d.undone_at IS NULL AND d.at > ?"
        " AND NOT EXISTS (SELECT 1 FROM referral_decision x WHERE x.referral_id = d.referral_id"
        "  AND x.id > d.id AND x.undone_at IS NULL) AND NOT EXISTS (SELECT 1 FROM member m"
        "  WHERE m.id IN (r.referrer_id, r.friend_id) AND m.status = 'erased') ORDER BY d.id"
    )
    since = to_micros(world.now - timedelta(days=UNDO_DAYS))

    def read() -> list[Any]:
        if batch is not None:
            return store.rows(sql.format("d.batch = ?"), batch, since)
        return store.in_list(sql.format("d.id IN (?*)"), ids, since)

    hold_people(store, [row[1] for row in read()])
    # Read again now that everybody is held: another person may have been quicker.
    return [Made(row[0], row[1], row[2], parsed(row[3]) or {}, row[4]) for row in read()]


def _restore_signals(world: World, store: Store, made: Iterable[Made]) -> None:
    """What was seen speaks again; a flag counts its thirty days anew, or it would go at once."""
    states = {int(one): state for each in made for one, state in each.before["signals"]}
    store.update("referral_signal", ("id", "state"), list(states.items()))
    opened = [one for one, state in states.items() if state == "open"]
    columns = ("id", "decided_at", "decided_by", "why")
    store.update("referral_signal", columns, [(one, None, None, None) for one in opened])
    late = to_micros(world.now - timedelta(days=FLAG_DAYS - UNDO_DAYS))
    flags = store.in_list(
        "SELECT id FROM referral_signal WHERE id IN (?*) AND action = 'flag' AND created_at < ?",
        opened,
        late,
    )
    now = to_micros(world.now)
    store.update("referral_signal", ("id", "created_at"), [(row[0], now) for row in flags])
