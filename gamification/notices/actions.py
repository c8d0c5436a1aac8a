"""Writes of the outbox: a message is written once, taken by one worker, closed by it."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from gamification.notices.queries import PARCEL_VALUES, Parcel, columns, open_now
from gamification.notices.retries import is_last, short_error, wait_after, without_secrets
from gamification.notices.tables import Notice, NoticeChoice
from gamification.store import Store
from gamification.world import World


def write_notice(
    world: World,
    *,
    kind: str,
    channel: str,
    payload: dict[str, Any],
    dedupe_key: str,
    member_id: int | None = None,
    recipient: str | None = None,
    purpose: str = "service",
    locale: str = "ru",
    due_at: datetime | None = None,
) -> int | None:
    """Put a message into the outbox, in the transaction of what it tells about.

    A second call with the same `dedupe_key` writes nothing and answers None.
    Without a `recipient` the member's address at sending time is used.

    Args:
        payload: values for the words, never sentences. `good_until` (an ISO instant)
            drops the message when it could only be sent later than that.
        due_at: not before this instant; now when absent.
    """
    assert member_id is not None or recipient, "a message needs somebody to go to"
    row = {
        "id": world.ids(),
        "member_id": member_id,
        "kind": kind,
        "channel": channel,
        "purpose": purpose,
        "recipient": recipient,
        "locale": locale,
        "payload": payload,
        "dedupe_key": dedupe_key,
        "created_at": world.now,
        "due_at": due_at or world.now,
    }
    return world.session.execute(_insert_once(world, row)).scalar()


def _insert_once(world: World, row: dict[str, Any]) -> sa.Executable:
    values = {"state": "open", "attempts": 0} | row
    table = Notice.__table__  # type: ignore[attr-defined]
    insert = postgresql.insert if _is_postgres(world) else sqlite.insert
    unless_there = insert(table).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return unless_there.values(values).returning(table.c.id)


def claim_due(world: World, limit: int, lease: timedelta) -> list[Parcel]:
    """Take up to `limit` due messages into one worker's hands, oldest first.

    No other worker gets them before the lease ends; then they are anybody's again.
    Being taken counts as an attempt, so a message that kills its worker is given up too.
    """
    due = (
        sa.select(*columns(*PARCEL_VALUES))
        .where(open_now(world.now))
        .order_by(col(Notice.due_at), col(Notice.id))
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has no such words and holds the lock already
    )
    until = world.now + lease
    taken = [Parcel(**row, leased_until=until) for row in world.session.execute(due).mappings()]
    _take(world, [parcel.id for parcel in taken], until)
    return [_counted(parcel) for parcel in taken if not _gave_up(world, parcel)]


def _take(world: World, ids: list[int], until: datetime) -> None:
    counted = col(Notice.attempts) + 1
    take = sa.update(Notice).where(col(Notice.id).in_(ids))
    _count(world, take.values(leased_until=until, attempts=counted))


def _counted(parcel: Parcel) -> Parcel:
    return replace(parcel, attempts=parcel.attempts + 1)


def _gave_up(world: World, parcel: Parcel) -> bool:
    """Close a message whose every worker vanished without an answer."""
    return is_last(parcel.attempts) and mark_failed(world, parcel, "no worker came back from it")


def mark_sent(
    world: World, parcel: Parcel, *, at: datetime | None = None, secrets: Collection[str] = ()
) -> bool:
    """The message went out. False when it had been closed before.

    Any lease will do: what was sent was sent, and must not go out once more.

    Args:
        at: the instant of the last look at the member's consent; now when absent.
        secrets: names of values to forget, such as a code or a link.
    """
    kept = without_secrets(parcel.payload, secrets)
    return _change(world, parcel, state="sent", sent_at=at or world.now, payload=kept)


def mark_dropped(
    world: World, parcel: Parcel, reason: str, *, secrets: Collection[str] = ()
) -> bool:
    """Nobody is to be told any more: no consent, no address, too late."""
    kept = without_secrets(parcel.payload, secrets)
    return _change(world, parcel, state="dropped", last_error=short_error(reason), payload=kept)


def mark_failed(
    world: World,
    parcel: Parcel,
    error: str,
    *,
    permanent: bool = False,
    secrets: Collection[str] = (),
) -> bool:
    """The message did not go out: try later, or give it up for good.

    False when somebody else holds it by now and this answer came too late.
    """
    reason = short_error(error)
    if permanent or is_last(parcel.attempts):
        kept = without_secrets(parcel.payload, secrets)
        return _change(world, parcel, fenced=True, state="failed", last_error=reason, payload=kept)
    again = world.now + wait_after(parcel.attempts)
    return _change(world, parcel, fenced=True, due_at=again, last_error=reason)


def put_back(world: World, parcel: Parcel) -> bool:
    """Give a message back untried, for a worker that is told to stop."""
    return _change(world, parcel, fenced=True, attempts=parcel.attempts - 1)


def mark_read(world: World, member_id: int, upto: int) -> int:
    """The member saw the inbox up to this message; answers how many were new."""
    seen = (
        sa.update(Notice)
        .where(
            col(Notice.member_id) == member_id,
            col(Notice.channel) == "inbox",
            col(Notice.id) <= upto,
            col(Notice.read_at).is_(None),
        )
        .values(read_at=world.now)
    )
    return _count(world, seen)


def forget_closed(world: World, before: datetime) -> int:
    """Delete what was sent, dropped or given up before this instant, but for the inbox.

    Answers how many rows went. The keys go with them, so `before` must lie well
    behind every cause that could be told a second time.
    """
    old = sa.delete(Notice).where(
        col(Notice.state).in_(("sent", "failed", "dropped")),
        col(Notice.channel) != "inbox",
        col(Notice.created_at) < before,
    )
    return _count(world, old)


def forget_recipient(world: World, address: str) -> int:
    """Delete what was written to an address that is nobody's any more; answers how many rows."""
    return _count(world, sa.delete(Notice).where(col(Notice.recipient) == address))


