"""Which tables hold a member, how each is reached, and which few are left out, and why.

A table that can reach a member and stands on neither list fails a test.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the copy.

    `through` is the column that leads to the member and the table it leads to; None: the
    rows carry the member's own number in `column`. `shown` are the columns of the page to
    read; the JSON has all but those of SECRET.
    """

    table: str
    shown: tuple[str, ...]
    column: str = "member_id"
    through: str | None = None


PARTS: tuple[Part, ...] = (
    Part("member", ("name", "phone", "email", "birthday", "city", "locale", "zone",
                    "joined_at"), "id"),
    Part("card", ("number", "state", "issued_at", "closed_at")),
    Part("activity", ("local_date", "type", "external_id", "store", "amount", "points",
                      "points_paid", "state")),
    Part("activity_line", ("activity_id", "sku", "category", "quantity", "amount"),
         "activity_id", "activity"),
    Part("return_match", ("return_id", "purchase_id", "quantity", "amount"),
         "return_id", "activity"),
    Part("lot", ("amount", "remaining", "available_at", "expires_at")),
    Part("transfer", ("occurred_at", "kind", "points")),
    Part("allocation", ("transfer_id", "lot_id", "points"), "transfer_id", "transfer"),
    Part("hold", ("created_at", "points", "state", "expires_at")),
    Part("hold_lot", ("hold_id", "lot_id", "points"), "hold_id", "hold"),
    Part("point_grant", ("created_at", "points", "state")),
    Part("ledger_account", ("kind",)),
    Part("standing", ("tier_id", "since", "term_ends", "grace_until")),
    Part("standing_log", ("effective_from", "from_tier_id", "tier_id", "reason")),
    Part("award", ("achievement_id", "level", "status", "earned_at")),
    Part("award_log", ("at", "from_status", "to_status", "reason"), "award_id", "award"),
    Part("medal_pin", ("achievement_id", "pinned_at")),
    Part("shelf", ("address", "naming", "nickname", "tier_shown", "made_at", "renewed_at")),
    Part("shelf_medal", ("place", "achievement_id", "period")),
    Part("counter", ("measure_id", "period", "value")),
    Part("counter_key", ("measure_id", "period", "key", "n")),
    Part("day_sum", ("measure_id", "day", "value")),
    Part("challenge_entry", ("challenge_id", "joined_at", "state", "score", "completed_at",
                             "points")),
    Part("consent", ("at", "purpose", "given", "channel", "text_version")),
    Part("correction", ("at", "kind", "activity_id", "before", "after", "reason")),
    Part("prompt", ("code", "value", "answered_at")),
    Part("referral_code", ("code", "kind", "state", "created_at")),
    Part("referral_visits", ("day", "channel", "opened"), "code_id", "referral_code"),
    Part("referral", ("bound_at", "state", "qualified_at", "referrer_points", "friend_points"),
         "referrer_id"),
    Part("referral_signal", ("created_at", "rule", "state"), "referral_id", "referral"),
    Part("referral_appeal", ("created_at", "text", "state", "decided_at")),
    Part("referral_decision", ("at", "verdict", "undone_at"), "referral_id", "referral"),
    Part("member_trace", ("kind", "seen_at")),
    Part("member_list_entry", ("list_id",)),
    Part("notice_choice", ("kind", "channel", "wanted", "changed_at")),
    Part("notice", ("created_at", "kind", "channel", "recipient", "state", "sent_at", "read_at")),
    Part("account", ("created_at", "locale", "theme", "motion", "sound", "password_set_at")),
    Part("browser_session", ("device", "address", "created_at", "seen_at", "ended_at"),
         "account_id", "account"),
    Part("kept_form", ("kept_at", "endpoint", "fields", "expires_at"), "account_id", "account"),
    Part("activation_code", ("created_at", "expires_at", "used_at")),
    Part("signin_code", ("created_at", "kind", "contact", "proved_at"), "contact"),
)  # fmt: skip

LEFT_OUT = {
    "import_run": "belongs to the account of the shop's owner; it holds files of the whole shop",
    "reset_token": "links of the staff; customers have none",
}
"""Tables that can reach a member, or the account of one, and hold nothing about any."""

SECRET = {
    "account": {"password_hash"},
    "browser_session": {"secret_hash"},
    "kept_form": {"secret_hash"},
    "activation_code": {"code_hash"},
    "signin_code": {"ticket_hash", "code_hash"},
    "referral": {"referrer_id", "friend_id"},
    "referral_signal": {"evidence", "decided_by", "why"},
    "referral_decision": {"batch", "actor", "why", "before", "undone_by", "undone_why"},
    "member_trace": {"hash"},
}
"""What would open a door to whoever found the file, or tells about somebody else."""

SIDES = {"referral": ("referrer_id", "friend_id")}
"""Tables whose rows are about two members."""


def condition(part: Part) -> sa.ColumnElement[bool]:
    """Which rows of a part are about the member `:member`."""
    table, member = (
        SQLModel.metadata.tables[part.table],
        sa.bindparam("member", type_=sa.BigInteger),
    )
    column: sa.Column[Any] = table.c[part.column]
    if part.table == "signin_code":
        people = SQLModel.metadata.tables["member"]
        mine = [
            sa.select(people.c[kind]).where(people.c.id == member) for kind in ("phone", "email")
        ]
        return column.in_(sa.union_all(*mine))
    if part.through is None:
        return owned_by(table, member, part.column)
    parent = SQLModel.metadata.tables[part.through]
    return column.in_(sa.select(parent.c.id).where(owned_by(parent, member, "member_id")))


def owned_by(table: sa.Table, member: sa.BindParameter[Any], column: str) -> sa.ColumnElement[bool]:
    """The rows of a table that are about the member, on whichever side they stand."""
    sides = SIDES.get(table.name, (column,))
    return sa.or_(*(table.c[side] == member for side in sides))


def reaching_tables() -> set[str]:
    """Every table from whose rows a chain of foreign keys leads to a member."""
    found, before = {"member"}, set[str]()
    while found != before:
        before = set(found)
        for table in SQLModel.metadata.sorted_tables:
            led_to = {key.column.table.name for key in table.foreign_keys}
            if led_to & found or {"member_id", "account_id"} & set(table.c.keys()):
                found.add(table.name)
    return found
