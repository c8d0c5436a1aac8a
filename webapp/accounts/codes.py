"""One-time codes, activation codes and links: made, typed back, used once."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from gamification.commands.postman import write_notice
from gamification.world import World
from webapp.accounts.actions import add_staff
from webapp.accounts.queries import (
    account_by_email,
    code_by_ticket,
    has_owner,
    held_code,
    held_link,
    open_activation,
    open_link,
    working_slip,
)
from webapp.accounts.refusals import DeadActivation, DeadCode, DeadLink
from webapp.accounts.rules import (
    ACTIVATION_LIFE,
    BEGIN_LIFE,
    CODE_LIFE,
    CODE_PAUSE,
    CODE_TRIES,
    LINK_LIFE,
    PROOF_LIFE,
    keyed_hash,
    masked_contact,
    new_activation_code,
    new_code,
    new_secret,
    same,
    secret_hash,
)
from webapp.accounts.tables import Account, ActivationCode, ResetToken, SigninCode

CHANNELS = {"phone": "sms", "email": "email"}


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone or an e-mail, as rows keep it."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class WaitingCode:
    """A code that was sent and can be typed: where it went, and by which slip."""

    contact: Contact
    activation_id: int | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a typed code came to: `right`, or wrong with so many tries left."""

    right: bool
    left: int
    contact: Contact
    activation_id: int | None


