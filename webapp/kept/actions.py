"""Reads and writes of kept forms: one at most per person, for half an hour."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.world import World
from webapp.accounts.rules import new_secret, secret_hash
from webapp.accounts.tables import BrowserSession, KeptForm
from webapp.kept.rules import KEPT_FOR, Fields


class Kept(NamedTuple):
    """A form that waits: whose view took it, where it was sent, and what was typed."""

    endpoint: str
    action: str
    fields: Fields


def whose_session(world: World, secret: str) -> int | None:
    """The account that a session was opened for, also when it has ended since."""
    query = select(BrowserSession.account_id).where(
        BrowserSession.secret_hash == secret_hash(secret)
    )
    return world.session.exec(query).first()


def keep(world: World, account_id: int, kept: Kept) -> str:
    """Keep a form in place of the one before; answers the key that opens it."""
    key = new_secret()
    forget_kept(world, account_id)
    world.session.add(
        KeptForm(
            account_id=account_id,
            secret_hash=secret_hash(key),
            endpoint=kept.endpoint,
            action=kept.action,
            fields={name: list(texts) for name, texts in kept.fields.items()},
            kept_at=world.now,
            expires_at=world.now + KEPT_FOR,
        )
    )
    world.session.flush()
    return key


def kept_for(world: World, account_id: int, key: str) -> Kept | None:
    """What this person may have back by this key; None for anybody else, and when it is old."""
    row = world.session.exec(
        select(KeptForm).where(
            KeptForm.account_id == account_id,
            KeptForm.secret_hash == secret_hash(key),
            col(KeptForm.expires_at) > world.now,
        )
    ).first()
    return None if row is None else Kept(row.endpoint, row.action, row.fields)


def forget_kept(world: World, account_id: int, key: str | None = None) -> None:
    """Forget a person's form: it was sent, or another one takes its place."""
    gone = sa.delete(KeptForm).where(col(KeptForm.account_id) == account_id)
    if key is not None:
        gone = gone.where(col(KeptForm.secret_hash) == secret_hash(key))
    world.session.connection().execute(gone)
