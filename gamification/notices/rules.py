"""Which notices follow from a case: values only, the words are chosen at the edge."""

from collections.abc import Sequence
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
    payload = medal_told(code, level, occurrence)
    write_inbox(rows, ids, act, state, "medal", f"award:{award.id}:{award.times}", payload)


def medal_told(code: str, level: int, occurrence: str) -> dict[str, Any]:
    """What a message keeps of a medal."""
    return {"medal": code, "level": level, "occurrence": occurrence}


def tier_notice(
    rows: Rows, ids: IdSource, act: Act, state: MemberState, code: str, up: bool
) -> None:
    """The tier went up or down."""
    kind = "tier_reached" if up else "tier_lost"
    write_inbox(rows, ids, act, state, kind, f"tier:{act.id}", {"tier": code})


def return_notice(
    rows: Rows,
    ids: IdSource,
    act: Act,
    state: MemberState,
    clawed: int,
    refunded: int,
    taken: Sequence[dict[str, Any]] = (),
) -> None:
    """A return took points or medals back or gave spent points back: one message for all of it."""
    payload: dict[str, Any] = {
        "clawed_back": clawed,
        "points_back": refunded,
        "amount": act.amount,
    }
    if taken:
        payload["medals"] = list(taken)
    write_inbox(rows, ids, act, state, "returned", f"return:{act.id}", payload)