def ask_code(
    world: World,
    contact: Contact,
    *,
    key: str,
    locale: str,
    activation_id: int | None = None,
) -> str:
    """Queue a one-time code; answers the ticket that this browser has to show with it.

    The same rows are written whether or not anybody is known by this contact.
    """
    ticket, code = new_secret(), new_code()
    row = SigninCode(
        ticket_hash=secret_hash(ticket), kind=contact.kind, contact=contact.value,
        code_hash=keyed_hash(key, ticket, code), activation_id=activation_id,
        created_at=world.now, expires_at=world.now + CODE_LIFE,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    write_notice(
        world,
        kind="signin_code",
        channel=CHANNELS[contact.kind],
        recipient=contact.value,
        locale=locale,
        payload={
            "code": code,
            "minutes": int(CODE_LIFE.total_seconds() // 60),
            "good_until": row.expires_at.isoformat(),
        },
        dedupe_key=f"signin_code:{row.id}",
    )
    return ticket


def try_code(world: World, ticket: str, code: str, *, key: str) -> Proof:
    """Compare a typed code with the one that was sent.

    A wrong try counts, so the caller commits whatever the answer is.

    Raises:
        DeadCode: too old, used, tried too often, or of another browser.
    """
    row = held_code(world, ticket)
    if row is None or row.proved_at is not None or row.expires_at <= world.now:
        raise DeadCode()
    if row.tries >= CODE_TRIES:
        raise DeadCode()
    row.tries += 1
    contact = Contact(row.kind, row.contact)
    right = same(row.code_hash, keyed_hash(key, ticket, code))
    if right:
        row.proved_at = world.now
    world.session.flush()
    return Proof(right, CODE_TRIES - row.tries, contact, row.activation_id)


def proved_contact(world: World, ticket: str) -> Contact:
    """The contact that this browser has proved and not used yet.

    Raises:
        DeadCode: nothing was proved here, or too long ago.
    """
    row = _proved(world, code_by_ticket(world, ticket))
    return Contact(row.kind, row.contact)


def use_proof(world: World, ticket: str) -> Contact:
    """As `proved_contact`, and never again.

    Raises:
        DeadCode: nothing was proved here, or it was used.
    """
    row = _proved(world, held_code(world, ticket))
    row.used_at = world.now
    world.session.flush()
    return Contact(row.kind, row.contact)


def _proved(world: World, row: SigninCode | None) -> SigninCode:
    if row is None or row.proved_at is None or row.used_at is not None:
        raise DeadCode()
    if row.proved_at + PROOF_LIFE <= world.now:
        raise DeadCode()
    return row


def asked_at(world: World, ticket: str) -> tuple[Contact, datetime, int | None] | None:
    """For whom and when this browser asked for a code, and by which slip."""
    row = code_by_ticket(world, ticket)
    if row is None:
        return None
    return Contact(row.kind, row.contact), row.created_at, row.activation_id


def fresh_code(world: World, ticket: str) -> WaitingCode | None:
    """The code that this browser asked for within the last minute, if it can still be typed."""
    row = code_by_ticket(world, ticket)
    if row is None or row.proved_at is not None or row.tries >= CODE_TRIES:
        return None
    if row.created_at + CODE_PAUSE <= world.now:
        return None
    return WaitingCode(Contact(row.kind, row.contact), row.activation_id)


def print_activation(
    world: World, member_id: int, *, printed_by: int, key: str
) -> tuple[str, datetime]:
    """A new activation code for a member; earlier ones stop working, as `working_slip` says.

    Answers the code, shown only now, and the instant at which it ends.
    """
    code = new_activation_code()
    row = ActivationCode(
        member_id=member_id, code_hash=keyed_hash(key, "activation", code),
        printed_by=printed_by, created_at=world.now, expires_at=world.now + ACTIVATION_LIFE,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return code, row.expires_at


def activation_of(world: World, code: str, *, key: str) -> ActivationCode:
    """The printed code that was typed.

    Raises:
        DeadActivation: unknown, too old, used, or a newer one was printed.
    """
    row = open_activation(world, keyed_hash(key, "activation", code))
    if row is None:
        raise DeadActivation()
    return row


def use_activation(world: World, activation_id: int) -> int:
    """Take a printed code, once; answers whose it is.

    Raises:
        DeadActivation: it ran out, was used or was followed by another meanwhile.
    """
    taken = (
        sa.update(ActivationCode)
        .where(col(ActivationCode.id) == activation_id, *working_slip(world.now))
        .values(used_at=world.now)
        .returning(col(ActivationCode.member_id))
    )
    member_id = world.session.connection().execute(taken).scalar()
    if member_id is None:
        raise DeadActivation()
    return int(member_id)


def tell_before(world: World, before: Contact, after: Contact, activation_id: int) -> None:
    """Queue a word to the contact that a slip has replaced: it may not have been its owner."""
    write_notice(
        world,
        kind="contact_changed",
        channel=CHANNELS[before.kind],
        recipient=before.value,
        payload={"contact": masked_contact(after.value)},
        dedupe_key=f"contact_changed:{activation_id}",
    )


def ask_recovery(world: World, email: str, *, address: str, locale: str) -> None:
    """Queue a link to set a new password, if one of the staff has this e-mail.

    For an unknown e-mail the same rows are written, and the letter is stale from the
    start: nobody gets it, and the time it takes tells nothing.

    Args:
        address: where the link leads, up to the secret.
    """
    account = account_by_email(world, email)
    known = account is not None and account.state == "active"
    secret = new_secret()
    row = ResetToken(
        account_id=account.id if account is not None and known else None, purpose="recover",
        secret_hash=secret_hash(secret), created_at=world.now, expires_at=world.now + LINK_LIFE,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    write_notice(
        world,
        kind="password_recovery",
        channel="email",
        recipient=email,
        locale=locale,
        payload={
            "link": f"{address}{secret}",
            "minutes": int(LINK_LIFE.total_seconds() // 60),
            "good_until": (row.expires_at if known else world.now).isoformat(),
        },
        dedupe_key=f"password_recovery:{row.id}",
    )


def invite_owner(world: World) -> str:
    """The secret of a link by which the first owner begins; earlier ones stop working."""
    _void_links(world, col(ResetToken.purpose) == "begin")
    secret = new_secret()
    world.session.add(
        ResetToken(
            purpose="begin",
            secret_hash=secret_hash(secret),
            created_at=world.now,
            expires_at=world.now + BEGIN_LIFE,
        )
    )
    world.session.flush()
    return secret


def begin_owner(world: World, secret: str, *, email: str, password_hash: str) -> Account:
    """The account of the first owner, who came by the link that the start printed.

    Raises:
        DeadLink: unknown, too old, used, or there is an owner already.
        AccountExists: the e-mail belongs to one of the staff.
    """
    if held_link(world, secret, "begin") is None or has_owner(world):
        raise DeadLink()
    _void_links(world, col(ResetToken.purpose) == "begin")
    return add_staff(world, role="owner", email=email, password_hash=password_hash)


def may_begin(world: World, secret: str) -> bool:
    """Whether the link of a first owner still works."""
    return open_link(world, secret, "begin") is not None and not has_owner(world)


def recovering_account(world: World, secret: str) -> Account:
    """Whose password a recovery link sets.

    Raises:
        DeadLink: unknown, too old or used.
    """
    return _account_behind(world, open_link(world, secret, "recover"))


def use_recovery(world: World, secret: str) -> Account:
    """As `recovering_account`; neither this link nor another of the account works again.

    Raises:
        DeadLink: unknown, too old or used.
    """
    account = _account_behind(world, held_link(world, secret, "recover"))
    _void_links(world, col(ResetToken.account_id) == account.id)
    return account


def _account_behind(world: World, link: ResetToken | None) -> Account:
    found = link is not None and link.account_id is not None
    account = world.session.get(Account, link.account_id) if link is not None and found else None
    if account is None or account.state != "active":
        raise DeadLink()
    return account


def _void_links(world: World, which: sa.ColumnElement[bool]) -> None:
    unused = sa.update(ResetToken).where(which, col(ResetToken.used_at).is_(None))
    world.session.connection().execute(unused.values(used_at=world.now))
