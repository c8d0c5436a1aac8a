"""What a till or a shop's site sees of a member and of a receipt; no name, no contact."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gamification.activities.queries import find_act
from gamification.case import Act
from gamification.columns import from_micros, to_micros
from gamification.definitions import Definitions, current_definitions
from gamification.ledger.rules import spendable
from gamification.loading import MEMBER_COLUMNS, TableSource, load_debt, state_of
from gamification.programme import local_day
from gamification.readmodels.shelf import HeldMedal, MedalProgress, medal_shelf
from gamification.readmodels.standing import tier_card, tier_names
from gamification.readmodels.views import PendingLot, TierCard
from gamification.refusals import CardBlocked, MemberBlocked, UnknownMember, UnknownReceipt
from gamification.store import Store
from gamification.world import World


@dataclass(frozen=True, slots=True)
class Terms:
    """What money and local times of a till are read by."""

    currency: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class MemberAtTill:
    """A member at this instant. Points on the way are never inside the balance."""

    public_id: str
    joined_on: date
    currency: str
    balance: int
    worth_minor: int
    debt: int
    pending: tuple[PendingLot, ...]
    tier: TierCard
    medals: tuple[HeldMedal, ...]
    progress: tuple[MedalProgress, ...]


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
    store: str | None
    channel: str | None
    operator: str | None
    lines: tuple[ReceiptLineAtTill, ...]
    answer: dict[str, Any]


def till_terms(world: World) -> Terms:
    """The currency and the zone of the programme. Raises ProgrammeMissing."""
    programme = current_definitions(world.session).programme
    return Terms(programme.currency, programme.zone)


def member_at_till(world: World, by: str, value: str) -> MemberAtTill:
    """A member found by `card`, `phone` or `external_id`, as of `world.now`.

    Raises:
        UnknownMember, CardBlocked, MemberBlocked, ProgrammeMissing.
    """
    store = Store(world.session.connection())
    definitions = current_definitions(world.session)
    row = _find_member(store, by, value)
    source = TableSource(store, definitions, row[0])
    state = state_of(row, definitions, source)
    now, zone = to_micros(world.now), definitions.programme.zone
    lots = source.lots()
    on_the_way: dict[date, int] = {}
    for lot in sorted(lots, key=lambda lot: lot.available):
        if lot.available > now:
            day = local_day(from_micros(lot.available), zone)
            on_the_way[day] = on_the_way.get(day, 0) + lot.remaining - lot.reserved
    shelf = medal_shelf(store, definitions, state.member_id)
    return MemberAtTill(
        public_id=row[-2],
        joined_on=state.joined_day,
        currency=definitions.programme.currency,
        balance=spendable(lots, now),
        worth_minor=definitions.programme.point_worth,
        debt=load_debt(store, state.member_id),
        pending=tuple(PendingLot(points, day) for day, points in on_the_way.items()),
        tier=tier_card(world, definitions, state, tier_names(store)),
        medals=shelf.held,
        progress=shelf.under_way,
    )


def _find_member(store: Store, by: str, value: str) -> Any:
    """A row of MEMBER_COLUMNS, the public id and the state of the card."""
    joins, where = {
        "card": ("JOIN card c ON c.member_id = m.id", "c.number = ?"),
        "phone": ("", "m.phone = ?"),
        "external_id": ("", "m.external_id = ?"),
    }[by]
    state = "c.state" if by == "card" else "'active'"
    row = store.first(
        f"SELECT {MEMBER_COLUMNS}, m.public_id, {state}"
        f" FROM member m {joins} LEFT JOIN standing s ON s.member_id = m.id WHERE {where}",
        value,
    )
    if row is None or row[1] == "erased":
        raise UnknownMember(who=by)
    if row[-1] != "active":
        raise CardBlocked()
    if row[1] == "blocked":
        raise MemberBlocked()
    return row


def receipt_at_till(world: World, source: str, external_id: str) -> ReceiptAtTill:
    """A receipt by its sender's id. Raises UnknownReceipt, ProgrammeMissing."""
    store = Store(world.session.connection())
    definitions = current_definitions(world.session)
    act = find_act(store, source, external_id)
    if act is None:
        raise UnknownReceipt(receipt=external_id)
    row = store.first("SELECT public_id FROM member WHERE id = ?", act.member_id)
    assert row is not None, "an activity belongs to a member"
    return _receipt(act, row[0], definitions)


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
        store=act.store,
        channel=act.channel,
        operator=act.operator,
        lines=tuple(
            ReceiptLineAtTill(x.line_no, x.sku, x.category, x.quantity, x.quantity_left, x.amount)
            for x in act.lines
        ),
        answer=act.outcome or {},
    )
