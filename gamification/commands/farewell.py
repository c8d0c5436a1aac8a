"""A member leaves: they ask for it, think it over, and then nothing of them is left but sums.

Source: trust, privacy (erasure keeping the ledger); decision 0095.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlmodel import select

from gamification.activities.queries import parsed
from gamification.activities.registry import OWN_SOURCE
from gamification.case import INSTANTS
from gamification.columns import to_micros
from gamification.commands.member import present_member
from gamification.holding import pass_gate
from gamification.members.newcomers import gone_mark
from gamification.notices.actions import write_notice
from gamification.programme import ProgrammeRow, day_starts, local_day, zone_of
from gamification.referrals.traces import keep_marks
from gamification.refusals import UnknownMember
from gamification.store import Store, compact_json
from gamification.world import World

COOLING_DAYS = 14
OWN_TABLES = (
    "card", "consent", "correction", "notice", "notice_choice", "medal_pin", "prompt",
    "member_list_entry", "referral_appeal", "shelf", "shelf_medal",
)  # fmt: skip
"""Tables of the programme whose rows about the erased go altogether."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Whom the night erased, and by which contacts they were known until then."""

    member_id: int
    contacts: tuple[str, ...]


def ask_to_leave(world: World, member_id: int) -> datetime:
    """The member wants to be forgotten; answers when that is: 14 whole local days from now.

    A repeat changes nothing and answers the same.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    member = present_member(world, member_id)
    if member.erase_at is None:
        zone = _shop_zone(world)
        day = local_day(world.now, zone) + timedelta(days=COOLING_DAYS + 1)
        member.leaving_at, member.erase_at = world.now, day_starts(day, zone).astimezone(UTC)
        world.session.flush()
    return member.erase_at


def _shop_zone(world: World) -> ZoneInfo:
    return zone_of(world.session.exec(select(ProgrammeRow.zone)).first() or "UTC")


def tell_of_leaving(world: World, member_id: int) -> None:
    """Queue a word to the member's e-mail, or else phone: it may have been a stranger."""
    member = present_member(world, member_id)
    assert member.erase_at is not None, "somebody asked for it"
    day = local_day(member.erase_at, _shop_zone(world))
    write_notice(
        world,
        kind="leaving",
        channel="email" if member.email else "sms",
        member_id=member_id,
        locale=member.locale,
        payload={"on": day.isoformat(), "good_until": member.erase_at.isoformat()},
        dedupe_key=f"leaving:{member_id}:{to_micros(member.erase_at)}",
    )


