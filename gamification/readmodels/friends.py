"""What became of a member's invitations: the code, the funnel, friends, and the medal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from gamification.columns import from_micros
from gamification.notices.weekly import reminder_key
from gamification.programme import local_day
from gamification.readmodels.faces import Faces, current_faces
from gamification.referrals.appeals import ENDED_AT, may_appeal
from gamification.referrals.fund import fund_now
from gamification.referrals.rules import Promise, doubt_of
from gamification.referrals.terms import ReferralTerms
from gamification.store import Store
from gamification.world import World

PAGE = 20
MEDAL = "ambassador"
BOUGHT = ("purchased", "in_review", "qualified", "rewarded")
"""States in which a friend has bought something and kept it so far."""
PAYING = ("friend_came", "friend_bought", "friend_of_friend")
"""Acts by which invitations bring points to whoever invited."""
AWAITS = "EXISTS (SELECT 1 FROM referral w WHERE w.referrer_id = ? AND w.state = 'purchased')"
"""Only then anybody asks what may stand against a reward."""
DUE = (
    "t.referrer_points + t.friend_points + t.referrer_points * t.second_percent / 100"
    " + CASE WHEN r.state = 'in_review' THEN t.welcome_points ELSE 0 END"
)
"""Points that an invitation brings if all goes well; one that is held may owe its gift, too."""
WAITING = (
    f"SELECT 'waiting', '', COALESCE(SUM({DUE}), 0), 0, 0, 0, 0 FROM referral r"
    " JOIN referral_terms t ON t.id = r.terms_id"
)
HELD = ("r.state = 'in_review'", "r.state = 'purchased' AND r.due_at IS NOT NULL")
"""Both are found by an index of their own: all of the shop's are asked for."""
Coming = Sequence[tuple[Promise, str | None]]
"""Rewards that are promised, each with what may take it: `cap`, `budget`, or nothing."""
Key = tuple[int, int]
"""Where a page of friends ends: instant in microseconds, id."""
END: Key = (2**63 - 1, 2**63 - 1)

FundState = Literal["open", "lasts", "short"]
FriendState = Literal[
    "registered",
    "purchased",
    "in_review",
    "qualified",
    "rewarded",
    "expired",
    "blocked",
    "reversed",
]


class FriendRow(NamedTuple):
    """One friend. `name` is the first name and a letter, None unless the friend agreed.

    `joined` is when they came, `bought` the date of the purchase that counts, `until` the
    last day for it, `arrives` when its return window ends. `points` were paid, or are
    promised while the purchase is on hold; `doubt` says why that may be less (`cap`,
    `budget`). `appeal` is the state of what the referrer objected (`open`, `accepted`,
    `refused`), said on `appealed` and answered on `answered`.
    """

    id: int
    name: str | None
    state: FriendState
    joined: date
    until: date
    bought: date | None
    arrives: date | None
    paid: date | None
    points: int
    reason: str | None
    reminded: bool = False  # this week
    doubt: str | None = None
    appeal: str | None = None
    appealed: date | None = None
    answered: date | None = None
    can_appeal: bool = False


class Funnel(NamedTuple):
    """People who opened the link, who joined, and who bought something and kept it."""

    opened: int
    joined: int
    bought: int


class Rung(NamedTuple):
    """A level of the medal for friends who stayed."""

    level: int
    need: int
    points: int
    held: bool


class Ladder(NamedTuple):
    """The medal's levels, and how many friends count by now."""

    code: str
    done: int
    rungs: tuple[Rung, ...]

    @property
    def next(self) -> Rung | None:
        """The level that is worked on; None on the top."""
        return next((rung for rung in self.rungs if not rung.held), None)


@dataclass(frozen=True, slots=True)
class FriendsPage:
    """Everything on the page of friends.

    `terms` promise what the fund of invitations can still pay. `drawn` and `own` are the
    live codes; `earned` is in points, `coming` what is promised for purchases on hold,
    `perhaps` what the cap or the fund may take of it. `before` is the key of the next page
    of friends. `fund` is how it stands: `open` without a limit, `lasts`, or `short` where
    something of the terms cannot be paid.
    """

    today: date
    currency: str
    terms: ReferralTerms
    drawn: str | None
    own: str | None
    since: date | None
    funnel: Funnel
    earned: int
    coming: int
    friends: tuple[FriendRow, ...]
    ladder: Ladder | None
    before: Key | None = None
    perhaps: int = 0
    fund: FundState = "open"

    @property
    def code(self) -> str | None:
        """The code to show: a word of one's own where there is one."""
        return self.own or self.drawn

    @property
    def is_young(self) -> bool:
        """Whether nobody has followed the link yet."""
        return not any(self.funnel)


