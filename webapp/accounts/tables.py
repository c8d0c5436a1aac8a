"""Rows of the entrance: account, session, codes, links, throttle."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from gamification.columns import Json, UtcInstant, one_of, serial_key


class Account(SQLModel, table=True):
    """Somebody who can sign in: a member (by their own contacts) or one of the staff."""

    __tablename__ = "account"
    __table_args__ = (
        one_of("role", "customer", "cashier", "marketer", "owner"),
        one_of("state", "active", "closed"),
        one_of("theme", "system", "light", "dark"),
        one_of("motion", "system", "less"),
        sa.CheckConstraint("(role = 'customer') = (member_id IS NOT NULL)", name="member"),
        sa.CheckConstraint("role = 'customer' OR email IS NOT NULL", name="contact"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    role: str = Field(max_length=12)
    member_id: int | None = Field(
        default=None, unique=True, foreign_key="member.id", sa_type=sa.BigInteger
    )
    email: str | None = Field(default=None, unique=True, max_length=254)
    name: str = Field(default="", max_length=200)
    password_hash: str | None = Field(default=None, max_length=200)
    password_set_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    state: str = Field(default="active", max_length=8)
    locale: str | None = Field(default=None, max_length=8)
    theme: str = Field(default="system", max_length=8)
    motion: str = Field(default="system", max_length=8)
    sound: bool = Field(default=False)
    shortcuts: bool = Field(default=True, sa_column_kwargs={"server_default": sa.true()})
    created_at: datetime = Field(sa_type=UtcInstant)


class BrowserSession(SQLModel, table=True):
    """One browser that is signed in. Only a hash of its secret is kept."""

    __tablename__ = "browser_session"

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    account_id: int = Field(foreign_key="account.id", index=True, sa_type=sa.BigInteger)
    secret_hash: str = Field(unique=True, max_length=64)
    key: str = Field(unique=True, max_length=32)
    device: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=45)
    created_at: datetime = Field(sa_type=UtcInstant)
    seen_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)
    ended_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class SigninCode(SQLModel, table=True):
    """A six-digit code on its way to a phone or an e-mail, tied to the browser that asked.

    `proved_at`: the code was typed. `used_at`: what it was asked for has happened.
    """

    __tablename__ = "signin_code"
    __table_args__ = (
        one_of("kind", "phone", "email"),
        sa.Index("ix_signin_code_contact", "contact", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    ticket_hash: str = Field(unique=True, max_length=64)
    kind: str = Field(max_length=8)
    contact: str = Field(max_length=254)
    code_hash: str = Field(max_length=64)
    activation_id: int | None = Field(
        default=None, foreign_key="activation_code.id", sa_type=sa.BigInteger
    )
    tries: int = Field(default=0)
    created_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)
    proved_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class ActivationCode(SQLModel, table=True):
    """A code on a slip that a cashier printed, so that a member can claim a history."""

    __tablename__ = "activation_code"

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    member_id: int = Field(foreign_key="member.id", index=True, sa_type=sa.BigInteger)
    code_hash: str = Field(unique=True, max_length=64)
    printed_by: int = Field(foreign_key="account.id", sa_type=sa.BigInteger)
    created_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class ResetToken(SQLModel, table=True):
    """A link that lets one of the staff set a password, once.

    Without an account: somebody asked for an address that nobody has here.
    """

    __tablename__ = "reset_token"
    __table_args__ = (one_of("purpose", "recover", "begin"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=serial_key())
    account_id: int | None = Field(
        default=None, foreign_key="account.id", index=True, sa_type=sa.BigInteger
    )
    purpose: str = Field(max_length=8)
    secret_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class Throttle(SQLModel, table=True):
    """How often something happened within one window of time."""

    __tablename__ = "throttle"

    what: str = Field(primary_key=True, max_length=100)
    begins_at: datetime = Field(primary_key=True, sa_type=UtcInstant)
    hits: int = Field(default=0)


class KeptForm(SQLModel, table=True):
    """What somebody typed into a form and sent when their session had ended: the last one.

    `secret_hash` is that of the key that travels to the sign-in and back.
    """

    __tablename__ = "kept_form"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account_id: int = Field(foreign_key="account.id", primary_key=True, sa_type=sa.BigInteger)
    secret_hash: str = Field(max_length=64)
    endpoint: str = Field(max_length=80)
    action: str = Field(max_length=400)
    fields: dict[str, Any] = Field(sa_type=Json)
    kept_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)
