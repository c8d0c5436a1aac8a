"""Read what a case needs to know, and write what it decided."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from gamification.case import (
    Act,
    AwardState,
    LotState,
    MemberState,
    Rows,
    StandingState,
)
from gamification.challenges.queries import entry_rows
from gamification.columns import from_micros
from gamification.definitions import Definitions
from gamification.holding import hold_members
from gamification.measures.rules import Contribution, counters_of
from gamification.notices.rules import NOTICE_COLUMNS
from gamification.programme import local_day, zone_of
from gamification.sources import LOT_COLUMNS, PageSource, TableSource, day_of, read_debts
from gamification.statements import Target, whole_target
from gamification.store import Store, compact_json

MEMBER_COLUMNS = (
    "m.id, m.status, m.locale, m.joined_at, s.tier_id, s.since, s.term_ends, s.grace_until,"
    " s.decided_on, m.birthday, m.zone, m.invited"
)


def state_of(row: Sequence[Any], definitions: Definitions, source: Any) -> MemberState:
    """A member's state from a row of MEMBER_COLUMNS."""
    member_id, _, locale, joined_at, tier_id, since, term_ends, grace_until, decided = row[:9]
    birthday, own_zone, invited = row[9:12]
    zone = definitions.programme.zone
    standing = None
    if tier_id is not None:
        standing = StandingState(
            position=definitions.position_of(tier_id),
            since=date.fromisoformat(since),
            term_ends=day_of(term_ends),
            grace_until=day_of(grace_until),
        )
    return MemberState(
        member_id=member_id,
        zone=zone,
        locale=locale,
        joined_day=local_day(from_micros(joined_at), zone),
        standing=standing,
        decided_on=day_of(decided),
        source=source,
        birthday=day_of(birthday) if isinstance(birthday, str) else birthday,
        own_zone=None if own_zone is None else zone_of(own_zone),
        invited=bool(invited),
        joined=joined_at,
    )


def load_counters(
    store: Store, definitions: Definitions, state: MemberState, *parts: Contribution
) -> None:
    """Read the counters and keys that contributions touch, by primary-key probes."""
    wanted = [pair for pair in counters_of(definitions.book, *parts) if pair not in state.counters]
    if wanted:
        for measure_id, period, value, memory in store.lookup(
            "counter",
            "t.measure_id, t.period, t.value, t.state",
            fixed=("member_id", state.member_id),
            keys=("measure_id", "period"),
            wanted=wanted,
        ):
            state.counters[measure_id, period] = (value, memory)
    keys = [key for key in set().union(*(part.keys for part in parts)) if key not in state.keys]
    if keys:
        for keys_id, period, key, n in store.lookup(
            "counter_key",
            "t.measure_id, t.period, t.key, t.n",
            fixed=("member_id", state.member_id),
            keys=("measure_id", "period", "key"),
            wanted=sorted(keys),
        ):
            state.keys[keys_id, period, key] = n


def load_pages(
    store: Store, definitions: Definitions, ids: Iterable[int], *, lock: bool = True
) -> dict[int, MemberState]:
    """Complete states of a page of members, in a handful of queries.

    Their rows are held until the transaction ends, unless somebody only looks.
    """
    members = sorted(ids)
    if lock:
        # A statement of its own: whoever waited for a lock must read what the other wrote.
        hold_members(store, members)
    rows = store.in_list(
        f"SELECT {MEMBER_COLUMNS} FROM member m LEFT JOIN standing s ON s.member_id = m.id"
        " WHERE m.id IN (?*) ORDER BY m.id",
        members,
    )
    states: dict[int, MemberState] = {}
    sources: dict[int, PageSource] = {}
    for row in rows:
        source = sources[row[0]] = PageSource(TableSource(store, definitions, row[0]))
        states[row[0]] = state_of(row, definitions, source)
    known = [i for i, state in states.items() if state.standing is not None]
    if known:
        _fill_pages(store, definitions, states, sources, known)
    return states


