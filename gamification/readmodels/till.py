"""What a till or a shop's site sees of a member and of a receipt; no name, no contact."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gamification.activities.queries import find_act
from gamification.case import Act, StandingState
from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions, current_definitions, definitions_of
from gamification.programme import local_day
from gamification.readmodels.challenge_moves import ChallengeMove, told_moves
from gamification.readmodels.challenge_views import ChallengeView
from gamification.readmodels.challenges import running_challenges
from gamification.readmodels.faces import current_faces
from gamification.readmodels.medals import read_shelf
from gamification.readmodels.member import booked_then, read_tier, read_wallet
from gamification.readmodels.views import MedalTile, PendingLot, TierCard
from gamification.refusals import CardBlocked, MemberBlocked, UnknownMember, UnknownReceipt
from gamification.sources import day_of, read_debts
from gamification.store import Store
from gamification.world import World

DEBT_THEN = """
SELECT COALESCE(SUM(CASE WHEN kind = 'debt' THEN points ELSE -points END), 0) FROM transfer
WHERE member_id = ? AND kind IN ('debt', 'repayment') AND occurred_at <= ?
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What money and local times of a till are read by."""

    currency: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class MemberAtTill:
    """A member at this instant. Points on the way are never inside the balance.

    `medals` are those held, newest first; `progress` those under way, nearest first;
    `challenges` those that run for this member, nearest first.
    """

    public_id: str
    joined_on: date
    currency: str
    balance: int
    worth_minor: int
    debt: int
    pending: tuple[PendingLot, ...]
    tier: TierCard
    medals: tuple[MedalTile, ...]
    progress: tuple[MedalTile, ...]
    challenges: tuple[ChallengeView, ...] = ()
    city: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptLineAtTill:
    """A line as it was told, and how much of it is still kept; quantities in thousandths."""

    number: int
    sku: str | None
    category: str | None
    quantity: int
    quantity_left: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ReceiptAtTill:
    """A receipt of one source: what was told, what is left of it, what it was answered."""

    id: str
    type: str
    state: str
    member_id: str
    occurred_at: datetime
    recorded_at: datetime
    currency: str
    amount_minor: int
    amount_left_minor: int
    points: int
    points_left: int
    names_id: str | None
    names_source: str | None
    store: str | None
    channel: str | None
    operator: str | None
    lines: tuple[ReceiptLineAtTill, ...]
    answer: dict[str, Any]
    challenges: tuple[ChallengeMove, ...] = ()


def till_terms(world: World) -> Terms:
    """The currency and the zone of the programme. Raises ProgrammeMissing."""
    programme = _definitions(world, Store(world.connection)).programme
    return Terms(programme.currency, programme.zone)


def _definitions(world: World, store: Store) -> Definitions:
    """The definitions in force, without a session while they stay the same."""
    row = store.first("SELECT version FROM programme")
    return current_definitions(world.session) if row is None else definitions_of(world, row[0])


def member_at_till(world: World, by: str, value: str) -> MemberAtTill:
    """A member found by `card`, `phone` or `external_id`, as of `world.now`.

    Raises:
        UnknownMember, CardBlocked, MemberBlocked, ProgrammeMissing.
    """
    store = Store(world.connection)
    row = _find_member(store, by, value)
    member_id, joined_at = row[:2]
    faces = current_faces(world.session)
    programme = faces.definitions.programme
    wallet = read_wallet(store, world, faces, member_id)
    booked = None if row[2] is None else StandingState(row[2], *_days(row[3:6]))
    if world.past:
        booked = booked_then(store, faces, world, member_id)
    shelf = read_shelf(store, faces, member_id, world.now)
    return MemberAtTill(
        public_id=row[6],
        joined_on=local_day(from_micros(joined_at), programme.zone),
        currency=programme.currency,
        balance=wallet.balance,
        worth_minor=programme.point_worth,
        debt=_debt(store, world, member_id),
        pending=wallet.pending,
        tier=read_tier(store, faces, member_id, booked, local_day(world.now, programme.zone)),
        medals=shelf.earned,
        progress=tuple(tile for tile in shelf.near if tile.state == "under_way"),
        challenges=running_challenges(store, world, faces.definitions, member_id),
        city=row[9],
    )


def _debt(store: Store, world: World, member_id: int) -> int:
    """What the member owes at this world's instant, in points."""
    if not world.past:
        return read_debts(store, [member_id]).get(member_id, 0)
    row = store.first(DEBT_THEN, member_id, to_micros(world.now))
    assert row is not None, "a sum always answers"
    return int(row[0])


def _days(texts: Sequence[str | None]) -> tuple[date, date | None, date | None]:
    """Since when a standing holds, when its term ends, when its grace does."""
    since = day_of(texts[0])
    assert since is not None, "a standing has begun"
    return since, day_of(texts[1]), day_of(texts[2])


def _find_member(store: Store, by: str, value: str) -> Any:
    """Id, joining, position and dates of the standing, public id, city; or a refusal."""
    joins, where = {
        "card": ("JOIN card c ON c.member_id = m.id", "c.number = ?"),
        "phone": ("", "m.phone = ?"),
        "external_id": ("", "m.external_id = ?"),
    }[by]
    state = "c.state" if by == "card" else "'active'"
    row = store.first(
        "SELECT m.id, m.joined_at, t.position, s.since, s.term_ends, s.grace_until, m.public_id,"
        f" m.status, {state}, m.city FROM member m {joins}"
        " LEFT JOIN standing s ON s.member_id = m.id"
        f" LEFT JOIN tier t ON t.id = s.tier_id WHERE {where}",
        value,
    )
    if row is None or row[7] == "erased":
        raise UnknownMember(who=by)
    if row[8] != "active":
        raise CardBlocked()
    if row[7] == "blocked":
        raise MemberBlocked()
    return row


def receipt_at_till(world: World, source: str, external_id: str) -> ReceiptAtTill:
    """A receipt by its sender's id. Raises UnknownReceipt, ProgrammeMissing."""
    store = Store(world.connection)
    definitions = _definitions(world, store)
    act = find_act(store, source, external_id)
    if act is None or not act.is_receipt:
        raise UnknownReceipt(receipt=external_id)
    row = store.first("SELECT public_id FROM member WHERE id = ?", act.member_id)
    assert row is not None, "an activity belongs to a member"
    moves = told_moves(world, act.outcome or {})
    return replace(_receipt(act, row[0], definitions), challenges=moves)


def _receipt(act: Act, public_id: str, definitions: Definitions) -> ReceiptAtTill:
    zone = definitions.programme.zone
    return ReceiptAtTill(
        id=act.external_id,
        type=act.type,
        state=act.state,
        member_id=public_id,
        occurred_at=from_micros(act.occurred).astimezone(zone),
        recorded_at=from_micros(act.recorded).astimezone(zone),
        currency=definitions.programme.currency,
        amount_minor=act.amount,
        amount_left_minor=act.amount_left,
        points=act.points,
        points_left=act.points_left,
        names_id=act.names_id,
        names_source=act.names_source,
        store=act.store,
        channel=act.channel,
        operator=act.operator,
        lines=tuple(
            ReceiptLineAtTill(x.line_no, x.sku, x.category, x.quantity, x.quantity_left, x.amount)
            for x in act.lines
        ),
        answer=act.outcome or {},
    )
