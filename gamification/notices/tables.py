"""Rows of the outbox: what is to be told, to whom, and whether it was."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, one_of


class Notice(SQLModel, table=True):
    """One message of one kind, delivered at least once and told once per key.

    `payload` holds values, never sentences; `recipient` is empty for the
    inbox. A lease that ran out gives the row back to the next worker.
    """

    __tablename__ = "notice"
    __table_args__ = (
        one_of("state", "open", "sent", "failed", "dropped"),
        one_of("channel", "inbox", "email", "sms"),
        sa.UniqueConstraint("dedupe_key"),
        sa.Index(
            "ix_notice_open",
            "due_at",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index("ix_notice_member", "member_id", "id"),
        sa.Index(
            "ix_notice_unread",
            "member_id",
            sqlite_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
            postgresql_where=sa.text("channel = 'inbox' AND read_at IS NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    member_id: int | None = Field(default=None, foreign_key="member.id", sa_type=sa.BigInteger)
    kind: str = Field(max_length=40)
    channel: str = Field(max_length=8)
    purpose: str = Field(default="service", max_length=20)
    recipient: str | None = Field(default=None, max_length=254)
    locale: str = Field(default="ru", max_length=8)
    payload: dict[str, Any] = Field(sa_type=Json)
    dedupe_key: str = Field(max_length=160)
    state: str = Field(default="open", max_length=8)
    attempts: int = Field(default=0)
    created_at: datetime = Field(sa_type=UtcInstant)
    due_at: datetime = Field(sa_type=UtcInstant)
    leased_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    sent_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    read_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    last_error: str | None = Field(default=None, max_length=300)


class NoticeChoice(SQLModel, table=True):
    """Whether a member wants messages of one kind by one channel; without a row, as usual."""

    __tablename__ = "notice_choice"
    __table_args__ = (one_of("channel", "email", "sms"), {"sqlite_with_rowid": False})

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    kind: str = Field(primary_key=True, max_length=40)
    channel: str = Field(primary_key=True, max_length=8)
    wanted: bool
    changed_at: datetime = Field(sa_type=UtcInstant)


class MessageText(SQLModel, table=True):
    """What the shop says instead of the shipped words, of one kind in one language."""

    __tablename__ = "message_text"
    __table_args__ = ({"sqlite_with_rowid": False},)

    kind: str = Field(primary_key=True, max_length=40)
    locale: str = Field(primary_key=True, max_length=8)
    subject: str = Field(max_length=120)
    text: str = Field(max_length=1000)


class MessageLog(SQLModel, table=True):
    """Every change of a message's words, append-only; without words the shipped ones came back."""

    __tablename__ = "message_log"
    __table_args__ = (sa.Index("ix_message_log_kind", "kind"),)

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    kind: str = Field(max_length=40)
    locale: str = Field(max_length=8)
    at: datetime = Field(sa_type=UtcInstant)
    actor: str = Field(default="", max_length=120)
    subject: str | None = Field(default=None, max_length=120)
    text: str | None = Field(default=None, max_length=1000)
