"""What a member sees: Home, the history, the card, and the year that already counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gamification.case import LotState, StandingState
from gamification.columns import from_micros, to_micros
from gamification.programme import Programme, local_day, zone_of
from gamification.readmodels.challenges import challenges_on_home
from gamification.readmodels.checkins import check_in_card
from gamification.readmodels.faces import Faces, faces_of
from gamification.readmodels.medals import (
    FRESH_DAYS,
    MedalShelf,
    read_progress,
    read_shelf,
    shelf_of,
)
from gamification.readmodels.operations import (
    Key,
    Slice,
    operations_of,
    read_lots,
    read_operations,
    read_rows,
)
from gamification.readmodels.steps import news_of, next_step
from gamification.readmodels.tiers import first_day, read_sums, standing_on, tier_card
from gamification.readmodels.views import (
    HistoryDay,
    HistoryFilter,
    HistoryPage,
    HomeView,
    MedalTile,
    OperationRow,
    PassCard,
    TierCard,
    YearMonth,
    YearScene,
)
from gamification.readmodels.wallet import (
    Wallet,
    lots_at,
    lots_now,
    open_lots,
    wallet_of_lots,
)
from gamification.refusals import UnknownMember
from gamification.sources import day_of, read_timeline
from gamification.store import Store
from gamification.tiers.actions import MARKERS
from gamification.world import World

UNTOLD = (
    "n.channel = 'inbox' AND n.kind IN ('medal', 'tier_reached', 'challenge_won')"
    " AND n.id > m.celebrated_upto AND n.created_at > ?"
)
"""The notices that wait for their scene; `?` is the instant of `old_before`."""
NEW_SHOWN = 3
NEAR_SHOWN = 2
OPERATIONS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class MemberRow:
    """The member as every page of the cabinet needs them."""

    name: str
    joined_at: datetime
    booked: StandingState | None
    purchases: int
    card: PassCard | None
    year_waits: bool
    zone: str | None = None
    celebrates: bool = False
    step_put_off: datetime | None = None


def old_before(now: datetime) -> int:
    """The instant, in microseconds, before which an award is not celebrated any more."""
    return to_micros(now - timedelta(days=FRESH_DAYS))


def read_member(store: Store, world: World, member_id: int) -> tuple[MemberRow, Faces]:
    """The member with standing, active card and number of purchases, in one statement.

    Raises:
        UnknownMember: there is nobody with this id.
    """
    row = store.first(
        "SELECT m.name, m.joined_at, t.position, s.since, s.term_ends, s.grace_until,"
        " (SELECT c.number FROM card c WHERE c.member_id = m.id AND c.state = 'active'"
        "  ORDER BY c.id DESC LIMIT 1),"
        " (SELECT COUNT(*) FROM (SELECT 1 FROM activity a WHERE a.member_id = m.id"
        "  AND a.type = 'purchase' AND a.state IN ('counted', 'partly_returned')"
        "  AND a.amount > 0 LIMIT 2) few),"
        " (SELECT version FROM programme),"
        " CASE WHEN m.origin = 'import' AND m.year_seen_at IS NULL THEN 1 ELSE 0 END, m.zone,"
        f" (SELECT 1 FROM notice n WHERE n.member_id = m.id AND {UNTOLD} LIMIT 1),"
        " (SELECT p.answered_at FROM prompt p WHERE p.member_id = m.id AND p.code = 'step')"
        " FROM member m LEFT JOIN standing s ON s.member_id = m.id"
        " LEFT JOIN tier t ON t.id = s.tier_id WHERE m.id = ? AND m.status <> 'erased'",
        old_before(world.now),
        member_id,
    )
    if row is None:
        raise UnknownMember()
    faces = faces_of(world, row[8])
    booked = None
    if row[2] is not None:
        booked = StandingState(row[2], date.fromisoformat(row[3]), day_of(row[4]), day_of(row[5]))
    if world.past:
        booked = booked_then(store, faces, world, member_id)
    card = None if row[6] is None else PassCard(row[6], row[0], row[6])
    joined_at, waits = from_micros(row[1]), bool(row[9])
    told, put_off = row[11] is not None, None if row[12] is None else from_micros(row[12])
    found = MemberRow(row[0], joined_at, booked, row[7], card, waits, row[10], told, put_off)
    return found, faces


def booked_then(store: Store, faces: Faces, world: World, member_id: int) -> StandingState | None:
    """The standing as it was booked on a day of the past."""
    today = local_day(world.now, faces.definitions.programme.zone)
    timeline = read_timeline(store, faces.definitions, member_id)
    then = [d for d in timeline if d.day <= today and d.reason not in MARKERS]
    return then[-1].after if then else None


def read_wallet(store: Store, world: World, faces: Faces, member_id: int) -> Wallet:
    """The member's points at this world's instant."""
    lots: Sequence[LotState]
    lots = lots_at(store, member_id, world.now) if world.past else lots_now(store, member_id)
    return wallet_of_lots(lots, world.now, faces.definitions.programme)


def read_tier(
    store: Store, faces: Faces, member_id: int, booked: StandingState | None, today: date
) -> TierCard:
    """The member's tier on a day."""
    first = first_day(booked, faces.definitions.programme, today)
    sums = read_sums(store, faces, member_id, first, today)
    return tier_card(faces, standing_on(faces, booked, sums, today), sums, today)


