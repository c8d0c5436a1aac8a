"""What looks odd about an invitation: rules that flag, hold or block, and who decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gamification.activities.queries import parsed
from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.referrals.baskets import excluded_money
from gamification.referrals.facts import (
    case_of,
    facts_at_binding,
    facts_at_qualifying,
)
from gamification.referrals.rules import Bought
from gamification.referrals.suspicions import (
    ACTIONS,
    FLAG_DAYS,
    PASSES_OVER,
    RULES,
    Facts,
    Signal,
    action_for,
    is_mostly,
    plain_reason,
    verdict_of,
)
from gamification.referrals.traces import LASTING, PASSING, forget_traces, note_traces
from gamification.referrals.workers import Worker
from gamification.refusals import InvalidSetting
from gamification.store import Store, compact_json
from gamification.world import World

__all__ = [
    "ACTIONS",
    "RULES",
    "RuleState",
    "decide_held",
    "expire_flags",
    "judge_binding",
    "judge_qualifying",
    "note_sight",
    "note_trace",
    "pass_over",
    "purge_traces",
    "reason_of_block",
    "rules_now",
    "set_rule",
]

SILENT_DAYS = 30
ENOUGH_FRIENDS = 50
"""With so many friends in thirty days a rule that never fires may be broken."""
LONGEST_WHY = 200
LONGEST_ACTOR = 120
EXPIRED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RuleState:
    """How a rule acts now; `silent` is the alarm that it may have stopped working."""

    code: str
    action: str
    settings: dict[str, int]
    fired_at: datetime | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A rule's action and settings as this programme has them."""

    action: str
    settings: dict[str, int]


def judge_binding(
    world: World, store: Store, referral_id: int, *, paid_search: bool = False
) -> str:
    """Judge a new invitation while both are held: `pay`, `hold` or `block`.

    A hold shows when it would be paid; until then it only keeps a welcome gift waiting.

    Args:
        paid_search: the link was opened from an advertisement; known at this moment only.
    """
    zone = current_definitions(world.session).programme.zone
    facts = facts_at_binding(store, case_of(store, referral_id), zone)
    return _judge(world, store, referral_id, replace(facts, paid_search=paid_search))


def judge_qualifying(
    world: World, store: Store, referral_id: int, *, staff: Iterable[Worker] = ()
) -> str:
    """Judge an invitation that is about to be paid: `pay`, `hold` or `block`.

    Args:
        staff: the shop's people, to see whether one of them invites.
    """
    zone = current_definitions(world.session).programme.zone
    case = case_of(store, referral_id)
    facts = facts_at_qualifying(store, case, zone, now=world.now, staff=staff)
    return _judge(world, store, referral_id, facts)


def pass_over(
    world: World, store: Store, referral_id: int, purchases: Sequence[Bought]
) -> list[Bought]:
    """The purchases, those marked that are of excluded goods where the rule says so.

    The rule's signal is closed at once: there is nothing to decide.
    """
    money = excluded_money(store, [one.id for one in purchases])
    rule = _chosen(store)[PASSES_OVER] if money else None
    if rule is None or rule.action != "block":
        return list(purchases)
    over = {
        one.id: money[one.id] * 100 // one.kept for one in purchases
        if one.id in money and is_mostly(money[one.id], one.kept, rule.settings["percent"])
    }  # fmt: skip
    if over:
        columns = ("id", "referral_id", "rule", "action", "evidence", "state", "created_at",
                   "decided_at", "decided_by")  # fmt: skip
        evidence = compact_json({"percent": min(over.values())})
        now = to_micros(world.now)
        row = (world.ids(), referral_id, PASSES_OVER, "block", evidence, "confirmed", now, now,
               "engine")  # fmt: skip
        store.insert("referral_signal", [row], columns=columns, conflict="ignore")
    return [replace(one, passed_over=one.id in over) for one in purchases]


def _judge(world: World, store: Store, referral_id: int, facts: Facts) -> str:
    """Keep what fires, once per rule, and weigh it with what people have decided."""
    fired = []
    for code, chosen in _chosen(store).items():
        evidence = RULES[code].judge(facts, chosen.settings) if chosen.action != "off" else None
        if evidence is not None:
            action = action_for(evidence, chosen.action)
            text = compact_json(evidence)
            now = to_micros(world.now)
            fired.append((world.ids(), referral_id, code, action, text, "open", now))
    if fired:
        columns = ("id", "referral_id", "rule", "action", "evidence", "state", "created_at")
        store.insert("referral_signal", fired, columns=columns, conflict="ignore")
    return verdict_of(_signals(store, referral_id), world.now)


def _signals(store: Store, referral_id: int) -> list[Signal]:
    rows = store.rows(
        "SELECT rule, action, state, created_at FROM referral_signal WHERE referral_id = ?",
        referral_id,
    )
    return [Signal(rule, action, state, from_micros(at)) for rule, action, state, at in rows]


def reason_of_block(store: Store, referral_id: int) -> str:
    """Why an invitation was blocked: `same_person`, `not_new` or `rejected`."""
    return plain_reason(_signals(store, referral_id))


def _chosen(store: Store) -> dict[str, Chosen]:
    """Every rule as it acts in this programme."""
    rows = store.rows("SELECT code, action, settings FROM referral_rule")
    changed = {code: (action, parsed(settings) or {}) for code, action, settings in rows}
    found = {}
    for code, rule in RULES.items():
        action, settings = changed.get(code, (rule.action, {}))
        shipped = {name: bound.shipped for name, bound in rule.settings.items()}
        found[code] = Chosen(action, shipped | settings)
    return found


