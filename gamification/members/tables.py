"""Rows of people: member, card, consent."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import UtcInstant, one_of, serial_key


class Member(SQLModel, table=True):
    """A participant. Contacts are stored normalised (E.164 phone, lower-case e-mail).

    Messages rest between the hours `quiet_from` and `quiet_to` of the member's zone.
    Whoever asked to be forgotten has `leaving_at` and `erase_at`; of the erased only
    the row itself stays, with `erased_at`, so that the books keep an owner. `city` is what
    people read, `city_key` what it is compared by; there are both or neither.
    """

    __tablename__ = "member"
    __table_args__ = (
        one_of("status", "active", "blocked", "erased"),
        one_of("origin", "import", "signup", "till", "staff"),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL)", name="quiet"),
        sa.CheckConstraint("(leaving_at IS NULL) = (erase_at IS NULL)", name="leaving"),
        sa.Index("ix_member_search", "search"),
        sa.Index("ix_member_city", "city_key", "city", "status", "leaving_at"),
        sa.Index(
            "ix_member_leaving",
            "erase_at",
            sqlite_where=sa.text("erase_at IS NOT NULL"),
            postgresql_where=sa.text("erase_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    public_id: str = Field(unique=True, max_length=36)
    external_id: str | None = Field(default=None, unique=True, max_length=120)
    name: str = Field(default="", max_length=200)
    phone: str | None = Field(default=None, unique=True, max_length=20)
    email: str | None = Field(default=None, unique=True, max_length=254)
    birthday: date | None = None
    birthday_told_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    city: str | None = Field(default=None, max_length=80)
    city_key: str | None = Field(default=None, max_length=240)
    locale: str = Field(default="ru", max_length=8)
    zone: str | None = Field(default=None, max_length=64)
    status: str = Field(default="active", max_length=12)
    origin: str = Field(max_length=12)
    joined_at: datetime = Field(sa_type=UtcInstant)
    search: str = Field(default="", max_length=400)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    year_seen_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    celebrated_upto: int = Field(
        default=0, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"}
    )
    invited: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    phone_confirmed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    email_confirmed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    zone_changed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    quiet_from: int | None = None
    quiet_to: int | None = None
    leaving_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    erase_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    erased_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class Card(SQLModel, table=True):
    """A number that a till reads. A member may hold several; old ones stay known."""

    __tablename__ = "card"
    __table_args__ = (one_of("state", "active", "blocked", "replaced"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    member_id: int = Field(foreign_key="member.id", index=True, sa_type=sa.BigInteger)
    number: str = Field(unique=True, max_length=64)
    state: str = Field(default="active", max_length=12)
    issued_at: datetime = Field(sa_type=UtcInstant)
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    replaced_by: int | None = Field(default=None, sa_type=sa.BigInteger)


class Prompt(SQLModel, table=True):
    """What a member was asked, so that it is not asked twice; or put off, so that it waits.

    `value` is what they chose, None where they passed over it.
    """

    __tablename__ = "prompt"
    __table_args__ = {"sqlite_with_rowid": False}

    member_id: int = Field(foreign_key="member.id", primary_key=True, sa_type=sa.BigInteger)
    code: str = Field(primary_key=True, max_length=20)
    answered_at: datetime = Field(sa_type=UtcInstant)
    value: str | None = Field(default=None, max_length=120)


class Consent(SQLModel, table=True):
    """One answer to one question, append-only: what was shown, when, said how."""

    __tablename__ = "consent"
    __table_args__ = (sa.Index("ix_consent_member_purpose", "member_id", "purpose", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    purpose: str = Field(max_length=40)
    given: bool
    at: datetime = Field(sa_type=UtcInstant)
    text_version: str = Field(max_length=60)
    channel: str = Field(max_length=20)
    actor: str = Field(max_length=120)


class Correction(SQLModel, table=True):
    """What somebody of the shop put right for a member, append-only, with the reason.

    Of contacts only masked ends are kept, of a city its words; of an act its row, which tells
    the rest.
    """

    __tablename__ = "correction"
    __table_args__ = (
        one_of("kind", "phone", "email", "city", "act"),
        sa.Index("ix_correction_member", "member_id", "at"),
    )

    id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    member_id: int = Field(foreign_key="member.id", sa_type=sa.BigInteger)
    at: datetime = Field(sa_type=UtcInstant)
    kind: str = Field(max_length=5)
    activity_id: int | None = Field(default=None, foreign_key="activity.id", sa_type=sa.BigInteger)
    before: str = Field(default="", max_length=120)
    after: str = Field(default="", max_length=120)
    reason: str = Field(max_length=200)
    actor: str = Field(max_length=120)