def stay(world: World, member_id: int) -> bool:
    """The member has thought better of it; False when they were not leaving.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    member = present_member(world, member_id)
    if member.erase_at is None:
        return False
    member.leaving_at = member.erase_at = None
    world.session.flush()
    return True


def erase_next(world: World) -> Gone | None:
    """Erase one member whose time to think it over has run out; None when there is none."""
    store = Store(world.connection)
    pass_gate(store)
    # Held while it is judged: whoever thinks better of it at this moment stays.
    lock = " FOR UPDATE SKIP LOCKED" if store.postgres else ""
    row = store.first(
        "SELECT id FROM member WHERE erase_at <= ? AND status <> 'erased'"
        f" ORDER BY erase_at, id LIMIT 1{lock}",
        to_micros(world.now),
    )
    return None if row is None else erase_member(world, row[0])


def erase_member(world: World, member_id: int) -> Gone:
    """Erase a member now, whether they asked here or in a letter to the shop.

    Card numbers, contacts, name, birthday, city, consents, choices and messages go; the
    public id is a new random one. The books keep their rows: nothing in them says who it was.
    Of who took part in invitations marks are kept for half a year, so that nobody is new twice.

    Raises:
        UnknownMember: there is nobody with this number, or nobody any more.
    """
    store = Store(world.connection)
    pass_gate(store)
    lock = " FOR UPDATE" if store.postgres else ""
    row = store.first(
        f"SELECT phone, email, external_id FROM member WHERE id = ? AND status <> 'erased'{lock}",
        member_id,
    )
    if row is None:
        raise UnknownMember(member_id=member_id)
    phone, email, external_id = row
    contacts = tuple(contact for contact in (phone, email) if contact)
    for table in OWN_TABLES:
        store.run(f"DELETE FROM {table} WHERE member_id = ?", member_id)
    keep_marks(store, member_id)
    for contact in contacts:
        store.run("DELETE FROM notice WHERE recipient = ?", contact)
    _blank_receipts(store, member_id)
    _blank_invitations(store, member_id, to_micros(world.now))
    _blank_member(store, member_id, external_id, to_micros(world.now))
    return Gone(member_id, contacts)


def _blank_receipts(store: Store, member_id: int) -> None:
    """What tills told beside goods, sums and times goes; what waited for somebody never counts."""
    store.run(
        "UPDATE activity SET state = 'rejected', outcome = ?"
        " WHERE member_id = ? AND state IN ('parked', 'under_review')",
        '{"points":0,"reason":"member_erased"}',
        member_id,
    )
    bodies = store.rows(
        "SELECT id, source, body FROM activity WHERE member_id = ? AND body IS NOT NULL", member_id
    )
    store.run("UPDATE activity SET body = NULL, operator = NULL WHERE member_id = ?", member_id)
    counted = [
        (i, {name: x for name, x in (parsed(body) or {}).items() if name in _asked_of(source)})
        for i, source, body in bodies
    ]
    kept = [(i, compact_json(some)) for i, some in counted if some]
    store.update("activity", ("id", "body"), kept)


def _asked_of(source: str) -> tuple[str, ...]:
    """What a recount asks of an act's body: instants, and of our own acts the challenge."""
    return (*INSTANTS, "challenge") if source == OWN_SOURCE else INSTANTS


def _blank_invitations(store: Store, member_id: int, now: int) -> None:
    """Codes lead nowhere and say nothing any more; of invitations the bare numbers stay."""
    store.run(
        "UPDATE referral_code SET state = 'retired', retired_at = COALESCE(retired_at, ?),"
        " code = 'gone:' || CAST(id AS TEXT) WHERE member_id = ?",
        now,
        member_id,
    )
    store.run(
        "UPDATE referral_signal SET evidence = '{}' WHERE referral_id IN"
        " (SELECT id FROM referral WHERE referrer_id = ? OR friend_id = ?)",
        member_id,
        member_id,
    )
    for blanked in ("referral_appeal SET text = ''", "referral_decision SET why = ''"):
        store.run(
            f"UPDATE {blanked} WHERE referral_id IN"
            " (SELECT id FROM referral WHERE referrer_id = ? OR friend_id = ?)",
            member_id,
            member_id,
        )
    store.run(
        "UPDATE referral SET due_at = ? WHERE (referrer_id = ? OR friend_id = ?)"
        " AND state IN ('registered', 'purchased', 'in_review')",
        now,
        member_id,
        member_id,
    )


def _blank_member(store: Store, member_id: int, external_id: str | None, now: int) -> None:
    mark = None if external_id is None else gone_mark(external_id)
    store.run(
        "UPDATE member SET status = 'erased', public_id = ?, external_id = ?, name = '',"
        " search = '', phone = NULL, email = NULL, birthday = NULL, birthday_told_at = NULL,"
        " city = NULL, city_key = NULL, zone = NULL,"
        " claimed_at = NULL, year_seen_at = NULL, phone_confirmed_at = NULL,"
        " email_confirmed_at = NULL, zone_changed_at = NULL, quiet_from = NULL,"
        " quiet_to = NULL, leaving_at = NULL, erase_at = NULL, erased_at = ? WHERE id = ?",
        str(uuid4()),
        mark,
        now,
        member_id,
    )
