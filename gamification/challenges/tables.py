"""Rows of challenges, their words, and of who takes part."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, WholeNumber, one_of, serial_key

STATES = ("draft", "scheduled", "live", "paused", "ending", "ended", "archived", "cancelled")
ENTRY_STATES = ("joined", "completed", "rewarded", "missed", "left", "outside", "cancelled")
PRIZES = ("paid", "waiting", "budget", "cap", "place", "control", "gone", "returned", "cancelled")


class Challenge(SQLModel, table=True):
    """A challenge as it stands. `terms` is its `ChallengeTerms` as JSON: goal, ladder, audience.

    `revision` grows with every saved change of a draft, `version` with every change of terms
    after the launch; those who joined keep the version they joined under. `spent` are points
    promised and not taken back; `closed_upto` is the last entry that the closing has passed.
    """

    __tablename__ = "challenge"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        one_of("state", *STATES),
        sa.CheckConstraint("budget IS NULL OR budget > 0", name="budget"),
        sa.CheckConstraint("spent >= 0", name="spent"),
        sa.CheckConstraint("starts_at IS NULL OR ends_at > starts_at", name="span"),
        sa.Index("ix_challenge_state", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    code: str = Field(max_length=60)
    template: str = Field(max_length=24)
    state: str = Field(default="draft", max_length=10)
    terms: dict[str, Any] = Field(sa_type=Json)
    starts_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    ends_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    budget: int | None = Field(default=None, sa_type=WholeNumber)
    spent: int = Field(default=0, sa_type=WholeNumber)
    version: int = Field(default=0)
    revision: int = Field(default=1)
    medal_id: int | None = Field(default=None, foreign_key="achievement.id", sa_type=sa.BigInteger)
    created_at: datetime = Field(sa_type=UtcInstant)
    created_by: str = Field(default="", max_length=120)
    launched_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    paused_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    ended_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    archive_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    closed_upto: int = Field(default=0, sa_type=sa.BigInteger)


class ChallengeText(SQLModel, table=True):
    """A challenge's words in one language: its name, one sentence, and what a message says."""

    __tablename__ = "challenge_text"
    __table_args__ = ({"sqlite_with_rowid": False},)

    challenge_id: int = Field(foreign_key="challenge.id", primary_key=True, sa_type=sa.BigInteger)
    locale: str = Field(primary_key=True, max_length=8)
    name: str = Field(max_length=80)
    about: str = Field(default="", max_length=300)
    invitation: str = Field(default="", max_length=500)


class ChallengeVersion(SQLModel, table=True):
    """Terms as they were at a revision of a draft or a version after the launch; append-only."""

    __tablename__ = "challenge_version"
    __table_args__ = ({"sqlite_with_rowid": False},)

    challenge_id: int = Field(foreign_key="challenge.id", primary_key=True, sa_type=sa.BigInteger)
    revision: int = Field(primary_key=True)
    version: int = Field(default=0)
    content: dict[str, Any] = Field(sa_type=Json)
    at: datetime = Field(sa_type=UtcInstant)
    actor: str = Field(default="", max_length=120)


class ChallengeLog(SQLModel, table=True):
    """Each step of a challenge's life: who, when, from which state to which, and why."""

    __tablename__ = "challenge_log"
    __table_args__ = (sa.Index("ix_challenge_log_challenge", "challenge_id"),)

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    challenge_id: int = Field(foreign_key="challenge.id", sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=UtcInstant)
    actor: str = Field(default="", max_length=120)
    what: str = Field(max_length=16)
    from_state: str | None = Field(default=None, max_length=10)
    to_state: str | None = Field(default=None, max_length=10)
    reason: str = Field(default="", max_length=200)


class ChallengePost(SQLModel, table=True):
    """How far the clock has come with a message of a challenge: the last member it looked at.

    `message` is the invitation, or a reminder with its days, period and end.
    """

    __tablename__ = "challenge_post"
    __table_args__ = ({"sqlite_with_rowid": False},)

    challenge_id: int = Field(foreign_key="challenge.id", primary_key=True, sa_type=sa.BigInteger)
    message: str = Field(primary_key=True, max_length=40)
    upto: int = Field(default=0, sa_type=sa.BigInteger)
    done_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class ChallengeEntry(SQLModel, table=True):
    """One member in one challenge and period. What counts is recomputed from what they did.

    `score` is what the goal measures now, `steps` the value of each step, `rung` how many
    rungs of the ladder are reached and `paid` how many are paid. `reached` has, for each rung,
    the instant, the activity that reached it and when that was told; paid ones that went back
    stay there until the clock takes them. Entries of the control arm are counted and see
    nothing. `due_at` asks the clock to pay, or to take back.
    """

    __tablename__ = "challenge_entry"
    __table_args__ = (
        sa.UniqueConstraint("challenge_id", "member_id", "period"),
        one_of("arm", "treatment", "control"),
        one_of("state", *ENTRY_STATES),
        sa.CheckConstraint(
            "prize IS NULL OR prize IN ('" + "', '".join(PRIZES) + "')", name="prize"
        ),
        sa.CheckConstraint("points >= 0 AND paid >= 0 AND rung >= 0", name="amounts"),
        sa.Index("ix_challenge_entry_member", "member_id", "state"),
        sa.Index("ix_challenge_entry_order", "challenge_id", "state", "completed_at"),
        sa.Index(
            "ix_challenge_entry_due",
            "due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    challenge_id: int = Field(foreign_key="challenge.id", sa_type=sa.BigInteger)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    period: str = Field(default="", max_length=16)
    version: int = Field(default=1)
    arm: str = Field(max_length=9)
    state: str = Field(max_length=10)
    starts_at: datetime = Field(sa_type=UtcInstant)
    ends_at: datetime = Field(sa_type=UtcInstant)
    joined_at: datetime = Field(sa_type=UtcInstant)
    score: int = Field(default=0, sa_type=WholeNumber)
    steps: list[int] = Field(default_factory=list, sa_type=Json)
    rung: int = Field(default=0)
    reached: list[list[int]] = Field(default_factory=list, sa_type=Json)
    completed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    completed_by: int | None = Field(default=None, sa_type=sa.BigInteger)
    place: int | None = None
    prize: str | None = Field(default=None, max_length=9)
    paid: int = Field(default=0)
    points: int = Field(default=0, sa_type=WholeNumber)
    times: int = Field(default=0)
    due_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    seen_at: datetime | None = Field(default=None, sa_type=UtcInstant)
