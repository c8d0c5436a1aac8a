"""Rows of the books. One transfer, one debit account, one credit account."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, one_of, serial_key

ACCOUNT_KINDS = ("wallet", "debt", "issue", "spent", "expired", "writeoff")
TRANSFER_KINDS = (
    "purchase",
    "grant",
    "opening",
    "correction",
    "clawback",
    "grant_reversal",
    "writeoff",
    "debt",
    "repayment",
    "spend",
    "refund",
    "expiry",
    "act",
)


class LedgerAccount(SQLModel, table=True):
    """A place where points can be. Wallets and debts belong to a member.

    No balance is kept beside the lots it is the sum of.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        sa.UniqueConstraint("kind", "member_id"),
        one_of("kind", *ACCOUNT_KINDS),
        sa.CheckConstraint("(kind IN ('wallet', 'debt')) = (member_id IS NOT NULL)", name="owner"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    kind: str = Field(max_length=12)
    member_id: int | None = Field(default=None, foreign_key="member.id", sa_type=sa.BigInteger)


class Transfer(SQLModel, table=True):
    """Points that moved, once per key, with their cause. Rows never change."""

    __tablename__ = "transfer"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("points > 0", name="points"),
        sa.CheckConstraint("debit_account_id <> credit_account_id", name="accounts"),
        one_of("kind", *TRANSFER_KINDS),
        sa.Index("ix_transfer_member", "member_id", "occurred_at", "id"),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    key: str = Field(max_length=120)
    kind: str = Field(max_length=16)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    debit_account_id: int = Field(foreign_key="ledger_account.id", sa_type=sa.BigInteger)
    credit_account_id: int = Field(foreign_key="ledger_account.id", sa_type=sa.BigInteger)
    points: int = Field(sa_type=WholeNumber)
    occurred_at: datetime = Field(sa_type=UtcInstant)
    recorded_at: datetime = Field(sa_type=UtcInstant)
    activity_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    award_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    reverses_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    actor: str | None = Field(default=None, max_length=120)
    trace: list[dict[str, Any]] | None = Field(default=None, sa_type=Json)


class Lot(SQLModel, table=True):
    """Points of one credit: from when they can be spent and until when.

    `expires_at` is exclusive; None means never. `remaining` counts reserved ones;
    `cause_id` is the activity or award that the points came from.
    """

    __tablename__ = "lot"
    __table_args__ = (
        sa.CheckConstraint(
            "0 <= reserved AND reserved <= remaining AND remaining <= amount AND amount > 0",
            name="bounds",
        ),
        sa.CheckConstraint("expires_at IS NULL OR available_at < expires_at", name="life"),
        sa.UniqueConstraint("transfer_id"),
        sa.Index("ix_lot_member", "member_id"),
        sa.Index(
            "ix_lot_expiring",
            "expires_at",
            sqlite_where=sa.text("remaining > 0"),
            postgresql_where=sa.text("remaining > 0"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    transfer_id: int = Field(foreign_key="transfer.id", sa_type=sa.BigInteger)
    cause_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    amount: int = Field(sa_type=WholeNumber)
    remaining: int = Field(sa_type=WholeNumber)
    reserved: int = Field(default=0, sa_type=WholeNumber)
    available_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class Allocation(SQLModel, table=True):
    """Which lot a debit drew from (points > 0) or a refund gave back to (points < 0)."""

    __tablename__ = "allocation"
    __table_args__ = (
        sa.CheckConstraint("points <> 0", name="points"),
        sa.Index("ix_allocation_lot", "lot_id"),
        {"sqlite_with_rowid": False},
    )

    transfer_id: int = Field(foreign_key="transfer.id", primary_key=True, sa_type=sa.BigInteger)
    lot_id: int = Field(foreign_key="lot.id", primary_key=True, sa_type=sa.BigInteger)
    points: int = Field(sa_type=WholeNumber)


class Hold(SQLModel, table=True):
    """Points promised to a till for a short while."""

    __tablename__ = "hold"
    __table_args__ = (
        sa.UniqueConstraint("key"),
        one_of("state", "open", "confirmed", "cancelled", "lapsed"),
        sa.CheckConstraint("points > 0", name="points"),
        sa.Index("ix_hold_member", "member_id", "state"),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    key: str = Field(max_length=120)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    points: int = Field(sa_type=WholeNumber)
    state: str = Field(max_length=12)
    basket_hash: str | None = Field(default=None, max_length=32)
    created_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)


class HoldLot(SQLModel, table=True):
    """Which lots a hold reserves."""

    __tablename__ = "hold_lot"
    __table_args__ = (
        sa.CheckConstraint("points > 0", name="points"),
        {"sqlite_with_rowid": False},
    )

    hold_id: int = Field(foreign_key="hold.id", primary_key=True, sa_type=sa.BigInteger)
    lot_id: int = Field(foreign_key="lot.id", primary_key=True, sa_type=sa.BigInteger)
    points: int = Field(sa_type=WholeNumber)


class LedgerSeal(SQLModel, table=True):
    """The nightly seal: a hash over the transfers since the seal before, and that seal.

    Ids grow with time, so the rows of a seal are those above the last `upto_id`.
    """

    __tablename__ = "ledger_seal"

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    transfers: int = Field(sa_type=WholeNumber)
    upto_id: int = Field(sa_type=sa.BigInteger, unique=True)
    digest: str = Field(max_length=64)
    sealed_at: datetime = Field(sa_type=UtcInstant)