def _fill_pages(
    store: Store,
    definitions: Definitions,
    states: dict[int, MemberState],
    sources: dict[int, PageSource],
    known: list[int],
) -> None:
    for member_id, measure_id, period, value, memory in store.in_list(
        "SELECT member_id, measure_id, period, value, state FROM counter WHERE member_id IN (?*)",
        known,
    ):
        sources[member_id].counters.setdefault(measure_id, {})[period] = (value, memory)
        states[member_id].counters[measure_id, period] = (value, memory)
    for member_id, measure_id, period, key, n in store.in_list(
        "SELECT member_id, measure_id, period, key, n FROM counter_key WHERE member_id IN (?*)",
        known,
    ):
        sources[member_id].keys.setdefault((measure_id, period), {})[key] = n
        states[member_id].keys[measure_id, period, key] = n
    for member_id, measure_id, day, value in store.in_list(
        "SELECT member_id, measure_id, day, value FROM day_sum WHERE member_id IN (?*)", known
    ):
        sources[member_id].days.setdefault(measure_id, {})[date.fromisoformat(day)] = value
    for member_id, *lot in store.in_list(
        f"SELECT member_id, {LOT_COLUMNS} FROM lot"
        " WHERE member_id IN (?*) AND remaining > 0 ORDER BY id",
        known,
    ):
        sources[member_id].open_lots.append(LotState(*lot))
    for member_id, medal_id, level, key, *award in store.in_list(
        "SELECT member_id, achievement_id, level, occurrence, id, status, times, held FROM award"
        " WHERE member_id IN (?*)",
        known,
    ):
        held = sources[member_id].held.setdefault(medal_id, {})
        held[level, key] = AwardState(*award)
    if definitions.programme.negative_policy == "unlimited":
        for member_id, owed in read_debts(store, known).items():
            sources[member_id].owed = owed


INSERT_ORDER = (
    "ledger_account",
    "activity",
    "activity_line",
    "return_match",
    "transfer",
    "lot",
    "allocation",
    "award",
    "award_log",
    "point_grant",
    "standing_log",
)
NOTICES = Target("notice", NOTICE_COLUMNS, "ignore")


def write_rows(store: Store, rows: Rows) -> None:
    """Write everything a case or a page of cases decided: few statements, one transaction."""
    for act in rows.acts.values():
        rows.inserts["activity"].append(_activity_row(act))
        rows.inserts["activity_line"].extend(_line_rows(act))
    _settle_new_lots(rows)
    store.insert_all(
        [
            *((whole_target(table, "fail"), rows.inserts.get(table, ())) for table in INSERT_ORDER),
            (NOTICES, rows.inserts.get("notice", ())),
            (whole_target("counter", "replace"), [(*k, *v) for k, v in rows.counters.items()]),
            (whole_target("counter_key", "replace"), [(*k, n) for k, n in rows.keys.items()]),
            (whole_target("day_sum", "replace"), [(*k, v) for k, v in rows.days.items()]),
            (whole_target("standing", "replace"), list(rows.standings.values())),
            (whole_target("challenge_entry", "replace"), entry_rows(rows.entries.values())),
        ]
    )
    awards = [(i, *row) for i, row in rows.awards.items()]
    store.update("award", ("id", "status", "times", "held"), awards)
    store.update(
        "lot",
        ("id", "remaining", "reserved"),
        [(x.id, x.remaining, x.reserved) for x in rows.lots.values()],
    )
    store.update("standing_log", ("id", "voided_by"), list(rows.voided.items()))
    store.update(
        "activity_line",
        ("activity_id", "line_no", "quantity_left"),
        [(*k, left) for k, left in rows.lines.items() if k[0] not in rows.acts],
    )
    _update_acts(store, rows)
    for key, grant_state in rows.grants.items():
        store.run("UPDATE point_grant SET state = ? WHERE key = ?", grant_state, key)
    for key in rows.unsaid:
        store.run("UPDATE notice SET state = 'dropped' WHERE dedupe_key = ?", key)
    for member_id, recorded in rows.stirred.items():
        store.run("UPDATE referral SET due_at = ? WHERE friend_id = ?", recorded, member_id)


def _settle_new_lots(rows: Rows) -> None:
    """A lot that is both new and drawn from is inserted as it ends."""
    if not rows.lots or not rows.inserts.get("lot"):
        return
    fresh = rows.inserts["lot"]
    for n, row in enumerate(fresh):
        if lot := rows.lots.pop(row[0], None):
            fresh[n] = (*row[:5], lot.remaining, lot.reserved, *row[7:])


def _activity_row(act: Act) -> tuple[Any, ...]:
    return (
        act.id,
        act.source,
        act.external_id,
        act.member_id,
        act.type,
        act.state,
        act.occurred,
        act.recorded,
        act.zone,
        act.day.isoformat(),
        act.minute,
        act.amount,
        act.amount_left,
        act.base,
        act.base_left,
        act.points,
        act.points_left,
        act.points_paid,
        len(act.lines),
        act.store,
        act.channel,
        act.operator,
        act.names_id,
        act.names_source,
        act.body_hash,
        compact_json(act.judged),
        compact_json(act.outcome),
        compact_json(act.body),
    )


def _line_rows(act: Act) -> list[tuple[Any, ...]]:
    return [
        (
            act.id,
            x.line_no,
            x.sku,
            x.category,
            x.quantity,
            x.quantity_left,
            x.amount,
            x.paid,
            x.base,
            x.price,
            compact_json(x.discounts),
        )
        for x in act.lines
    ]


def _update_acts(store: Store, rows: Rows) -> None:
    columns = ("id", "state", "amount_left", "base_left", "points_left")
    store.update("activity", columns, [tuple(x) for x in rows.changed_acts()])
