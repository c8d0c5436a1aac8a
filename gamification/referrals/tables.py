"""Rows of invitations: terms, codes, who came by whom, and what looked odd about it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, one_of, serial_key

STATES = (
    "registered", "purchased", "in_review", "qualified", "rewarded",
    "expired", "blocked", "reversed",
)  # fmt: skip
OPEN_STATES = ("registered", "purchased", "in_review")
HOWS = ("link", "code", "till", "staff")


class ReferralTermsRow(SQLModel, table=True):
    """What an invitation brings, from an instant on; never changed, only followed.

    Money in minor units, shares in per cent, days as local dates. `cap` counts the rewarded
    friends of a referrer within `cap_days`; `budget` is in points and bounds all that
    invitations bring, those under other terms included.
    """

    __tablename__ = "referral_terms"
    __table_args__ = (
        one_of("bind", "first", "last"),
        sa.CheckConstraint(
            "referrer_points >= 0 AND friend_points >= 0 AND welcome_points >= 0", name="points"
        ),
        sa.CheckConstraint("minimum > 0 AND hold_days >= 0 AND qualify_days > 0", name="bounds"),
        sa.CheckConstraint("link_days BETWEEN 1 AND 90 AND cap > 0 AND cap_days > 0", name="caps"),
        sa.CheckConstraint(
            "share_percent BETWEEN 0 AND 100 AND second_percent BETWEEN 0 AND 50", name="shares"
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    valid_from: datetime = Field(sa_type=UtcInstant)
    is_on: bool
    referrer_points: int = Field(sa_type=WholeNumber)
    friend_points: int = Field(sa_type=WholeNumber)
    welcome_points: int = Field(sa_type=WholeNumber)
    minimum: int = Field(sa_type=WholeNumber)
    hold_days: int
    qualify_days: int
    link_days: int
    bind: str = Field(max_length=6)
    cap: int
    cap_days: int
    budget: int | None = Field(default=None, sa_type=WholeNumber)
    share_percent: int
    share_days: int
    second_percent: int
    actor: str = Field(default="", max_length=120)


class ReferralFund(SQLModel, table=True):
    """How many points all invitations have brought and nobody lost again: one row."""

    __tablename__ = "referral_fund"
    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True)
    spent: int = Field(default=0, sa_type=WholeNumber)


class ReferralCode(SQLModel, table=True):
    """A word that leads to whoever invites; a retired one leads nowhere and is never reused."""

    __tablename__ = "referral_code"
    __table_args__ = (
        one_of("kind", "drawn", "own"),
        one_of("state", "live", "retired"),
        sa.Index(
            "ux_referral_code_live",
            "member_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("state = 'live'"),
            postgresql_where=sa.text("state = 'live'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    code: str = Field(unique=True, max_length=24)
    kind: str = Field(max_length=6)
    state: str = Field(default="live", max_length=8)
    created_at: datetime = Field(sa_type=UtcInstant)
    retired_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class ReferralVisits(SQLModel, table=True):
    """How many people opened a code's page on a local day, by channel; added up in batches."""

    __tablename__ = "referral_visits"
    __table_args__ = {"sqlite_with_rowid": False}

    code_id: int = Field(foreign_key="referral_code.id", primary_key=True, sa_type=sa.BigInteger)
    day: str = Field(primary_key=True, max_length=10)
    channel: str = Field(primary_key=True, max_length=12)
    opened: int = Field(sa_type=WholeNumber)