def put_off(world: World, parcel: Parcel, until: datetime) -> bool:
    """Keep a message for later without counting a try: its reader rests."""
    return _change(world, parcel, fenced=True, due_at=until, attempts=parcel.attempts - 1)


def keep_choice(world: World, member_id: int, *, kind: str, channel: str, wanted: bool) -> None:
    """Remember whether somebody wants such messages by this channel."""
    table = NoticeChoice.__table__  # type: ignore[attr-defined]
    insert = postgresql.insert if _is_postgres(world) else sqlite.insert
    row = {"member_id": member_id, "kind": kind, "channel": channel}
    values = {"wanted": wanted, "changed_at": world.now}
    world.session.execute(
        insert(table)
        .values(row | values)
        .on_conflict_do_update(index_elements=list(row), set_=values)
    )


def _change(world: World, parcel: Parcel, *, fenced: bool = False, **values: Any) -> bool:
    mine = [col(Notice.id) == parcel.id, col(Notice.state) == "open"]
    if fenced:
        mine.append(col(Notice.leased_until) == parcel.leased_until)
    change = sa.update(Notice).where(*mine).values(leased_until=None, **values)
    return _count(world, change) == 1


def _count(world: World, statement: sa.Update | sa.Delete) -> int:
    options = {"synchronize_session": False}
    result = world.session.connection().execute(statement, execution_options=options)
    return result.rowcount


def _is_postgres(world: World) -> bool:
    return world.session.get_bind().dialect.name == "postgresql"


def unsay_medal(store: Store, award_id: int, times: int, *, written: int) -> None:
    """Take back the news of a medal that went before anybody could be told.

    Args:
        written: the instant, in microseconds, of the transaction that wrote it; older
            news stand.
    """
    store.run(
        "DELETE FROM notice WHERE dedupe_key = ? AND created_at = ? AND read_at IS NULL",
        f"award:{award_id}:{times}",
        written,
    )
