"""A referrer says once that an invitation is held or was ended by mistake, and is answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from gamification.columns import from_micros, to_micros
from gamification.holding import hold_members
from gamification.notices.actions import write_notice
from gamification.referrals.appeals import ENDED_AT, LONGEST_TEXT, may_appeal
from gamification.refusals import InvalidSetting
from gamification.store import Store
from gamification.world import World

__all__ = ["LONGEST_TEXT", "OwnCase", "answer_appeals", "appeal", "own_case", "reopen_appeals"]

Answer = Literal["sent", "again", "late", "unknown"]


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A member's own invitation; `appealed` is what became of their word, None without one."""

    state: str
    ended_at: datetime
    appealed: str | None


def own_case(store: Store, member_id: int, referral_id: int) -> OwnCase | None:
    """An invitation as its referrer may ask about it; None for anybody else, and the erased."""
    row = store.first(
        f"SELECT r.state, {ENDED_AT}, p.state FROM referral r"
        " JOIN member m ON m.id = r.referrer_id AND m.status <> 'erased'"
        " LEFT JOIN referral_appeal p ON p.referral_id = r.id"
        " WHERE r.id = ? AND r.referrer_id = ?",
        referral_id,
        member_id,
    )
    return None if row is None else OwnCase(row[0], from_micros(row[1]), row[2])


def appeal(world: World, member_id: int, referral_id: int, text: str = "") -> Answer:
    """Say that an invitation was stopped by mistake: once for each, for the queue to decide.

    Answers `sent`; `again` for a second one, which changes nothing; `late` when it ended
    over thirty days ago, or nothing stopped it; `unknown` for one of somebody else.

    Raises:
        InvalidSetting: the text is over 500 characters.
    """
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise InvalidSetting(field="text")
    store = Store(world.connection)
    # Held like everybody who decides about it: the answer is to what stands now.
    hold_members(store, [member_id])
    case = own_case(store, member_id, referral_id)
    if case is None:
        return "unknown"
    if case.appealed is not None:
        return "again"
    if not may_appeal(case.state, case.ended_at, world.now):
        return "late"
    columns = ("referral_id", "member_id", "text", "state", "created_at")
    row = (referral_id, member_id, text, "open", to_micros(world.now))
    store.insert("referral_appeal", [row], columns=columns, conflict="ignore")
    return "sent"


def answer_appeals(
    world: World, store: Store, referrals: Iterable[int], *, accepted: bool, key: object
) -> None:
    """Close what is open among these and tell whoever asked, once per key.

    The reason that they read is the one with which the invitation ended.
    """
    rows = store.in_list(
        "SELECT p.referral_id, p.member_id, r.reason, m.locale FROM referral_appeal p"
        " JOIN referral r ON r.id = p.referral_id JOIN member m ON m.id = p.member_id"
        " WHERE p.state = 'open' AND p.referral_id IN (?*)",
        referrals,
    )
    state, now = "accepted" if accepted else "refused", to_micros(world.now)
    reasons = {one: None if accepted else reason or "rejected" for one, _, reason, _ in rows}
    closed = [(one, state, now, reason) for one, reason in reasons.items()]
    store.update("referral_appeal", ("referral_id", "state", "decided_at", "reason"), closed)
    for one, member_id, _, locale in rows:
        write_notice(
            world, kind="appeal_answered", channel="inbox", member_id=member_id, locale=locale,
            payload={"accepted": accepted, "reason": reasons[one]},
            dedupe_key=f"appeal_answered:{one}:{key}",
        )  # fmt: skip


def reopen_appeals(world: World, store: Store, referrals: Collection[int], *, key: object) -> None:
    """The answer was taken back: it waits again, and whoever asked is told so."""
    rows = store.in_list(
        "SELECT p.referral_id, p.member_id, m.locale FROM referral_appeal p"
        " JOIN member m ON m.id = p.member_id WHERE p.state <> 'open' AND p.referral_id IN (?*)",
        referrals,
    )
    opened = [(one, "open", None, None) for one, _, _ in rows]
    store.update("referral_appeal", ("referral_id", "state", "decided_at", "reason"), opened)
    for one, member_id, locale in rows:
        write_notice(
            world, kind="appeal_reopened", channel="inbox", member_id=member_id, locale=locale,
            payload={}, dedupe_key=f"appeal_reopened:{one}:{key}",
        )  # fmt: skip