class Referral(SQLModel, table=True):
    """One friend, one referrer, for life.

    `hold_until` is the end of the return window of `purchase_id`; `due_at` the next instant
    at which the clock has to look. `reason` says why a side got nothing, or why it ended.
    `withdrawals` is how often a person took a payment back: the next one has another key.
    """

    __tablename__ = "referral"
    __table_args__ = (
        one_of("how", *HOWS),
        one_of("state", *STATES),
        sa.CheckConstraint("referrer_id <> friend_id", name="not_self"),
        sa.Index("ix_referral_referrer", "referrer_id", "state", "qualified_at"),
        sa.Index("ix_referral_bound", "referrer_id", "bound_at"),
        sa.Index("ix_referral_hold", "hold_until"),
        sa.Index(
            "ix_referral_review",
            "id",
            sqlite_where=sa.text("state = 'in_review'"),
            postgresql_where=sa.text("state = 'in_review'"),
        ),
        sa.Index(
            "ix_referral_due",
            "due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    referrer_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    friend_id: int = Field(foreign_key="member.id", unique=True, sa_type=sa.BigInteger)
    code_id: int | None = Field(default=None, foreign_key="referral_code.id", sa_type=sa.BigInteger)
    terms_id: int = Field(foreign_key="referral_terms.id", sa_type=sa.BigInteger)
    how: str = Field(max_length=6)
    channel: str | None = Field(default=None, max_length=12)
    state: str = Field(max_length=12)
    bound_at: datetime = Field(sa_type=UtcInstant)
    qualify_by: str = Field(max_length=10)
    purchase_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    hold_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    qualified_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    referrer_points: int = Field(default=0, sa_type=WholeNumber)
    friend_points: int = Field(default=0, sa_type=WholeNumber)
    reason: str | None = Field(default=None, max_length=24)
    due_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    withdrawals: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class ReferralSignal(SQLModel, table=True):
    """Something about an invitation that looks odd, once per rule.

    A `flag` alone stops nothing; two flags or one `hold` wait for a person; a `block` ends it.
    """

    __tablename__ = "referral_signal"
    __table_args__ = (
        sa.UniqueConstraint("referral_id", "rule"),
        one_of("action", "flag", "hold", "block"),
        one_of("state", "open", "confirmed", "dismissed"),
        sa.Index("ix_referral_signal_state", "state", "rule"),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    referral_id: int = Field(foreign_key="referral.id", sa_type=sa.BigInteger)
    rule: str = Field(max_length=24)
    action: str = Field(max_length=6)
    evidence: dict[str, Any] = Field(sa_type=Json)
    state: str = Field(default="open", max_length=10)
    created_at: datetime = Field(sa_type=UtcInstant)
    decided_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    decided_by: str | None = Field(default=None, max_length=120)
    why: str | None = Field(default=None, max_length=200)


class ReferralRule(SQLModel, table=True):
    """How a rule against cheating acts in this programme; absent means as shipped."""

    __tablename__ = "referral_rule"
    __table_args__ = (one_of("action", "off", "flag", "hold", "block"),)

    code: str = Field(primary_key=True, max_length=24)
    action: str = Field(max_length=6)
    settings: dict[str, Any] = Field(sa_type=Json)


class ReferralAppeal(SQLModel, table=True):
    """A referrer's word that an invitation is held or was ended by mistake, once for each.

    `reason` is what the referrer reads after a refusal, of the fixed list.
    """

    __tablename__ = "referral_appeal"
    __table_args__ = (
        one_of("state", "open", "accepted", "refused"),
        sa.Index(
            "ix_referral_appeal_open",
            "referral_id",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

    referral_id: int = Field(foreign_key="referral.id", primary_key=True, sa_type=sa.BigInteger)
    member_id: int = Field(foreign_key="member.id", index=True, sa_type=sa.BigInteger)
    text: str = Field(default="", max_length=500)
    state: str = Field(default="open", max_length=8)
    created_at: datetime = Field(sa_type=UtcInstant)
    decided_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    reason: str | None = Field(default=None, max_length=24)


class ReferralDecision(SQLModel, table=True):
    """What a person decided about an invitation, and whether it was taken back.

    `batch` is shared by what was decided with one press; `before` is what taking it back
    restores: the state, its reason, signals with their states, whether there was an appeal.
    """

    __tablename__ = "referral_decision"
    __table_args__ = (
        one_of("verdict", "pay", "reject"),
        sa.Index("ix_referral_decision_batch", "batch"),
        sa.Index("ix_referral_decision_referral", "referral_id", "id"),
        sa.Index("ix_referral_decision_at", "at"),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    batch: int = Field(sa_type=sa.BigInteger)
    referral_id: int = Field(foreign_key="referral.id", sa_type=sa.BigInteger)
    verdict: str = Field(max_length=6)
    at: datetime = Field(sa_type=UtcInstant)
    actor: str = Field(max_length=120)
    why: str = Field(default="", max_length=200)
    before: dict[str, Any] = Field(sa_type=Json)
    undone_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    undone_by: str | None = Field(default=None, max_length=120)
    undone_why: str | None = Field(default=None, max_length=200)


class ReferralRuleChange(SQLModel, table=True):
    """Who let a rule act otherwise, when, and how it acted before and after."""

    __tablename__ = "referral_rule_change"
    __table_args__ = (sa.Index("ix_referral_rule_change_code", "code", "id"),)

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    code: str = Field(max_length=24)
    at: datetime = Field(sa_type=UtcInstant)
    actor: str = Field(max_length=120)
    before: dict[str, Any] = Field(sa_type=Json)
    after: dict[str, Any] = Field(sa_type=Json)


class MemberTrace(SQLModel, table=True):
    """A keyed hash of something that two accounts of one person would share.

    Of a phone, an e-mail without its tricks, a card, a payment, a browser or a network;
    purged when it is older than its kind is of use. `seen_at` is the first sight of what
    lasts, and the latest of what passes and of a payment.
    """

    __tablename__ = "member_trace"
    __table_args__ = (
        one_of("kind", "phone", "email", "card", "payment", "device", "network"),
        sa.Index("ix_member_trace_hash", "kind", "hash"),
        {"sqlite_with_rowid": False},
    )

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    kind: str = Field(primary_key=True, max_length=8)
    hash: str = Field(primary_key=True, max_length=32)
    seen_at: datetime = Field(sa_type=UtcInstant)


class TraceKey(SQLModel, table=True):
    """What traces are hashed with: epoch 0 for what lasts, thirty days for what passes."""

    __tablename__ = "trace_key"

    epoch: int = Field(primary_key=True, sa_type=sa.BigInteger)
    secret: str = Field(max_length=64)
