"""Invitations: terms are published, codes are given, and a friend is bound to who invited them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gamification.achievements.shipped import MedalChoices, shipped_medals
from gamification.columns import to_micros
from gamification.commands.acts import note_reward
from gamification.commands.owner import touch_definitions
from gamification.commands.referral_fund import pay_from_fund
from gamification.commands.suspicions import judge_binding, reason_of_block
from gamification.definitions import current_definitions
from gamification.holding import hold_members
from gamification.programme import local_day
from gamification.referrals.codes import draw_code, looks_of, normal_code, word_fault
from gamification.referrals.rules import last_day
from gamification.referrals.terms import COLUMNS, ReferralTerms, terms_now
from gamification.refusals import AlreadyTaken, InvalidSetting, UnknownMember
from gamification.store import Store
from gamification.world import World

__all__ = [
    "BOUNDS",
    "CHANNELS",
    "CodeOwner",
    "Invitation",
    "ReferralTerms",
    "bind_friend",
    "choose_word",
    "code_for",
    "codes_of",
    "day_of_visit",
    "normal_code",
    "note_visits",
    "owner_of",
    "publish_terms",
    "retire_word",
    "rotate_code",
    "terms_now",
]

LATEST_TELLING = timedelta(days=7)
"""How long after joining a code may still be told. Source: domain, 13."""
MOST_DRAWS = 20
BOUNDS = {
    "referrer_points": (0, 100_000), "friend_points": (0, 100_000),
    "welcome_points": (0, 100_000), "minimum": (1, 10**10), "hold_days": (0, 90),
    "qualify_days": (1, 365), "link_days": (1, 90), "cap": (1, 10_000),
    "cap_days": (1, 366), "share_percent": (0, 100), "share_days": (1, 366),
    "second_percent": (0, 50), "budget": (1, 10**12),
}  # fmt: skip
"""The least and the most of each setting; the minimum in minor units."""
CHANNELS = ("link", "qr", "telegram", "vk", "whatsapp", "email", "share", "till")


@dataclass(frozen=True, slots=True)
class Invitation:
    """How somebody says by whom they came. `opened_at` is when they opened the link.

    `paid_search`: an advertisement in a search had led them to it.
    """

    code: str
    how: str = "link"
    channel: str | None = None
    opened_at: datetime | None = None
    paid_search: bool = False


@dataclass(frozen=True, slots=True)
class CodeOwner:
    """Whose a code is: the row's id, the member, and the terms of the day."""

    code_id: int
    member_id: int
    name: str
    terms: ReferralTerms


def publish_terms(world: World, terms: ReferralTerms, *, actor: str = "") -> ReferralTerms:
    """Let these terms hold from now on; who was invited before keeps theirs.

    Raises:
        InvalidSetting: a number is out of its bounds.
    """
    if fault := _fault(terms):
        raise InvalidSetting(field=fault)
    columns = (*COLUMNS[:-1], "valid_from", "actor")
    values = [getattr(terms, name) for name in COLUMNS[:-1]]
    row = (*values, to_micros(world.now), actor)
    store = Store(world.connection)
    store.insert("referral_terms", [row], columns=columns)
    if terms.is_on:
        _show_medals(world)
    found = terms_now(world)
    assert found is not None, "terms were just published"
    return found


def _show_medals(world: World) -> None:
    """The medals for invitations, once there is something to be given for."""
    store = Store(world.connection)
    codes = [medal.code for medal in shipped_medals(MedalChoices()) if medal.state == "draft"]
    marks = ", ".join("?" * len(codes))
    shown = f"UPDATE achievement SET state = 'live' WHERE state = 'draft' AND code IN ({marks})"
    if store.run(shown, *codes):
        touch_definitions(world)


def _fault(terms: ReferralTerms) -> str | None:
    """The first setting that is out of its bounds."""
    for name, (least, most) in BOUNDS.items():
        value = getattr(terms, name)
        if value is not None and not least <= value <= most:
            return name
    return None if terms.bind in ("first", "last") else "bind"


def codes_of(world: World, member_id: int) -> dict[str, str]:
    """The live codes of a member by kind: `drawn`, `own`."""
    rows = Store(world.connection).rows(
        "SELECT kind, code FROM referral_code WHERE member_id = ? AND state = 'live'", member_id
    )
    return {str(kind): str(code) for kind, code in rows}


