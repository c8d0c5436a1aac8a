"""Who works here no more, and who does again."""

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.world import World
from webapp.accounts.actions import end_other_sessions
from webapp.accounts.queries import account_by_email
from webapp.accounts.refusals import LastOwner, UnknownAccount
from webapp.accounts.tables import Account, ResetToken


def close_staff(world: World, email: str) -> int:
    """Let somebody of the staff in no more, at once; answers how many browsers were signed out.

    Their name stays with what they decided.

    Raises:
        UnknownAccount: nobody of the staff has this e-mail.
        LastOwner: nobody would be left who may do everything.
    """
    account = _staff(world, email)
    if account.role == "owner" and not _other_owner(world, account):
        raise LastOwner(email=email)
    account.state = "closed"
    world.session.flush()
    assert account.id is not None, "it was read from the database"
    links = sa.update(ResetToken).where(
        col(ResetToken.account_id) == account.id, col(ResetToken.used_at).is_(None)
    )
    world.session.connection().execute(links.values(used_at=world.now))
    return end_other_sessions(world, account.id, None)


def open_staff(world: World, email: str) -> None:
    """Let somebody of the staff in again, by the password they had. Raises UnknownAccount."""
    _staff(world, email).state = "active"
    world.session.flush()


def _staff(world: World, email: str) -> Account:
    account = account_by_email(world, email)
    if account is None or account.role == "customer":
        raise UnknownAccount(email=email)
    return account


def _other_owner(world: World, account: Account) -> bool:
    others = select(Account.id).where(
        Account.role == "owner", Account.state == "active", col(Account.id) != account.id
    )
    return world.session.exec(others).first() is not None
