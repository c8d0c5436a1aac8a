"""The owner's overview: members, points and what waits, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from gamification.case import MemberState
from gamification.columns import from_micros, to_micros
from gamification.ledger.actions import SYSTEM_ACCOUNTS
from gamification.loading import load_pages
from gamification.programme import local_day
from gamification.readmodels.faces import Faces, current_faces
from gamification.readmodels.pasts import tier_codes
from gamification.readmodels.views import ConsoleView, ImportNote, StaffMember
from gamification.readmodels.wallet import wallet_of_lots, wallets_at
from gamification.store import Store
from gamification.tiers.rules import reviews_until, window_over
from gamification.world import World

NEWEST_SHOWN = 5
MEMBERS = """
SELECT COUNT(*), COUNT(claimed_at) FROM member WHERE status <> 'erased' AND joined_at <= ?
"""
ISSUE, SPENT = SYSTEM_ACCOUNTS["issue"], SYSTEM_ACCOUNTS["spent"]
MOVED = f"""
SELECT COALESCE(SUM(CASE WHEN debit_account_id = {ISSUE} THEN points
                         WHEN credit_account_id = {ISSUE} THEN -points ELSE 0 END), 0),
       COALESCE(SUM(CASE WHEN credit_account_id = {SPENT} THEN points
                         WHEN debit_account_id = {SPENT} THEN -points ELSE 0 END), 0)
FROM transfer WHERE occurred_at <= ?
"""
OUTSTANDING = """
SELECT COALESCE(SUM(remaining), 0) FROM lot
WHERE remaining > 0 AND (expires_at IS NULL OR expires_at > ?)
"""
OUTSTANDING_THEN = """
SELECT COALESCE(SUM(l.amount - COALESCE((
    SELECT SUM(a.points) FROM allocation a JOIN transfer d ON d.id = a.transfer_id
    WHERE a.lot_id = l.id AND d.occurred_at <= ?), 0)), 0)
FROM lot l JOIN transfer t ON t.id = l.transfer_id
WHERE t.occurred_at <= ? AND (l.expires_at IS NULL OR l.expires_at > ?)
"""
WAITING = """
SELECT COUNT(*) FROM activity WHERE state IN ('parked', 'under_review') AND state = 'under_review'
"""
MEDALS = "SELECT COUNT(*) FROM award WHERE status = 'active'"
NEWEST = """
SELECT id, public_id, COALESCE(NULLIF(name, ''), external_id), phone, email, claimed_at
FROM member
WHERE status <> 'erased' AND joined_at <= ? ORDER BY id DESC LIMIT ?
"""
CARDS = (
    "SELECT member_id, number FROM card WHERE state = 'active' AND member_id IN (?*) ORDER BY id"
)
PURCHASES = """
SELECT member_id, COUNT(*), MAX(occurred_at) FROM activity
WHERE type = 'purchase' AND state IN ('counted', 'partly_returned', 'returned')
  AND member_id IN (?*) AND occurred_at <= ? GROUP BY member_id