def friends_of(world: World, member_id: int, *, before: Key | None = None) -> FriendsPage | None:
    """A member's page of friends, in six statements; None where nobody may invite.

    That is a programme that never published terms, and a past day, whose invitations
    are not kept step by step.
    """
    fund = None if world.past else fund_now(world)
    if fund is None:
        return None
    store, faces = Store(world.connection), current_faces(world.session)
    zone = faces.definitions.programme.zone
    codes = _read_codes(store, member_id)
    sums, coming = _read_sums(store, member_id, zone, fund.left)
    doubts = {one.id: doubt for one, doubt in coming}
    today = local_day(world.now, zone)
    rows = _read_friends(store, member_id, before or END, today)
    live = {str(kind): str(code) for kind, code, state, *_ in codes if state == "live"}
    return FriendsPage(
        today=today,
        currency=faces.definitions.programme.currency,
        terms=fund.offer,
        drawn=live.get("drawn"),
        own=live.get("own"),
        since=local_day(from_micros(min(row[3] for row in codes)), zone) if codes else None,
        funnel=_funnel(codes, sums),
        earned=sums.get("earned", (0, 0))[1],
        coming=sum(one.points for one, doubt in coming if not doubt),
        perhaps=sum(one.points for one, doubt in coming if doubt),
        friends=tuple(
            _friend(row, zone, doubt=doubts.get(row[0]), now=world.now) for row in rows[:PAGE]
        ),
        ladder=_read_ladder(store, faces, member_id),
        before=(rows[PAGE - 1][1], rows[PAGE - 1][0]) if len(rows) > PAGE else None,
        fund="open" if fund.left is None else "short" if fund.is_short else "lasts",
    )


def _read_codes(store: Store, member_id: int) -> Sequence[Any]:
    """Every code that the member ever had: kind, code, state, since when, how often opened."""
    return store.rows(
        "SELECT c.kind, c.code, c.state, c.created_at, COALESCE((SELECT SUM(v.opened)"
        " FROM referral_visits v WHERE v.code_id = c.id), 0)"
        " FROM referral_code c WHERE c.member_id = ?",
        member_id,
    )


def _read_sums(
    store: Store, member_id: int, zone: ZoneInfo, left: int | None
) -> tuple[Mapping[str, tuple[int, int]], Coming]:
    """How many friends are in each state with the points promised for them; what was earned.

    And each purchase on hold with what stands against its reward, in the same statement.
    """
    marks = ", ".join("?" * len(PAYING))
    rows = store.rows(
        "SELECT 'state', r.state, COUNT(*), SUM(t.referrer_points), 0, 0, 0 FROM referral r"
        " JOIN referral_terms t ON t.id = r.terms_id WHERE r.referrer_id = ? GROUP BY r.state"
        " UNION ALL SELECT 'state', 'earned', COUNT(*), COALESCE(SUM(points_left), 0), 0, 0, 0"
        " FROM activity"
        f" WHERE member_id = ? AND state = 'counted' AND type IN ({marks})"
        " UNION ALL SELECT 'paid', r.state, COALESCE(r.qualified_at, r.hold_until), 0, 0, 0, 0"
        f" FROM referral r WHERE r.referrer_id = ? AND {AWAITS}"
        " AND (r.state = 'in_review' OR r.state = 'rewarded' AND r.referrer_points > 0)"
        " UNION ALL SELECT 'coming', r.state, r.id, t.referrer_points, r.hold_until, t.cap,"
        " t.cap_days FROM referral r JOIN referral_terms t"
        " ON t.id = r.terms_id WHERE r.referrer_id = ? AND r.state = 'purchased'"
        + "".join(f" UNION ALL {WAITING} WHERE ? AND {AWAITS} AND {held}" for held in HELD),
        member_id,
        member_id,
        *PAYING,
        *(member_id,) * 3,
        *(left is not None, member_id) * len(HELD),
    )
    sums = {str(row[1]): (int(row[2]), int(row[3])) for row in rows if row[0] == "state"}
    return sums, _coming([row for row in rows if row[0] != "state"], zone, left)


def _coming(rows: Sequence[Any], zone: ZoneInfo, left: int | None) -> Coming:
    """Promises by when they fall due; only earlier ones take a place before a later one."""
    waiting = sum(int(row[2]) for row in rows if row[0] == "waiting")
    paid = [from_micros(int(row[2])) for row in rows if row[0] == "paid"]
    promises = sorted(
        (
            Promise(int(row[2]), from_micros(row[4]), int(row[3]), row[5], row[6])
            for row in rows
            if row[0] == "coming"
        ),
        key=lambda one: (one.at, one.id),
    )
    found = []
    for one in promises:
        found.append((one, doubt_of(one, paid, left=left, waiting=waiting, zone=zone)))
        paid.append(one.at)
    return found


