"""Writes of the entrance: accounts and sessions."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from gamification.world import World
from webapp.accounts.passwords import hash_password
from webapp.accounts.queries import account_by_email, account_of_member, kind_of
from webapp.accounts.refusals import AccountExists, WeakPassword
from webapp.accounts.rules import (
    SESSION_LIFE,
    STAFF_ROLES,
    masked_address,
    new_secret,
    password_fault,
    secret_hash,
)
from webapp.accounts.tables import (
    Account,
    ActivationCode,
    BrowserSession,
    KeptForm,
    SigninCode,
)

SEEN_EVERY = timedelta(minutes=10)


def add_staff(
    world: World, *, role: str, email: str, name: str = "", password_hash: str | None = None
) -> Account:
    """An account for somebody who works in the shop.

    Raises:
        AccountExists: the e-mail belongs to an account already.
    """
    assert role in STAFF_ROLES, "customers come in by their own door"
    account = Account(
        role=role, email=email, name=name, password_hash=password_hash, created_at=world.now,
        password_set_at=world.now if password_hash else None,
    )  # fmt: skip
    try:
        with world.session.begin_nested():
            world.session.add(account)
            world.session.flush()
    except IntegrityError as error:
        if account_by_email(world, email) is None:
            raise
        raise AccountExists(email=email) from error
    return account


def ensure_member_account(world: World, member_id: int, *, locale: str) -> Account:
    """The account of a member, opened at the first sign-in."""
    if (account := account_of_member(world, member_id)) is not None:
        return account
    account = Account(role="customer", member_id=member_id, locale=locale, created_at=world.now)
    world.session.add(account)
    world.session.flush()
    return account


def start_session(world: World, account: Account, *, agent: str, address: str) -> str:
    """A new session for this browser; answers its secret, of which only a hash is kept."""
    secret = new_secret()
    assert account.id is not None, "a stored account has its id"
    world.session.add(
        BrowserSession(
            account_id=account.id,
            secret_hash=secret_hash(secret),
            key=new_secret()[:22],
            device=agent[:120],
            address=masked_address(address),
            created_at=world.now,
            seen_at=world.now,
            expires_at=world.now + SESSION_LIFE[kind_of(account.role)],
        )
    )
    world.session.flush()
    return secret


def touch_sessions(world: World, seen: Mapping[int, datetime]) -> None:
    """Note when sessions, by their ids, were last in use; an older note changes nothing."""
    at = sa.bindparam("at", type_=BrowserSession.__table__.c.seen_at.type)  # type: ignore[attr-defined]
    later = sa.update(BrowserSession).where(
        col(BrowserSession.id) == sa.bindparam("session"), col(BrowserSession.seen_at) < at
    )
    rows = [{"session": session_id, "at": then} for session_id, then in sorted(seen.items())]
    world.session.connection().execute(later.values(seen_at=at), rows)


def end_session(world: World, account_id: int, key: str) -> bool:
    """Sign one of somebody's browsers out; False when it was not theirs or had ended."""
    one = _open_sessions(account_id).where(col(BrowserSession.key) == key)
    return world.session.connection().execute(one.values(ended_at=world.now)).rowcount == 1


def end_other_sessions(world: World, account_id: int, keep: int | None) -> int:
    """Sign all of somebody's browsers out but one; answers how many."""
    others = _open_sessions(account_id)
    if keep is not None:
        others = others.where(col(BrowserSession.id) != keep)
    return int(world.session.connection().execute(others.values(ended_at=world.now)).rowcount)


def _open_sessions(account_id: int) -> sa.Update:
    return sa.update(BrowserSession).where(
        col(BrowserSession.account_id) == account_id, col(BrowserSession.ended_at).is_(None)
    )


def checked_hash(password: str, *, known: tuple[str, ...] = ()) -> str:
    """The hash of a new password, to be made before a transaction begins.

    Raises:
        WeakPassword: it is too short, too long or too well known.
        Busy: too many are being hashed.
    """
    if fault := password_fault(password, known=known):
        raise WeakPassword(why=fault)
    return hash_password(password)


def set_password(world: World, account_id: int, password_hash: str, *, keep: int | None) -> None:
    """Set the password and sign every other browser out."""
    account = world.session.get_one(Account, account_id)
    account.password_hash = password_hash
    account.password_set_at = world.now
    end_other_sessions(world, account_id, keep)
    world.session.flush()


def remove_password(world: World, account_id: int) -> None:
    """Sign in by code alone from now on."""
    account = world.session.get_one(Account, account_id)
    account.password_hash, account.password_set_at = None, world.now
    world.session.flush()


def set_preferences(
    world: World,
    account_id: int,
    *,
    locale: str | None = None,
    theme: str | None = None,
    motion: str | None = None,
    sound: bool | None = None,
    shortcuts: bool | None = None,
) -> None:
    """Remember somebody's language, how pages look, move and sound, whether keys do something."""
    account = world.session.get_one(Account, account_id)
    account.locale = locale or account.locale
    account.theme = theme or account.theme
    account.motion = motion or account.motion
    account.sound = account.sound if sound is None else sound
    account.shortcuts = account.shortcuts if shortcuts is None else shortcuts
    world.session.flush()


def forget_contact(world: World, contact: str) -> None:
    """Delete the codes that were sent to an address that is nobody's any more."""
    codes = sa.delete(SigninCode).where(col(SigninCode.contact) == contact)
    world.session.connection().execute(codes)


def forget_member(world: World, member_id: int, contacts: Collection[str]) -> None:
    """Delete an erased member's account, browsers, slips and codes."""
    connection = world.session.connection()
    mine = sa.select(col(Account.id)).where(col(Account.member_id) == member_id)
    slips = sa.select(col(ActivationCode.id)).where(col(ActivationCode.member_id) == member_id)
    codes = sa.or_(col(SigninCode.contact).in_(contacts), col(SigninCode.activation_id).in_(slips))
    for gone in (
        sa.delete(SigninCode).where(codes),
        sa.delete(ActivationCode).where(col(ActivationCode.member_id) == member_id),
        sa.delete(BrowserSession).where(col(BrowserSession.account_id).in_(mine)),
        sa.delete(KeptForm).where(col(KeptForm.account_id).in_(mine)),
        sa.delete(Account).where(col(Account.member_id) == member_id),
    ):
        connection.execute(gone)


def forget_old(world: World) -> int:
    """Delete codes, sessions and forms that nobody can use any more; answers how many rows went.

    A session that has run out is known for a day: a form that comes late waits for its sender.
    """
    codes = sa.delete(SigninCode).where(col(SigninCode.created_at) < world.now - timedelta(days=30))
    gone = sa.delete(BrowserSession).where(
        sa.or_(
            col(BrowserSession.expires_at) < world.now - timedelta(days=1),
            col(BrowserSession.ended_at) < world.now - timedelta(days=30),
        )
    )
    forms = sa.delete(KeptForm).where(col(KeptForm.expires_at) < world.now)
    connection = world.session.connection()
    return sum(int(connection.execute(each).rowcount) for each in (codes, gone, forms))
