"""A word to a friend who joined by an invitation and has bought nothing yet."""

from datetime import date

from gamification.commands.referrals import day_of_visit
from gamification.notices.actions import write_notice
from gamification.notices.weekly import reminder_key
from gamification.referrals.fund import fund_now
from gamification.store import Store
from gamification.world import World


def remind_friend(world: World, member_id: int, referral_id: int) -> bool | None:
    """Tell the friend in their inbox until when a first purchase counts, once a week.

    Points are named only while the fund of invitations has them.
    Answers whether it was told now: False when it was this week already, or no purchase is
    awaited; None for an invitation of somebody else.
    """
    today = day_of_visit(world)
    row = Store(world.connection).first(
        "SELECT r.friend_id, r.qualify_by, t.friend_points, t.minimum, m.locale,"
        " t.referrer_points + t.friend_points, r.state, m.status"
        " FROM referral r JOIN referral_terms t ON t.id = r.terms_id"
        " JOIN member m ON m.id = r.friend_id WHERE r.id = ? AND r.referrer_id = ?",
        referral_id,
        member_id,
    )
    if row is None:
        return None
    if row[6:] != ("registered", "active") or date.fromisoformat(row[1]) < today:
        return False
    fund = fund_now(world)
    points = int(row[2]) if fund is None or fund.has(int(row[5])) else 0
    payload = {"until": row[1], "points": points, "minimum": int(row[3])}
    told = write_notice(
        world, kind="friend_reminds", channel="inbox", member_id=int(row[0]), locale=row[4],
        payload=payload, dedupe_key=reminder_key(str(referral_id), today),
    )  # fmt: skip
    return told is not None