def code_for(world: World, member_id: int) -> str:
    """The member's drawn code; drawn now if there is none yet."""
    if (known := codes_of(world, member_id).get("drawn")) is not None:
        return known
    store = Store(world.connection)
    hold_members(store, [member_id])
    if (known := codes_of(world, member_id).get("drawn")) is not None:
        return known
    for _ in range(MOST_DRAWS):
        code = draw_code()
        if store.first("SELECT 1 FROM referral_code WHERE code = ?", code) is None:
            _add_code(world, store, member_id, code, "drawn")
            return code
    raise AssertionError("656 thousand million codes are not used up")


def rotate_code(world: World, member_id: int) -> str:
    """Retire the drawn code and draw another: links that are out lead nowhere from now on."""
    _retire(world, member_id, "drawn")
    return code_for(world, member_id)


def choose_word(world: World, member_id: int, typed: str, banned: Iterable[str]) -> str:
    """Take a word of one's own; the one before is retired. Answers it as it is kept.

    Raises:
        InvalidSetting: `length`, `signs` or `banned`.
        AlreadyTaken: it is or was somebody's.
    """
    word = normal_code(typed)
    if fault := word_fault(word, banned):
        raise InvalidSetting(field="word", fault=fault)
    store = Store(world.connection)
    hold_members(store, [member_id])
    row = store.first("SELECT member_id, state, kind FROM referral_code WHERE code = ?", word)
    if row is not None:
        if row[0] == member_id and row[1] == "live" and row[2] == "own":
            return word
        raise AlreadyTaken(what="word")
    if _is_taken_by_looks(store, word, member_id):
        raise AlreadyTaken(what="word")
    _retire(world, member_id, "own")
    _add_code(world, store, member_id, word, "own")
    return word


def _is_taken_by_looks(store: Store, word: str, member_id: int) -> bool:
    """Whether somebody else's code reads the same: on a poster nobody sees the alphabet."""
    looks = looks_of(word)
    drawn = "SELECT 1 FROM referral_code WHERE code = ? AND member_id <> ?"
    if store.first(drawn, looks, member_id) is not None:
        return True
    words = store.rows(
        "SELECT code FROM referral_code WHERE kind = 'own' AND member_id <> ?", member_id
    )
    return any(looks_of(str(code)) == looks for (code,) in words)


def retire_word(world: World, member_id: int) -> None:
    """Give up the word of one's own; nobody can take it afterwards."""
    _retire(world, member_id, "own")


def _retire(world: World, member_id: int, kind: str) -> None:
    Store(world.connection).run(
        "UPDATE referral_code SET state = 'retired', retired_at = ?"
        " WHERE member_id = ? AND kind = ? AND state = 'live'",
        to_micros(world.now),
        member_id,
        kind,
    )


def _add_code(world: World, store: Store, member_id: int, code: str, kind: str) -> None:
    columns = ("member_id", "code", "kind", "state", "created_at")
    row = (member_id, code, kind, "live", to_micros(world.now))
    store.insert("referral_code", [row], columns=columns)


def owner_of(world: World, typed: str) -> CodeOwner | None:
    """Whose a live code is; None for an unknown or retired one, or while invitations rest."""
    terms = terms_now(world)
    if terms is None or not terms.is_on:
        return None
    row = Store(world.connection).first(
        "SELECT c.id, m.id, m.name FROM referral_code c JOIN member m ON m.id = c.member_id"
        " WHERE c.code IN (?, ?) AND c.state = 'live' AND m.status = 'active'"
        " ORDER BY LENGTH(c.code) DESC",
        normal_code(typed),
        normal_code(typed).replace("-", ""),  # a drawn code is shown in two groups
    )
    return None if row is None else CodeOwner(row[0], row[1], row[2], terms)


def note_visits(world: World, visits: Iterable[tuple[int, date, str, int]]) -> None:
    """Add up who opened pages: (code id, local day, channel, how many more)."""
    store = Store(world.connection)
    for code_id, day, channel, more in sorted(visits):
        store.run(
            "INSERT INTO referral_visits (code_id, day, channel, opened) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (code_id, day, channel)"
            " DO UPDATE SET opened = referral_visits.opened + excluded.opened",
            code_id,
            day.isoformat(),
            channel if channel in CHANNELS else "link",
            more,
        )