def home_of(world: World, member_id: int) -> HomeView:
    """Everything that Home shows, in four statements. Raises UnknownMember."""
    store = Store(world.connection)
    member, faces = read_member(store, world, member_id)
    programme = faces.definitions.programme
    local = world.now.astimezone(programme.zone)
    today = local.date()
    wanted = Slice(member_id, world.now, limit=OPERATIONS_SHOWN)
    rows, _ = read_rows(store, wanted)
    lots = read_lots(store, member_id, [row[1] for row in rows], open_too=not world.past)
    held = lots_at(store, member_id, world.now) if world.past else open_lots(lots)
    wallet = wallet_of_lots(held, world.now, programme)
    operations = operations_of(rows, lots, faces, wanted)
    first = first_day(member.booked, programme, today)
    progress = read_progress(
        store, faces, member_id, world.now, first, challenges=_has_challenges(world, faces)
    )
    contest = challenges_on_home(
        world,
        faces.definitions,
        member_id,
        to_micros(member.joined_at),
        progress.entries,
        progress.spent,
    )
    shelf = shelf_of(progress, faces, world.now)
    standing = standing_on(faces, member.booked, progress.sums, today)
    tier = tier_card(faces, standing, progress.sums, today)
    zone = zone_of(member.zone) if member.zone else programme.zone
    rests = not world.past and is_put_off(member.step_put_off, today, programme)
    looked_in = None if world.past else check_in_card(faces, progress.visits, world.now, zone)
    return HomeView(
        first_name=first_name(member.name),
        today=today,
        hour=local.hour,
        currency=programme.currency,
        news=news_of(wallet, shelf, operations, member.purchases, today),
        tier=tier,
        balance=wallet.balance,
        worth_minor=wallet.balance * programme.point_worth,
        pending=wallet.pending,
        expiring=wallet.expiring,
        card=member.card,
        step=None if rests else next_step(wallet, shelf, tier, member.purchases, contest),
        medals_earned=shelf.held,
        medals_all=shelf.all,
        new_medals=shelf.earned[:NEW_SHOWN],
        near_medals=_near(shelf, member.purchases),
        operations=tuple(operations),
        purchases=member.purchases,
        name=member.name,
        check_in=looked_in,
        year_waits=member.year_waits,
        celebrates=member.celebrates,
        contest=contest,
    )


def _has_challenges(world: World, faces: Faces) -> bool:
    return bool(faces.definitions.challenges) and not world.past


def is_put_off(at: datetime | None, today: date, programme: Programme) -> bool:
    """Whether the next step rests: it was put off today, by the programme's own day."""
    return at is not None and local_day(at, programme.zone) == today


