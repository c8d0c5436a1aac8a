"""What looks odd about an invitation: rules that flag, hold or block, and who decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from gamification.activities.queries import parsed
from gamification.columns import from_micros, to_micros
from gamification.commands.decisions import close_signals, decide_held, hold_people, wake
from gamification.definitions import current_definitions
from gamification.holding import hold_members
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
    "RuleChange",
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
    "undo_rule",
]

SILENT_DAYS = 30
ENOUGH_FRIENDS = 50
"""With so many friends in thirty days a rule that never fires may be broken."""
EXPIRED_AT_ONCE = 500
LONGEST_ACTOR = 120


@dataclass(frozen=True, slots=True)
class RuleChange:
    """The last change of a rule: who, when, and how it acted before."""

    id: int
    at: datetime
    actor: str
    action: str
    settings: dict[str, int]


@dataclass(frozen=True, slots=True)
class RuleState:
    """How a rule acts now; `silent` is the alarm that it may have stopped working."""

    code: str
    action: str
    settings: dict[str, int]
    fired_at: datetime | None
    silent: bool
    changed: RuleChange | None = None


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
    changes = _last_changes(store)
    return tuple(
        RuleState(
            code=code,
            action=chosen.action,
            settings=chosen.settings,
            fired_at=from_micros(last[code]) if code in last else None,
            silent=is_busy and chosen.action != "off" and last.get(code, 0) <= since,
            changed=changes.get(code),
        )
        for code, chosen in _chosen(store).items()
    )


def _last_changes(store: Store) -> dict[str, RuleChange]:
    """The last change of each rule that was ever changed."""
    rows = store.rows(
        "SELECT c.code, c.id, c.at, c.actor, c.before FROM referral_rule_change c"
        " WHERE c.id = (SELECT MAX(x.id) FROM referral_rule_change x WHERE x.code = c.code)"
    )
    found = {}
    for code, change_id, at, actor, before in rows:
        was = parsed(before) or {}
        found[code] = RuleChange(change_id, from_micros(at), actor, was["action"], was["settings"])
    return found


def set_rule(
    world: World,
    code: str,
    *,
    action: str | None = None,
    settings: Mapping[str, int] | None = None,
    actor: str = "",
) -> None:
    """Let a rule act otherwise from now on; what is not said stays as it is.

    Who changed it and how it acted before is kept; saying what holds anyway changes nothing.

    Raises:
        InvalidSetting: `code`, `action` (some rules may never do more than flag), or the
            name of a setting that is out of its bounds.
    """
    rule = RULES.get(code)
    if rule is None:
        raise InvalidSetting(field="code")
    store = Store(world.connection)
    if store.postgres:
        # Lock before comparing: two people may change rules at once.
        store.first("SELECT id FROM programme WHERE id = 1 FOR UPDATE")
    before = _chosen(store)[code]
    after = Chosen(action or before.action, before.settings | dict(settings or {}))
    if after.action not in rule.actions:
        raise InvalidSetting(field="action")
    for name, value in after.settings.items():
        bound = rule.settings.get(name)
        if bound is None or type(value) is not int or not bound.least <= value <= bound.most:
            raise InvalidSetting(field=name)
    if after == before:
        return
    row = (code, after.action, compact_json(after.settings))
    store.insert("referral_rule", [row], conflict="replace")
    texts = [compact_json(asdict(one)) for one in (before, after)]
    change = (world.ids(), code, to_micros(world.now), actor[:LONGEST_ACTOR], *texts)
    columns = ("id", "code", "at", "actor", "before", "after")
    store.insert("referral_rule_change", [change], columns=columns)


def undo_rule(world: World, change_id: int, *, actor: str) -> str | None:
    """Let a rule act as it did before its last change; answers its code.

    That is a change of its own, so taking back what was taken back works too. None when
    there is no such change, or somebody has changed the rule since.

    Raises:
        InvalidSetting: this version has no such rule, or bounds that it does not keep.
    """
    found = _last_changes(Store(world.connection))
    for code, change in found.items():
        if change.id == change_id:
            set_rule(world, code, action=change.action, settings=change.settings, actor=actor)
            return code
    return None


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
    close_signals(world, store, signals, state="dismissed", actor="engine", why="expired")
    wake(world, store, held)
    return len(rows)


def _held(store: Store, referral_ids: Sequence[int]) -> list[int]:
    """Which of these wait for a person; everybody in them is held."""
    hold_people(store, referral_ids)
    waiting = "SELECT id FROM referral WHERE state = 'in_review' AND id IN (?*)"
    return [int(row[0]) for row in store.in_list(waiting, referral_ids)]


def note_trace(world: World, member_id: int, kind: str, value: str) -> None:
    """Note a keyed hash of a phone, an e-mail, a card, a payment, a device or a network."""
    assert kind in LASTING + PASSING, "a trace has one of the known kinds"
    note_traces(Store(world.connection), world.now, [(member_id, kind, value)])


def note_sight(world: World, member_id: int, *, device: str, network: str) -> None:
    """A member was seen with this browser and from this network; empty is not known."""
    store = Store(world.connection)
    # Held first: a trace alone would share the row, and two doors at once block each other.
    hold_members(store, [member_id])
    traces = [(member_id, "device", device), (member_id, "network", network)]
    note_traces(store, world.now, traces)


def purge_traces(world: World) -> int:
    """Forget browsers and networks seen sixty days ago, and the keys they were hashed with."""
    return forget_traces(Store(world.connection), world.now)
