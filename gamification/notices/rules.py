"""Which notices follow from a case: values only, the words are chosen at the edge."""

from typing import Any

from gamification.case import Act, AwardState, MemberState, Rows
from gamification.store import compact_json
from gamification.world import IdSource

NOTICE_COLUMNS = (
    "id",
    "member_id",
    "kind",
    "channel",
    "purpose",
    "locale",
    "payload",
    "dedupe_key",
    "state",
    "attempts",
    "created_at",
    "due_at",
)


def write_inbox(
    rows: Rows,
    ids: IdSource,
    act: Act,
    state: MemberState,
    kind: str,
    key: str,
    payload: dict[str, Any],
) -> None:
    """A notice for the member's inbox, once per key."""
    rows.add(
        "notice",
        ids(),
        state.member_id,
        kind,
        "inbox",
        "service",
        state.locale,
        compact_json(payload),
        key,
        "open",
        0,
        act.recorded,
        act.recorded,
    )


def medal_notice(
    rows: Rows,
    ids: IdSource,
    act: Act,
    state: MemberState,
    code: str,
    level: int,
    occurrence: str,
    award: AwardState,
) -> None:
    """A medal was earned."""
    payload = {"medal": code, "level": level, "occurrence": occurrence}
    write_inbox(rows, ids, act, state, "medal", f"award:{award.id}:{award.times}", payload)


def tier_notice(
    rows: Rows, ids: IdSource, act: Act, state: MemberState, code: str, up: bool
) -> None:
    """The tier went up or down."""
    kind = "tier_reached" if up else "tier_lost"
    write_inbox(rows, ids, act, state, kind, f"tier:{act.id}", {"tier": code})


def return_notice(
    rows: Rows, ids: IdSource, act: Act, state: MemberState, clawed: int, refunded: int
) -> None:
    """A return took points back or gave spent ones back: one message for all of it."""
    payload = {"clawed_back": clawed, "points_back": refunded, "amount": act.amount}
    write_inbox(rows, ids, act, state, "returned", f"return:{act.id}", payload)
