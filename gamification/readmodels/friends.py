"""What became of a member's invitations: the code, the funnel, friends, and the medal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from gamification.columns import from_micros
from gamification.notices.weekly import reminder_key
from gamification.programme import local_day
from gamification.readmodels.faces import Faces, current_faces
from gamification.referrals.terms import ReferralTerms, terms_now
from gamification.store import Store
from gamification.world import World

PAGE = 20
MEDAL = "ambassador"
BOUGHT = ("purchased", "in_review", "qualified", "rewarded")
"""States in which a friend has bought something and kept it so far."""
PAYING = ("friend_came", "friend_bought", "friend_of_friend")
"""Acts by which invitations bring points to whoever invited."""
Key = tuple[int, int]
"""Where a page of friends ends: instant in microseconds, id."""
END: Key = (2**63 - 1, 2**63 - 1)

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
    promised while the purchase is on hold.
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

    `drawn` and `own` are the live codes; `earned` is in points, `coming` what is promised
    for purchases on hold. `before` is the key of the next page of friends.
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
    terms = None if world.past else terms_now(world)
    if terms is None:
        return None
    store, faces = Store(world.connection), current_faces(world.session)
    zone = faces.definitions.programme.zone
    codes = _read_codes(store, member_id)
    sums = _read_sums(store, member_id)
    today = local_day(world.now, zone)
    rows = _read_friends(store, member_id, before or END, today)
    live = {str(kind): str(code) for kind, code, state, *_ in codes if state == "live"}
    return FriendsPage(
        today=today,
        currency=faces.definitions.programme.currency,
        terms=terms,
        drawn=live.get("drawn"),
        own=live.get("own"),
        since=local_day(from_micros(min(row[3] for row in codes)), zone) if codes else None,
        funnel=_funnel(codes, sums),
        earned=sums.get("earned", (0, 0))[1],
        coming=sums.get("purchased", (0, 0))[1],
        friends=tuple(_friend(row, zone) for row in rows[:PAGE]),
        ladder=_read_ladder(store, faces, member_id),
        before=(rows[PAGE - 1][1], rows[PAGE - 1][0]) if len(rows) > PAGE else None,
    )


def _read_codes(store: Store, member_id: int) -> Sequence[Any]:
    """Every code that the member ever had: kind, code, state, since when, how often opened."""
    return store.rows(
        "SELECT c.kind, c.code, c.state, c.created_at, COALESCE((SELECT SUM(v.opened)"
        " FROM referral_visits v WHERE v.code_id = c.id), 0)"
        " FROM referral_code c WHERE c.member_id = ?",
        member_id,
    )


def _read_sums(store: Store, member_id: int) -> Mapping[str, tuple[int, int]]:
    """How many friends are in each state with the points promised for them; what was earned."""
    marks = ", ".join("?" * len(PAYING))
    rows = store.rows(
        "SELECT r.state, COUNT(*), SUM(t.referrer_points) FROM referral r"
        " JOIN referral_terms t ON t.id = r.terms_id WHERE r.referrer_id = ? GROUP BY r.state"
        " UNION ALL SELECT 'earned', COUNT(*), COALESCE(SUM(points_left), 0) FROM activity"
        f" WHERE member_id = ? AND state = 'counted' AND type IN ({marks})",
        member_id,
        member_id,
        *PAYING,
    )
    return {str(state): (int(count), int(points)) for state, count, points in rows}


def _funnel(codes: Sequence[Any], sums: Mapping[str, tuple[int, int]]) -> Funnel:
    """Whoever turned out to be the same person has not joined as a friend."""
    people = {state: count for state, (count, _) in sums.items() if state != "earned"}
    return Funnel(
        opened=sum(int(row[4]) for row in codes),
        joined=sum(count for state, count in people.items() if state != "blocked"),
        bought=sum(people.get(state, 0) for state in BOUGHT),
    )


def _read_friends(store: Store, member_id: int, before: Key, today: date) -> Sequence[Any]:
    """A page of friends, the latest first, and one more when there are more."""
    at, row_id = before
    return store.rows(
        "SELECT r.id, r.bound_at, r.state, r.qualify_by, a.local_date, r.hold_until,"
        " r.qualified_at, r.referrer_points, t.referrer_points, r.reason,"
        " CASE WHEN m.status = 'active' AND (SELECT c.given FROM consent c"
        "  WHERE c.member_id = m.id AND c.purpose = 'friends'"
        "  ORDER BY c.at DESC, c.id DESC LIMIT 1) THEN m.name END,"
        " (SELECT 1 FROM notice n WHERE n.dedupe_key = REPLACE(?, '*', CAST(r.id AS TEXT)))"
        " FROM referral r JOIN member m ON m.id = r.friend_id"
        " JOIN referral_terms t ON t.id = r.terms_id"
        " LEFT JOIN activity a ON a.id = r.purchase_id WHERE r.referrer_id = ?"
        " AND (r.bound_at < ? OR (r.bound_at = ? AND r.id < ?))"
        f" ORDER BY r.bound_at DESC, r.id DESC LIMIT {PAGE + 1}",
        reminder_key("*", today),
        member_id,
        at,
        at,
        row_id,
    )


def _friend(row: Any, zone: ZoneInfo) -> FriendRow:
    row_id, bound, state, by, bought, hold, qualified, paid, promised, reason, name, told = row
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
