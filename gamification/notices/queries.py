"""Reads of the outbox: what waits, what a member was told, what failed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from gamification.members.tables import Consent, Member
from gamification.notices.tables import Notice
from gamification.world import World

CONTACT_CHANNELS = {"phone": "sms", "email": "email"}
"""Which channel reaches a contact."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in a worker's hands until `leased_until`.

    The lease is also its proof: who answers with an older one is too late.
    """

    id: int
    kind: str
    channel: str
    purpose: str
    locale: str
    member_id: int | None
    recipient: str | None
    payload: dict[str, Any]
    attempts: int
    leased_until: datetime


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One message as its member's inbox shows it; `payload` holds values, not words."""

    id: int
    kind: str
    payload: dict[str, Any]
    at: datetime
    read_at: datetime | None


PARCEL_VALUES = tuple(name for name in Parcel.__dataclass_fields__ if name != "leased_until")


def columns(*names: str) -> list[sa.Column[Any]]:
    """Columns of the outbox by name."""
    return [SQLModel.metadata.tables["notice"].c[name] for name in names]


def open_now(now: datetime) -> sa.ColumnElement[bool]:
    """Open, due, and in nobody's hands."""
    free = sa.or_(col(Notice.leased_until).is_(None), col(Notice.leased_until) <= now)
    return sa.and_(col(Notice.state) == "open", col(Notice.due_at) <= now, free)


def is_any_due(world: World) -> bool:
    """Whether a worker would find something, without taking any lock."""
    return (
        world.session.exec(select(Notice.id).where(open_now(world.now)).limit(1)).first()
        is not None
    )


def address_of(world: World, parcel: Parcel) -> str | None:
    """Where the message goes: the address written on it, else what the member has now."""
    if parcel.recipient or parcel.member_id is None or parcel.channel == "inbox":
        return parcel.recipient
    where = {"email": Member.email, "sms": Member.phone}[parcel.channel]
    reachable = select(where).where(Member.id == parcel.member_id, Member.status != "erased")
    return world.session.exec(reachable).first()


def is_welcome(world: World, parcel: Parcel) -> bool:
    """Service messages always; any other purpose needs the member's latest yes to it."""
    if parcel.purpose == "service":
        return True
    latest = (
        select(Consent.given)
        .where(Consent.member_id == parcel.member_id, Consent.purpose == parcel.purpose)
        .order_by(col(Consent.at).desc(), col(Consent.id).desc())
        .limit(1)
    )
    return bool(world.session.exec(latest).first())


def inbox(
    world: World, member_id: int, *, limit: int = 50, before: int | None = None
) -> list[InboxItem]:
    """What a member was told in the cabinet, newest first; `before` pages on by id."""
    query = _inbox_of(world, member_id).order_by(col(Notice.id).desc()).limit(limit)
    if before is not None:
        query = query.where(col(Notice.id) < before)
    wanted = columns("id", "kind", "payload", "due_at", "read_at")
    return [InboxItem(*row) for row in world.session.execute(query.with_only_columns(*wanted))]


def unread_count(world: World, member_id: int) -> int:
    """How many messages of the inbox the member has not seen."""
    unread = _inbox_of(world, member_id).where(col(Notice.read_at).is_(None))
    return world.session.scalar(unread.with_only_columns(sa.func.count())) or 0


def _inbox_of(world: World, member_id: int) -> sa.Select[Any]:
    return sa.select(Notice).where(
        col(Notice.member_id) == member_id,
        col(Notice.channel) == "inbox",
        col(Notice.state) != "dropped",
        col(Notice.due_at) <= world.now,
    )


def outbox(world: World, *, state: str | None = None, limit: int = 200) -> list[Notice]:
    """The latest rows of the outbox, oldest of them first."""
    query = select(Notice).order_by(col(Notice.id).desc()).limit(limit)
    if state is not None:
        query = query.where(col(Notice.state) == state)
    return list(reversed(world.session.exec(query).all()))


def counts_by_state(world: World) -> dict[str, int]:
    """How many messages are open, sent, failed and dropped."""
    rows = world.session.exec(select(Notice.state, sa.func.count()).group_by(Notice.state)).all()
    return dict(rows)


def oldest_open(world: World) -> datetime | None:
    """When the message that waits longest fell due, for the audit and the doctor."""
    return world.session.exec(
        select(Notice.due_at)
        .where(col(Notice.state) == "open", col(Notice.due_at) <= world.now)
        .order_by(col(Notice.due_at))
        .limit(1)
    ).first()