def _funnel(codes: Sequence[Any], sums: Mapping[str, tuple[int, int]]) -> Funnel:
    """Whoever turned out to be the same person has not joined as a friend."""
    people = {state: count for state, (count, _) in sums.items() if state != "earned"}
    return Funnel(
        opened=sum(int(row[4]) for row in codes),
        joined=sum(count for state, count in people.items() if state != "blocked"),
        bought=sum(people.get(state, 0) for state in BOUGHT),
    )


FRIENDS = (
    "SELECT r.id, r.bound_at, r.state, r.qualify_by, a.local_date, r.hold_until,"
    " r.qualified_at, r.referrer_points, t.referrer_points, r.reason,"
    " CASE WHEN m.status = 'active' AND (SELECT c.given FROM consent c"
    "  WHERE c.member_id = m.id AND c.purpose = 'friends'"
    "  ORDER BY c.at DESC, c.id DESC LIMIT 1) THEN m.name END,"
    " (SELECT 1 FROM notice n WHERE n.dedupe_key = REPLACE(?, '*', CAST(r.id AS TEXT))),"
    f" p.state, p.created_at, p.decided_at, {ENDED_AT}, p.text"
    " FROM referral r JOIN member m ON m.id = r.friend_id"
    " JOIN referral_terms t ON t.id = r.terms_id"
    " LEFT JOIN activity a ON a.id = r.purchase_id"
    " LEFT JOIN referral_appeal p ON p.referral_id = r.id WHERE r.referrer_id = ?"
)


def _read_friends(store: Store, member_id: int, before: Key, today: date) -> Sequence[Any]:
    """A page of friends, the latest first, and one more when there are more."""
    at, row_id = before
    return store.rows(
        f"{FRIENDS} AND (r.bound_at < ? OR (r.bound_at = ? AND r.id < ?))"
        f" ORDER BY r.bound_at DESC, r.id DESC LIMIT {PAGE + 1}",
        reminder_key("*", today),
        member_id,
        at,
        at,
        row_id,
    )


class FriendCase(NamedTuple):
    """One friend on a page of its own; `text` is what the member wrote about it."""

    today: date
    friend: FriendRow
    text: str


def friend_of(world: World, member_id: int, referral_id: int) -> FriendCase | None:
    """One of the member's own invitations that was stopped or objected to, else None."""
    if world.past:
        return None
    zone = current_faces(world.session).definitions.programme.zone
    today = local_day(world.now, zone)
    wanted = f"{FRIENDS} AND r.id = ? AND (r.state IN ('in_review', 'blocked') OR p.state <> '')"
    row = Store(world.connection).first(wanted, reminder_key("*", today), member_id, referral_id)
    if row is None:
        return None
    return FriendCase(today, _friend(row, zone, doubt=None, now=world.now), row[16] or "")


def _friend(row: Any, zone: ZoneInfo, *, doubt: str | None, now: datetime) -> FriendRow:
    row_id, bound, state, by, bought, hold, qualified, paid, promised, reason, name, told = row[:12]
    appeal, appealed, answered, ended = row[12:16]
    return FriendRow(
        id=row_id,
        name=short_name(name or ""),
        state=state,
        joined=local_day(from_micros(bound), zone),
        until=date.fromisoformat(by),
        bought=None if bought is None else date.fromisoformat(bought),
        arrives=None if hold is None else local_day(from_micros(hold), zone),
        paid=None if qualified is None else local_day(from_micros(qualified), zone),
        points=promised if state == "purchased" else paid,
        reason=reason,
        reminded=told is not None,
        doubt=doubt,
        appeal=appeal,
        appealed=None if appealed is None else local_day(from_micros(appealed), zone),
        answered=None if answered is None else local_day(from_micros(answered), zone),
        can_appeal=appeal is None and may_appeal(state, from_micros(ended), now),
    )


def short_name(name: str) -> str | None:
    """The first name and the first letter of the next one; None for nobody."""
    words = name.split()
    if not words:
        return None
    return words[0] if len(words) == 1 else f"{words[0]} {words[1][0]}."


def _read_ladder(store: Store, faces: Faces, member_id: int) -> Ladder | None:
    """The medal for friends who stayed; None while the programme does not award it."""
    face = next((medal for medal in faces.medals.values() if medal.code == MEDAL), None)
    if face is None:
        return None
    rows = store.rows(
        "SELECT 'held', level, 0 FROM award WHERE member_id = ? AND achievement_id = ?"
        " AND status = 'active' UNION ALL SELECT 'done', 0, value FROM counter"
        " WHERE member_id = ? AND measure_id = ? AND period = 'all'",
        member_id,
        face.id,
        member_id,
        face.measure_id,
    )
    held = {int(level) for kind, level, _ in rows if kind == "held"}
    rungs = [
        Rung(level, need, face.reward(level), level in held)
        for level, need in enumerate(face.thresholds, 1)
    ]
    return Ladder(MEDAL, sum(int(row[2]) for row in rows if row[0] == "done"), tuple(rungs))
