"""What the clock says: book what is already true, in small steps that can be repeated."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from gamification.achievements.rarity import count_holders
from gamification.activities.queries import find_act, kept_purchases
from gamification.activities.returns import match_latest
from gamification.case import MemberState, Rows
from gamification.columns import to_micros
from gamification.commands.till import Desk, forget_waiting, settle_return
from gamification.definitions import Definitions, current_definitions
from gamification.ledger.actions import Posting, book_expiry
from gamification.ledger.sealing import seal_books
from gamification.loading import load_pages, write_rows
from gamification.measures.seeding import seed_members
from gamification.programme import local_day
from gamification.store import Store
from gamification.tiers.actions import TierDesk, review
from gamification.world import World

PAGE = 500


def review_tiers(world: World, limit: int = PAGE) -> int:
    """Book tier reviews that fell due by the start of today; answers how many members."""
    store, definitions = _open(world)
    today = local_day(world.now, definitions.programme.zone)
    due = store.rows(
        "SELECT member_id FROM standing WHERE grace_until <= ?"
        " OR (grace_until IS NULL AND term_ends < ?) ORDER BY member_id LIMIT ?",
        today.isoformat(),
        today.isoformat(),
        limit,
    )
    rows = Rows()
    for state in _states(store, definitions, (i for (i,) in due)):
        review(_tier_desk(world, definitions, state, rows), today)
    write_rows(store, rows)
    return len(due)


def _open(world: World) -> tuple[Store, Definitions]:
    return Store(world.session.connection()), current_definitions(world.session)


def _states(store: Store, definitions: Definitions, ids: Iterable[int]) -> Iterator[MemberState]:
    wanted = list(ids)
    states = load_pages(store, definitions, wanted) if wanted else {}
    yield from (states[i] for i in wanted)


def _tier_desk(world: World, definitions: Definitions, state: MemberState, rows: Rows) -> TierDesk:
    return TierDesk(
        definitions.programme,
        definitions.tiers,
        definitions.tier_measure,
        state,
        rows,
        world.ids,
        to_micros(world.now),
    )


def expire_points(world: World, limit: int = PAGE) -> int:
    """Book the lots that lapsed, dated at the instant they did; answers how many members.

    No balance changes by this: a lapsed lot counts nowhere from its instant on.
    """
    store, definitions = _open(world)
    now = to_micros(world.now)
    due = store.rows(
        "SELECT DISTINCT member_id FROM lot WHERE expires_at <= ? AND remaining > 0"
        " AND remaining > reserved ORDER BY member_id LIMIT ?",
        now,
        limit,
    )
    rows = Rows()
    for state in _states(store, definitions, (i for (i,) in due)):
        for lot in list(state.lots()):
            if lot.expires is not None and lot.expires <= now:
                posting = Posting(definitions.programme, state, rows, world.ids, lot.expires, now)
                book_expiry(posting, lot)
    write_rows(store, rows)
    return len(due)


def settle_parked(world: World, limit: int = 50) -> int:
    """Returns whose purchase never came are treated as unnamed; answers how many.

    One whose purchase waits for a person waits with it, one of another member's for ever.
    Source: decisions, 11: a named return waits for its purchase for 30 days.
    """
    store, definitions = _open(world)
    patience = timedelta(days=definitions.programme.park_days)
    old = store.rows(
        "SELECT a.source, a.external_id, a.member_id FROM activity a"
        " WHERE a.state = 'parked' AND a.recorded_at <= ? AND NOT EXISTS ("
        "  SELECT 1 FROM activity p WHERE p.source = a.names_source AND p.external_id = a.names_id"
        "  AND (p.member_id <> a.member_id OR p.state IN ('under_review', 'rejected')))"
        " ORDER BY a.member_id, a.id LIMIT ?",
        to_micros(world.now - patience),
        limit,
    )
    states = {s.member_id: s for s in _states(store, definitions, {row[2] for row in old})}
    for source, external_id, member_id in old:
        act = find_act(store, source, external_id)
        assert act is not None, "it was listed in this transaction"
        act.state, act.recorded = "counted", to_micros(world.now)
        case = Desk(world, store, definitions).case(states[member_id], act, Rows())
        case.matches = match_latest(act, kept_purchases(store, member_id, act.occurred))
        settle_return(case)
        forget_waiting(store, act.id)
        write_rows(store, case.rows)
    return len(old)


def seal_day(world: World) -> int:
    """Seal what was booked since the last seal; answers how many transfers."""
    seal = seal_books(world)
    return seal.transfers if seal else 0


def seed_measures(world: World, limit: int = PAGE) -> int:
    """Count the past of some more members for measures that are new; answers how many.

    Members whom live traffic counted first are left alone. When nobody is
    left, the measure becomes active.
    """
    store, definitions = _open(world)
    if not definitions.book.seeding:
        return 0
    measure_id = min(definitions.book.seeding)
    upto = store.first("SELECT seeded_upto FROM measure WHERE id = ?", measure_id)
    assert upto is not None, "it is in the book"
    found = store.rows(
        "SELECT member_id FROM standing WHERE member_id > ? ORDER BY member_id LIMIT ?",
        upto[0],
        limit,
    )
    rows, states = Rows(), _states(store, definitions, (i for (i,) in found))
    seed_members(store, definitions.book, states, rows, frozenset((measure_id,)))
    write_rows(store, rows)
    if found:
        store.run("UPDATE measure SET seeded_upto = ? WHERE id = ?", found[-1][0], measure_id)
    else:
        store.run("UPDATE measure SET status = 'active' WHERE id = ?", measure_id)
        store.run("UPDATE programme SET version = version + 1")
    return len(found)


def count_rarity(world: World) -> int:
    """Count who holds each medal, for the words that say how rare it is."""
    return count_holders(world)
