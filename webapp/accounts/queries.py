"""Reads of the entrance: whose account, whose session, which code."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from gamification.columns import from_micros, to_micros
from gamification.store import Store
from gamification.world import World
from webapp.accounts.rules import SESSION_IDLE, secret_hash
from webapp.accounts.tables import (
    Account,
    ActivationCode,
    BrowserSession,
    ResetToken,
    SigninCode,
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in with this browser. `key` names the session, `since` is its start.

    `unread` counts messages of a member's inbox, a hundred at most; `erase_at` is when a
    member who asked to be forgotten will be, in microseconds; `in_challenges` whether there
    is a challenge that they may see by an entry of their own.
    """

    account_id: int
    member_id: int | None
    role: str
    name: str
    email: str | None
    locale: str | None
    theme: str
    motion: str
    sound: bool
    shortcuts: bool
    has_password: bool
    unread: int
    session_id: int
    key: str
    erase_at: int | None
    in_challenges: bool
    since: datetime
    seen_at: datetime
    secret: str = field(repr=False)

    # What Flask-Login asks of a user.
    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """What Flask-Login puts into the cookie, to find this session again."""
        return self.secret

    @property
    def is_staff(self) -> bool:
        return self.role != "customer"


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One browser in the list of places where somebody is signed in."""

    key: str
    device: str
    place: str
    seen_at: datetime
    current: bool


VISITOR = """
SELECT a.id, a.member_id, a.role, a.name, a.email, a.locale, a.theme,
       a.motion, a.sound, a.shortcuts,
       CASE WHEN a.password_hash IS NULL THEN 0 ELSE 1 END,
       (SELECT COUNT(*) FROM (SELECT 1 FROM notice n WHERE n.member_id = a.member_id
        AND n.channel = 'inbox' AND n.read_at IS NULL AND n.state <> 'dropped'
        AND n.due_at <= ? LIMIT 100) few),
       s.id, s.key, m.erase_at,
       CASE WHEN EXISTS (SELECT 1 FROM challenge_entry e WHERE e.member_id = a.member_id
       AND e.arm = 'treatment' AND e.state <> 'outside') THEN 1 ELSE 0 END,
       s.created_at, s.seen_at
FROM browser_session s JOIN account a ON a.id = s.account_id
LEFT JOIN member m ON m.id = a.member_id
WHERE s.secret_hash = ? AND s.ended_at IS NULL AND s.expires_at > ? AND a.state = 'active'
"""
"""Asked with every request of somebody signed in, so by the driver itself."""


def visitor_of(world: World, secret: str) -> Visitor | None:
    """Whoever holds this session secret, unless the session ended, ran out or slept too long."""
    store = Store(world.connection)
    now = to_micros(world.now)
    row = store.first(VISITOR, now, secret_hash(secret), now)
    if row is None:
        return None
    since, seen_at = from_micros(row[16]), from_micros(row[17])
    if world.now - seen_at > SESSION_IDLE[kind_of(row[2])]:
        return None
    names = [each.name for each in fields(Visitor)]
    return Visitor(**dict(zip(names, (*row[:16], since, seen_at, secret), strict=True)))


def kind_of(role: str) -> str:
    """Whether a session lives as long as a customer's or as one of the staff's."""
    return "customer" if role == "customer" else "staff"


def sessions_of(world: World, account_id: int, current: int) -> list[SessionLine]:
    """Where somebody is signed in, this browser first, then the latest used."""
    role = world.session.exec(select(Account.role).where(Account.id == account_id)).one()
    rows = world.session.exec(
        select(BrowserSession)
        .where(*alive(account_id, world.now, SESSION_IDLE[kind_of(role)]))
        .order_by(col(BrowserSession.seen_at).desc(), col(BrowserSession.id).desc())
    ).all()
    lines = [SessionLine(r.key, r.device, r.address, r.seen_at, r.id == current) for r in rows]
    return sorted(lines, key=lambda line: not line.current)


def alive(account_id: int, now: datetime, idle: timedelta) -> list[sa.ColumnElement[bool]]:
    """The conditions of a session that still opens the door."""
    return [
        col(BrowserSession.account_id) == account_id,
        col(BrowserSession.ended_at).is_(None),
        col(BrowserSession.expires_at) > now,
        col(BrowserSession.seen_at) >= now - idle,
    ]


def account_by_email(world: World, email: str) -> Account | None:
    """One of the staff by e-mail."""
    return world.session.exec(select(Account).where(Account.email == email)).first()


def account_of_member(world: World, member_id: int) -> Account | None:
    return world.session.exec(select(Account).where(Account.member_id == member_id)).first()


def staff_names(world: World, ids: Collection[int]) -> dict[int, str]:
    """What the people behind these accounts are called, or else their e-mail."""
    rows = world.session.execute(
        sa.select(col(Account.id), col(Account.name), col(Account.email)).where(
            col(Account.id).in_(ids)
        )
    )
    return {key: name or email or "" for key, name, email in rows}


def has_owner(world: World) -> bool:
    """Whether anybody owns this installation who can sign in."""
    owner = select(Account.id).where(Account.role == "owner", Account.state == "active")
    return (
        world.session.exec(owner.where(col(Account.password_hash).is_not(None))).first() is not None
    )


def code_by_ticket(world: World, ticket: str) -> SigninCode | None:
    """The one-time code that this browser asked for."""
    return world.session.exec(_asked_with(ticket)).first()


def held_code(world: World, ticket: str) -> SigninCode | None:
    """As `code_by_ticket`, held until the transaction ends: nobody else tries it meanwhile."""
    return world.session.exec(_asked_with(ticket).with_for_update()).first()


def _asked_with(ticket: str) -> SelectOfScalar[SigninCode]:
    return select(SigninCode).where(SigninCode.ticket_hash == secret_hash(ticket))


def open_activation(world: World, code_hash: str) -> ActivationCode | None:
    """A printed code that still works."""
    return world.session.exec(
        select(ActivationCode).where(
            ActivationCode.code_hash == code_hash, *working_slip(world.now)
        )
    ).first()


def working_slip(now: datetime) -> list[sa.ColumnElement[bool]]:
    """The conditions of a printed code that still works: of one member's only the newest does.

    The newest is told by its number when it is typed, so that two cashiers who print at
    once leave one code that works, whatever each of them could see.
    """
    other = aliased(ActivationCode)
    newer = sa.exists().where(
        col(other.member_id) == col(ActivationCode.member_id),
        col(other.id) > col(ActivationCode.id),
    )
    return [
        col(ActivationCode.used_at).is_(None),
        col(ActivationCode.expires_at) > now,
        ~newer,
    ]


def open_link(world: World, secret: str, purpose: str) -> ResetToken | None:
    """A link to set a password that still works."""
    return world.session.exec(_working_link(world, secret, purpose)).first()


def held_link(world: World, secret: str, purpose: str) -> ResetToken | None:
    """As `open_link`, held until the transaction ends: it works for one of two at once."""
    return world.session.exec(_working_link(world, secret, purpose).with_for_update()).first()


def _working_link(world: World, secret: str, purpose: str) -> SelectOfScalar[ResetToken]:
    return select(ResetToken).where(
        ResetToken.secret_hash == secret_hash(secret),
        ResetToken.purpose == purpose,
        col(ResetToken.used_at).is_(None),
        col(ResetToken.expires_at) > world.now,
    )
