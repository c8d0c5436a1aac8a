"""What invitations paid, compared act by act with their terms and with the fund of that moment."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from gamification.referrals.fund import FUND_ACTS
from gamification.referrals.rules import share_of
from gamification.store import Store

PAGE = 2_000
HOUR = 3_600_000_000
"""In microseconds: longer than anything waits between reading its clock and its end."""
CODES = "('" + "', '".join(FUND_ACTS) + "')"
LIMITS = "SELECT valid_from, budget FROM referral_terms ORDER BY valid_from, id"
HISTORY = (
    "SELECT a.id, a.member_id, a.type, a.external_id, a.points, a.recorded_at, a.state,"
    " c.recorded_at FROM activity a LEFT JOIN activity c ON c.source = '@laurel'"
    " AND c.external_id = 'cancel:' || CAST(a.id AS TEXT)"
    f" WHERE a.source = '@laurel' AND a.type IN {CODES} AND a.points > 0"
    " AND a.state IN ('counted', 'cancelled')"
)


@dataclass
class Paid:
    """Offending acts by invariant."""

    acts: list[int] = field(default_factory=list)
    fund: list[int] = field(default_factory=list)


class Named(NamedTuple):
    """What an act's own name says: its invitation, how often that was withdrawn, a purchase.

    `turn`: how often a share was noted anew because a part of its purchase went back.
    """

    referral_id: int
    withdrawals: int = 0
    purchase_id: int | None = None
    turn: int = 0


class Terms(NamedTuple):
    """An invitation with its people and its terms; `above` invited the referrer."""

    id: int
    referrer_id: int
    friend_id: int
    withdrawals: int
    above: int | None
    referrer_points: int
    friend_points: int
    welcome_points: int
    share_percent: int
    second_percent: int


def check_invitations(store: Store) -> Paid:
    """Compare all that invitations brought with what each says, and with the limit of then."""
    return Paid(list(_beyond_terms(store)), list(_beyond_the_fund(store)))


def _beyond_terms(store: Store) -> Iterator[int]:
    """Acts that name no invitation of their member, or bring more than its terms, or again."""
    seen: set[tuple[str, int, int | None]] = set()
    last = 0
    sql = (
        "SELECT id, member_id, type, external_id, points_left FROM activity"
        f" WHERE source = '@laurel' AND type IN {CODES} AND state = 'counted'"
        " AND points_left > 0 AND id > ? ORDER BY id LIMIT ?"
    )
    while page := store.rows(sql, last, PAGE):
        last = int(page[-1][0])
        named = {row[0]: _named(*row[1:4]) for row in page}
        found = [one for one in named.values() if one is not None]
        terms = _terms_of(store, sorted({one.referral_id for one in found}))
        bought = _bought(store, sorted({one.purchase_id for one in found if one.purchase_id}))
        for act_id, member_id, code, _, points in page:
            one = named[act_id]
            if one is None or points > _most(one, member_id, code, terms, bought):
                yield act_id
                continue
            what = (code, one.referral_id, one.purchase_id)
            if what in seen:
                yield act_id
            seen.add(what)


def _named(member_id: int, code: str, name: str) -> Named | None:
    """The invitation and the purchase that an act's own name says; None where it says none."""
    start = f"{member_id}:{code}:"
    parts = [part.split(".") for part in name.removeprefix(start).split(":")]
    is_share = code == "friend_bought"
    if not name.startswith(start) or len(parts) != (2 if is_share else 1):
        return None
    if any(len(part) > 2 or not all(x.isdecimal() for x in part) for part in parts):
        return None
    referral, *bought = [(int(part[0]), int((*part, "0")[1])) for part in parts]
    return Named(*referral, *(bought[0] if is_share else ()))


def _most(
    one: Named,
    member_id: int,
    code: str,
    terms: Mapping[int, Terms],
    bought: Mapping[int, tuple[int, int]],
) -> int:
    """The most that an act may bring its member; nothing where it is not theirs."""
    said = terms.get(one.referral_id)
    if said is None or one.withdrawals > said.withdrawals:
        return 0
    match code:
        case "friend_came":
            who, most = said.referrer_id, said.referrer_points
        case "invited_bonus":
            who, most = said.friend_id, said.friend_points
        case "welcome_gift":
            who, most = said.friend_id, said.welcome_points
        case "friend_of_friend":
            who, most = said.above or 0, share_of(said.referrer_points, said.second_percent)
        case _:
            buyer, points = bought.get(one.purchase_id or 0, (0, 0))
            who, most = said.referrer_id, share_of(points, said.share_percent)
            most = most if buyer == said.friend_id else 0
    return most if who == member_id else 0


def _terms_of(store: Store, ids: Sequence[int]) -> dict[int, Terms]:
    rows = store.in_list(
        "SELECT r.id, r.referrer_id, r.friend_id, r.withdrawals, u.referrer_id, t.referrer_points,"
        " t.friend_points, t.welcome_points, t.share_percent, t.second_percent FROM referral r"
        " JOIN referral_terms t ON t.id = r.terms_id"
        " LEFT JOIN referral u ON u.friend_id = r.referrer_id WHERE r.id IN (?*)",
        ids,
    )
    return {row[0]: Terms(*row) for row in rows}


def _bought(store: Store, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Who made purchases, and what they brought before anything went back."""
    sql = "SELECT id, member_id, points FROM activity WHERE type = 'purchase' AND id IN (?*)"
    return {row[0]: (row[1], row[2]) for row in store.in_list(sql, ids)}


def _beyond_the_fund(store: Store) -> Iterator[int]:
    """Acts that were paid although the fund had less left, whatever its limit is by now.

    Only what is certain. Whoever was paid last of all who were until a moment had the others
    before them; transactions of an hour may have passed each other, so of the limits in force
    within it the largest counts, and what was lost within it counts as lost before. A share
    that is noted anew, smaller, asks nobody.
    """
    limits = [(int(at), budget) for at, budget in store.rows(LIMITS)]
    if all(budget is None for _, budget in limits):
        return
    starts, spent = [at for at, _ in limits], 0
    for at, moment in groupby(_moves(store), key=itemgetter(0)):
        paid = list(moment)
        spent += sum(points for _, points, _ in paid)
        asked = max((act_id for _, _, act_id in paid), default=0)
        most = _most_then(limits, starts, at) if asked else None
        if most is not None and spent > most:
            yield asked


def _moves(store: Store) -> list[tuple[int, int, int]]:
    """What the fund paid and got back, in order: when, points, and the act that had to ask, or 0.

    What was lost moves at the earliest moment at which it may have been.
    """
    moves: list[tuple[int, int, int]] = []
    for act_id, member_id, code, name, points, at, state, lost_at in store.rows(HISTORY):
        one = _named(member_id, code, name)
        moves.append((at, points, 0 if one is not None and one.turn else act_id))
        if state == "cancelled":
            moves.append((max(at, (lost_at or at) - HOUR), -points, 0))
    return sorted(moves)


def _most_then(
    limits: Sequence[tuple[int, int | None]], starts: Sequence[int], at: int
) -> int | None:
    """The largest limit in force within an hour of an instant; None where one had none.

    Of those that begin at one instant each may have been in force.
    """
    oldest = starts[max(bisect_right(starts, at - HOUR) - 1, 0)]
    first = bisect_left(starts, oldest)
    most = 0
    for _, budget in limits[first : bisect_right(starts, at + HOUR)]:
        if budget is None:
            return None
        most = max(most, budget)
    return most