def _near(shelf: MedalShelf, purchases: int) -> tuple[MedalTile, ...]:
    if purchases < 2:
        first = [tile for tile in shelf.near if tile.code in ("first_purchase", "second_visit")]
        return tuple(first[:1])
    others = [tile for tile in shelf.near if tile.done and not tile.pinned]
    return (*shelf.pinned[:NEAR_SHOWN], *others)[:NEAR_SHOWN]


def first_name(name: str) -> str | None:
    """How a person is greeted: the first word of the name."""
    return name.split()[0] if name.split() else None


def history_of(
    world: World,
    member_id: int,
    *,
    chosen: HistoryFilter = "all",
    after: Key | None = None,
    limit: int = 20,
) -> HistoryPage:
    """A page of the history, by local day. Raises UnknownMember."""
    store = Store(world.connection)
    _, faces = read_member(store, world, member_id)
    programme = faces.definitions.programme
    wallet = read_wallet(store, world, faces, member_id)
    rows, key = read_operations(store, faces, Slice(member_id, world.now, chosen, after, limit))
    return HistoryPage(
        chosen=chosen,
        today=local_day(world.now, programme.zone),
        currency=programme.currency,
        balance=wallet.balance,
        pending_points=wallet.pending_points,
        days=_by_day(rows),
        after=None if key is None else f"{key[0]}.{key[1]}",
    )


def _by_day(rows: Sequence[OperationRow]) -> tuple[HistoryDay, ...]:
    days: dict[date, list[OperationRow]] = {}
    for row in rows:
        days.setdefault(row.at.date(), []).append(row)
    return tuple(HistoryDay(day, tuple(found)) for day, found in days.items())


def card_of(world: World, member_id: int) -> PassCard | None:
    """The member's active card, if there is one. Raises UnknownMember."""
    member, _ = read_member(Store(world.connection), world, member_id)
    return member.card


def year_of(world: World, member_id: int) -> YearScene:
    """«Your year already counts»: the last twelve months that hold purchases.

    The scene ends with the month of the last purchase, so that a history that
    was brought in late still plays. Raises UnknownMember.
    """
    store = Store(world.connection)
    member, faces = read_member(store, world, member_id)
    programme = faces.definitions.programme
    today = local_day(world.now, programme.zone)
    wallet = read_wallet(store, world, faces, member_id)
    shelf = read_shelf(store, faces, member_id, world.now)
    rows = store.rows(
        "SELECT SUBSTR(local_date, 1, 7), COUNT(*), SUM(points), SUM(amount_left)"
        " FROM activity WHERE member_id = ? AND type = 'purchase' AND amount > 0"
        " AND state IN ('counted', 'partly_returned', 'returned') GROUP BY 1 ORDER BY 1",
        member_id,
    )
    months = _twelve_months(rows, today)
    landed: dict[str, list[MedalTile]] = {month: [] for month in months}
    for tile in shelf.earned:
        if tile.earned_on and (month := tile.earned_on.isoformat()[:7]) in landed:
            landed[month].append(tile)
    by_month = {row[0]: row for row in rows}
    return YearScene(
        first_name=first_name(member.name),
        today=today,
        currency=programme.currency,
        months=tuple(
            YearMonth(
                first_day=date.fromisoformat(f"{month}-01"),
                purchases=int(by_month[month][1]) if month in by_month else 0,
                points=int(by_month[month][2]) if month in by_month else 0,
                medals=tuple(landed[month]),
            )
            for month in months
        ),
        purchases=sum(int(row[1]) for row in rows),
        spent_minor=sum(int(row[3]) for row in rows),
        member_since=local_day(member.joined_at, programme.zone),
        medals=shelf.earned,
        tier=read_tier(store, faces, member_id, member.booked, today),
        balance=wallet.balance,
        worth_minor=wallet.balance * programme.point_worth,
        pending_points=wallet.pending_points,
    )


def _twelve_months(rows: Sequence[tuple[str, int, int, int]], today: date) -> list[str]:
    last = date.fromisoformat(f"{rows[-1][0]}-01") if rows else today.replace(day=1)
    months = [last]
    while len(months) < 12:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return [month.isoformat()[:7] for month in reversed(months)]
