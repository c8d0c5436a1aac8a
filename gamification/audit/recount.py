"""The checks that compute anew: counters, points, tiers and the seal, member by member."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from gamification.activities.queries import member_acts
from gamification.activities.registry import ACT_TYPES, is_limit_reached
from gamification.activities.returns import rest_left, rest_that_earns
from gamification.audit.challenges import wrong_entries
from gamification.case import Act, MemberState, Rows
from gamification.columns import to_micros
from gamification.definitions import Definitions
from gamification.earning.rules import evaluate
from gamification.judgement import context_of
from gamification.ledger.sealing import digest_of, transfers_between
from gamification.loading import load_pages
from gamification.measures.seeding import replay_into
from gamification.points import kept_share
from gamification.programme import local_day
from gamification.sources import TableSource
from gamification.store import Store
from gamification.tiers.rules import joined, replay

PAGE = 200


@dataclass
class Recount:
    """Offending ids by invariant: members for counters and tiers, activities for points."""

    counters: list[int] = field(default_factory=list)
    awards: list[int] = field(default_factory=list)
    points: list[int] = field(default_factory=list)
    tiers: list[int] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)


def member_pages(store: Store) -> Iterator[list[int]]:
    """Everybody who ever acted, in pages."""
    last = 0
    while True:
        sql = "SELECT member_id FROM standing WHERE member_id > ? ORDER BY member_id LIMIT ?"
        page = [i for (i,) in store.rows(sql, last, PAGE)]
        if not page:
            return
        yield page
        last = page[-1]


def recount_members(store: Store, definitions: Definitions, now: datetime) -> Recount:
    """Compute everything anew from the activities as they are kept, and compare."""
    found, today = Recount(), local_day(now, definitions.programme.zone)
    for page in member_pages(store):
        states = load_pages(store, definitions, page, lock=False)
        for member_id in page:
            acts = member_acts(store, member_id)
            _check_counters(states[member_id], definitions, acts, found)
            _check_points(definitions, acts, found)
            _check_limits(acts, found)
            _check_tier(states[member_id], definitions, today, found)
            if definitions.challenges:
                found.entries += wrong_entries(store, definitions, member_id, acts, to_micros(now))
    return found


def _check_counters(
    state: MemberState, definitions: Definitions, acts: list[Act], found: Recount
) -> None:
    fresh = MemberState(
        state.member_id, state.zone, state.locale, state.joined_day, None, None, EMPTY
    )
    replay_into(definitions.book, fresh, Rows(), acts)
    unready = definitions.book.seeding
    kept = {k: v[0] for k, v in state.counters.items() if v[0] and k[0] not in unready}
    anew = {k: v[0] for k, v in fresh.counters.items() if v[0] and k[0] not in unready}
    keys = {k: n for k, n in state.keys.items() if n and k[0] not in unready}
    keys_anew = {k: n for k, n in fresh.keys.items() if n and k[0] not in unready}
    first = date.min
    sums = {d: v for d, v in state.sums_from(definitions.tier_measure, first).items() if v}
    sums_anew = {d: v for d, v in fresh.sums_from(definitions.tier_measure, first).items() if v}
    if (kept, keys, sums) != (anew, keys_anew, sums_anew):
        found.counters.append(state.member_id)
    for medals in definitions.medals.values():
        for medal in medals:
            if medal.measure_id in unready:
                continue
            for (level, occurrence), award in state.awards_of(medal.id).items():
                if award.status != "active" or medal.on_reversal == "keep":
                    continue
                period = "all" if medal.occurrence != "per_value" else occurrence
                need = next((x.threshold for x in medal.levels if x.level == level), 0)
                if medal.occurrence == "every":
                    need *= int(occurrence.removeprefix("n:"))
                if anew.get((medal.measure_id, period), 0) < need:
                    found.awards.append(award.id)


class EmptySource(TableSource):
    """A member of whom nothing is known."""

    def __init__(self) -> None:
        """Needs no tables."""

    def counter_values(self, measure_id: int) -> dict[str, tuple[int, str | None]]:
        return {}

    def key_counts(self, measure_id: int, period: str) -> dict[str, int]:
        return {}

    def day_sums(self, measure_id: int, since: date) -> dict[date, int]:
        return {}


EMPTY = EmptySource()


def _check_points(definitions: Definitions, acts: list[Act], found: Recount) -> None:
    """What a purchase keeps is what its kept basket earns, by its stored context.

    A return never adds points: one that takes a discount's line away leaves fewer than the
    dearer basket would earn.
    """
    for act in acts:
        if act.type != "purchase" or not act.judged or act.amount_left <= 0:
            continue
        rules = definitions.rules.of(act.judged["rules"])
        kept = [
            (x.category, kept_share(x.base, abs(x.quantity_left), abs(x.quantity)))
            for x in act.lines
        ]
        rest = rest_that_earns(act, rest_left(act))
        earned = evaluate(kept, rest, rules, context_of(act))
        fewer = act.state == "partly_returned" and act.points_left < earned.points
        if earned.points != act.points_left and not fewer:
            found.points.append(act.id)


def _check_limits(acts: list[Act], found: Recount) -> None:
    """No act counts that went beyond the limit it was judged by, whatever came before it."""
    days: dict[str, list[date]] = {}
    for act in sorted(acts, key=lambda one: (one.recorded, one.id)):
        known = ACT_TYPES.get(act.type)
        if known is None or not known.priced_here or act.state != "counted" or not act.judged:
            continue
        before = days.setdefault(act.type, [])
        limit = {"per": act.judged["per"], "most": act.judged["most"]}
        if is_limit_reached(act.day, before, **limit):
            found.limits.append(act.id)
        before.append(act.day)


def _check_tier(state: MemberState, definitions: Definitions, today: date, found: Recount) -> None:
    assert state.standing is not None, "only members who stand are checked"
    sums = state.sums_from(definitions.tier_measure, date.min)
    start = min([state.joined_day, *sums])
    upto = max(state.decided_on or today, *(d for d in [state.decided_on, *sums] if d))
    changes = replay(joined(start), start, upto, sums, definitions.tiers, definitions.programme)
    position = changes[-1].after.position if changes else 1
    staff = any(d.reason == "staff" for d in state.timeline())
    if position != state.standing.position and not staff:
        found.tiers.append(state.member_id)


def broken_seals(store: Store) -> list[int]:
    """Seals that no longer fit the transfers they cover."""
    broken, after, before = [], 0, ""
    sql = "SELECT id, upto_id, digest, transfers FROM ledger_seal ORDER BY upto_id"
    for seal_id, upto, digest, count in store.rows(sql):
        rows = transfers_between(store, after, upto)
        if len(rows) != count or digest_of(before, rows) != digest:
            broken.append(seal_id)
        after, before = upto, digest
    return broken