def bind_friend(world: World, friend_id: int, invitation: Invitation) -> str:
    """Bind a new member to who invited them, once and for life; never raises for a bad code.

    Answers `bound`, or why not: `off`, `unknown`, `expired` (the link was opened too long
    ago), `own`, `already`, `late` (they have bought since joining, or joined over a week ago),
    `loop` (they invited this referrer, directly or not), `blocked` (a rule says no; the
    referral is kept with its reason). Whoever had bought before joining is not new: that is a
    rule's to say, whenever the receipt comes.
    """
    owner = owner_of(world, invitation.code)
    if owner is None:
        terms = terms_now(world)
        return "off" if terms is None or not terms.is_on else "unknown"
    if owner.member_id == friend_id:
        return "own"
    terms, opened = owner.terms, invitation.opened_at
    if opened is not None and world.now - opened > timedelta(days=terms.link_days):
        return "expired"
    store = Store(world.connection)
    hold_members(store, [owner.member_id, friend_id])
    if fault := _binding_fault(world, store, owner.member_id, friend_id):
        return fault
    return _bind(world, store, owner, friend_id, invitation)


def _binding_fault(world: World, store: Store, referrer_id: int, friend_id: int) -> str | None:
    if store.first("SELECT 1 FROM referral WHERE friend_id = ?", friend_id) is not None:
        return "already"
    row = store.first("SELECT joined_at, status FROM member WHERE id = ?", friend_id)
    if row is None or row[1] != "active":
        raise UnknownMember(member_id=friend_id)
    bought = store.first(
        "SELECT 1 FROM activity WHERE member_id = ? AND type = 'purchase'"
        " AND state <> 'rejected' AND occurred_at >= ? LIMIT 1",
        friend_id,
        row[0],
    )
    if bought is not None or row[0] < to_micros(world.now - LATEST_TELLING):
        return "late"
    return "loop" if friend_id in _line_above(store, referrer_id) else None


def _line_above(store: Store, member_id: int) -> set[int]:
    """Everybody who invited a member, directly or through others."""
    rows = store.rows(
        "WITH RECURSIVE above(id) AS (SELECT referrer_id FROM referral WHERE friend_id = ?"
        " UNION SELECT r.referrer_id FROM referral r JOIN above a ON r.friend_id = a.id)"
        " SELECT id FROM above",
        member_id,
    )
    return {int(row[0]) for row in rows}


def _bind(
    world: World, store: Store, owner: CodeOwner, friend_id: int, invitation: Invitation
) -> str:
    zone = current_definitions(world.session).programme.zone
    terms, referral_id, now = owner.terms, world.ids(), to_micros(world.now)
    columns = (
        "id", "referrer_id", "friend_id", "code_id", "terms_id", "how", "channel", "state",
        "bound_at", "qualify_by", "referrer_points", "friend_points", "due_at",
    )  # fmt: skip
    by = last_day(world.now, terms, zone)
    row = (
        referral_id, owner.member_id, friend_id, owner.code_id, terms.id, invitation.how,
        invitation.channel, "registered", now, by.isoformat(), 0, 0, now,
    )  # fmt: skip
    store.insert("referral", [row], columns=columns)
    store.run("UPDATE member SET invited = ? WHERE id = ?", True, friend_id)
    verdict = judge_binding(world, store, referral_id, paid_search=invitation.paid_search)
    if verdict == "block":
        store.run(
            "UPDATE referral SET state = 'blocked', reason = ?, due_at = NULL WHERE id = ?",
            reason_of_block(store, referral_id),
            referral_id,
        )
        return "blocked"
    key = str(referral_id)
    note_reward(world, owner.member_id, "friend_joined", key=key, points=0, at=world.now)
    if terms.welcome_points and verdict == "pay":
        gift = terms.welcome_points
        pay_from_fund(world, friend_id, "welcome_gift", key=key, points=gift, at=world.now)
    return "bound"


def day_of_visit(world: World) -> date:
    """The programme's local date, by which visits are added up."""
    return local_day(world.now, current_definitions(world.session).programme.zone)