def rules_now(world: World) -> tuple[RuleState, ...]:
    """Every rule, when it fired last, and whether its silence is odd."""
    store = Store(world.connection)
    last = dict(store.rows("SELECT rule, MAX(created_at) FROM referral_signal GROUP BY rule"))
    since = to_micros(world.now - timedelta(days=SILENT_DAYS))
    row = store.first("SELECT COUNT(*) FROM referral WHERE bound_at > ?", since)
    is_busy = row is not None and row[0] >= ENOUGH_FRIENDS
    return tuple(
        RuleState(
            code=code,
            action=chosen.action,
            settings=chosen.settings,
            fired_at=from_micros(last[code]) if code in last else None,
            silent=is_busy and chosen.action != "off" and last.get(code, 0) <= since,
        )
        for code, chosen in _chosen(store).items()
    )


def set_rule(
    world: World,
    code: str,
    *,
    action: str | None = None,
    settings: Mapping[str, int] | None = None,
) -> None:
    """Let a rule act otherwise from now on; what is not said stays as it is.

    Raises:
        InvalidSetting: `code`, `action` (some rules may never do more than flag), or the
            name of a setting that is out of its bounds.
    """
    rule = RULES.get(code)
    if rule is None:
        raise InvalidSetting(field="code")
    store = Store(world.connection)
    before = _chosen(store)[code]
    after = Chosen(action or before.action, before.settings | dict(settings or {}))
    if after.action not in rule.actions:
        raise InvalidSetting(field="action")
    for name, value in after.settings.items():
        bound = rule.settings.get(name)
        if bound is None or type(value) is not int or not bound.least <= value <= bound.most:
            raise InvalidSetting(field=name)
    row = (code, after.action, compact_json(after.settings))
    store.insert("referral_rule", [row], conflict="replace")


def decide_held(
    world: World, referral_ids: Iterable[int], *, verdict: str, actor: str, why: str = ""
) -> int:
    """A person lets held invitations pass or ends them; answers how many were still held.

    `pay` dismisses what was held against them and lets the clock pay within seconds, once;
    `reject` confirms it. A repeat changes nothing.

    Raises:
        InvalidSetting: the verdict is neither.
    """
    if verdict not in ("pay", "reject"):
        raise InvalidSetting(field="verdict")
    store = Store(world.connection)
    held = _held(store, sorted(set(referral_ids)))
    if not held:
        return 0
    state = "dismissed" if verdict == "pay" else "confirmed"
    sql = "SELECT id FROM referral_signal WHERE state = 'open' AND referral_id IN (?*)"
    signals = [row[0] for row in store.in_list(sql, held)]
    _close(world, store, signals, state=state, actor=actor, why=why)
    if verdict == "pay":
        _wake(world, store, held)
    else:
        columns = ("id", "state", "reason", "due_at")
        store.update("referral", columns, [(one, "blocked", "rejected", None) for one in held])
    return len(held)


def expire_flags(world: World) -> int:
    """Flags that nobody answered for thirty days stop nothing; answers how many went.

    What waited for nothing else is paid by the clock.
    """
    store = Store(world.connection)
    rows = store.rows(
        "SELECT id, referral_id FROM referral_signal WHERE state = 'open' AND action = 'flag'"
        f" AND created_at <= ? ORDER BY id LIMIT {EXPIRED_AT_ONCE}",
        to_micros(world.now - timedelta(days=FLAG_DAYS)),
    )
    held = _held(store, sorted({int(row[1]) for row in rows}))
    signals = [row[0] for row in rows]
    _close(world, store, signals, state="dismissed", actor="engine", why="expired")
    _wake(world, store, held)
    return len(rows)


def _close(
    world: World, store: Store, signals: Iterable[int], *, state: str, actor: str, why: str
) -> None:
    """Note what became of signals, and who says so."""
    columns = ("id", "state", "decided_at", "decided_by", "why")
    decided = (state, to_micros(world.now), actor[:LONGEST_ACTOR], why.strip()[:LONGEST_WHY])
    store.update("referral_signal", columns, [(one, *decided) for one in signals])


def _wake(world: World, store: Store, referrals: Sequence[int]) -> None:
    """Let the clock look at these now."""
    now = to_micros(world.now)
    store.update("referral", ("id", "due_at"), [(one, now) for one in referrals])


def _held(store: Store, referral_ids: Sequence[int]) -> list[int]:
    """Which of these wait for a person; everybody in them is held, ascending."""
    sql = "SELECT referrer_id, friend_id FROM referral WHERE id IN (?*)"
    people = {who for pair in store.in_list(sql, referral_ids) for who in pair}
    if store.postgres:
        lock = "SELECT id FROM member WHERE id IN (?*) ORDER BY id FOR UPDATE"
        store.in_list(lock, sorted(people))
    waiting = "SELECT id FROM referral WHERE state = 'in_review' AND id IN (?*)"
    return [int(row[0]) for row in store.in_list(waiting, referral_ids)]


def note_trace(world: World, member_id: int, kind: str, value: str) -> None:
    """Note a keyed hash of a phone, an e-mail, a card, a payment, a device or a network."""
    assert kind in LASTING + PASSING, "a trace has one of the known kinds"
    note_traces(Store(world.connection), world.now, [(member_id, kind, value)])


def note_sight(world: World, member_id: int, *, device: str, network: str) -> None:
    """A member was seen with this browser and from this network; empty is not known."""
    store = Store(world.connection)
    if store.postgres:
        # Held first: a trace alone would share the row, and two doors at once block each other.
        store.first("SELECT id FROM member WHERE id = ? FOR UPDATE", member_id)
    traces = [(member_id, "device", device), (member_id, "network", network)]
    note_traces(store, world.now, traces)


def purge_traces(world: World) -> int:
    """Forget browsers and networks seen sixty days ago, and the keys they were hashed with."""
    return forget_traces(Store(world.connection), world.now)