"""


def console_of(world: World, *, last_import: ImportNote | None = None) -> ConsoleView:
    """Everything that the overview shows. Raises ProgrammeMissing.

    Issued is net of what was clawed back, spent net of what came back. What is
    still to be spent includes points on the way: the shop owes them, too.
    """
    faces, store = current_faces(world.session), Store(world.session.connection())
    programme, now = faces.definitions.programme, to_micros(world.now)
    members, claimed = _one(store, MEMBERS, now)
    issued, spent = _one(store, MOVED, now)
    outstanding = int(_outstanding(store, now, past=world.past))
    return ConsoleView(
        today=local_day(world.now, programme.zone),
        currency=programme.currency,
        members=int(members),
        claimed=int(claimed),
        points_issued=int(issued),
        points_spent=int(spent),
        points_outstanding=outstanding,
        liability_minor=outstanding * programme.point_worth,
        reviews_waiting=int(_one(store, WAITING)[0]),
        last_import=last_import,
        newest=_newest(store, faces, world),
    )


def _one(store: Store, sql: str, *params: Any) -> Any:
    row = store.first(sql, *params)
    assert row is not None, "a sum always answers"
    return row


def _outstanding(store: Store, now: int, *, past: bool) -> Any:
    if past:
        return _one(store, OUTSTANDING_THEN, now, now, now)[0]
    return _one(store, OUTSTANDING, now)[0]


def _newest(store: Store, faces: Faces, world: World) -> tuple[StaffMember, ...]:
    rows = store.rows(NEWEST, to_micros(world.now), NEWEST_SHOWN)
    ids = [row[0] for row in rows]
    if not ids:
        return ()
    now = to_micros(world.now)
    places = (
        _places_then(store, faces, world, ids) if world.past else _places(store, faces, world, ids)
    )
    cards = dict(store.in_list(CARDS, ids))
    bought = {row[0]: (int(row[1]), row[2]) for row in store.in_list(PURCHASES, ids, now)}
    return tuple(
        _face(faces, row, places[row[0]], cards.get(row[0]), bought.get(row[0], (0, None)))
        for row in rows
    )


class Place(NamedTuple):
    """Where a member stands: the step of their tier, and what they can spend."""

    position: int
    balance: int


def _places(store: Store, faces: Faces, world: World, ids: Sequence[int]) -> dict[int, Place]:
    """Where members stand today."""
    programme = faces.definitions.programme
    states = load_pages(store, faces.definitions, ids, lock=False)
    return {
        member_id: Place(
            _position(world, faces, state),
            wallet_of_lots(state.lots(), world.now, programme).balance,
        )
        for member_id, state in states.items()
    }


def _places_then(store: Store, faces: Faces, world: World, ids: Sequence[int]) -> dict[int, Place]:
    """Where members stood on a day of the past, as the report of that day says."""
    now, today = to_micros(world.now), local_day(world.now, faces.definitions.programme.zone)
    tiers = tier_codes(store, faces.definitions, ids, today, now)
    wallets = wallets_at(store, ids, now)
    steps = {tier.named.code: tier.position for tier in faces.tiers}
    return {i: Place(steps[tiers[i]], wallets.get(i, (0, 0))[0]) for i in ids}


def _face(
    faces: Faces,
    row: Any,
    place: Place,
    card: str | None,
    bought: tuple[int, int | None],
) -> StaffMember:
    programme = faces.definitions.programme
    _, public_id, name, phone, email, claimed_at = row
    purchases, last = bought
    tier = faces.tier(place.position)
    return StaffMember(
        public_id=public_id,
        name=name or None,
        phone_tail=phone[-4:] if phone else None,
        email_hint=f"{email[0]}•••@{email.partition('@')[2]}" if email else None,
        card_tail=card[-4:] if card else None,
        tier=tier.named,
        tier_number=tier.position,
        balance=place.balance,
        claimed=claimed_at is not None,
        purchases=purchases,
        last_purchase_on=None if last is None else local_day(from_micros(last), programme.zone),
    )


def _position(world: World, faces: Faces, state: MemberState) -> int:
    """The step of somebody's tier today, with the reviews that the clock has not booked yet."""
    definitions, booked = faces.definitions, state.standing
    if booked is None:
        return 1
    programme = definitions.programme
    today = local_day(world.now, programme.zone)
    first = min(today, booked.since) - timedelta(days=2 * programme.window_days)
    window = window_over(state.sums_from(definitions.tier_measure, first), programme.window_days)
    changes = reviews_until(booked, today, window, definitions.tiers, programme)
    return (changes[-1].after if changes else booked).position


@dataclass(frozen=True, slots=True)
class Totals:
    """What there is in all: before and after an import they tell what it brought."""

    members: int
    points: int
    medals: int


def totals_of(world: World) -> Totals:
    """Members, points issued in net, and levels of medals that are held."""
    store, now = Store(world.session.connection()), to_micros(world.now)
    return Totals(
        members=int(_one(store, MEMBERS, now)[0]),
        points=int(_one(store, MOVED, now)[0]),
        medals=int(_one(store, MEDALS)[0]),
    )
