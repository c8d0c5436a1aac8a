"""What doors and settings share: reading a contact, and the brakes against guessing."""

from flask import request

from gamification.commands.member import normalise_email, normalise_phone, region_of
from webapp.accounts.codes import Contact
from webapp.accounts.refusals import TooManyTries, UnreadableContact
from webapp.accounts.rules import counted_address, keyed_hash
from webapp.accounts.throttles import Hit, seconds_to_wait
from webapp.frame import shop_facts
from webapp.log import LOG
from webapp.surroundings import here
from webapp.world import run_entrance


def read_contact(text: str) -> Contact:
    """A typed phone or e-mail.

    Raises:
        UnreadableContact: it is neither.
    """
    if "@" in text:
        email = normalise_email(text)
        found = Contact("email", email) if email else None
    else:
        phone = normalise_phone(text.strip(), region_of(shop_facts().currency))
        found = Contact("phone", phone) if phone else None
    if found is None:
        raise UnreadableContact()
    return found


def brake(*hits: Hit) -> None:
    """Count what is about to be tried, whatever comes of it.

    Raises:
        TooManyTries: one of the limits is reached.
    """
    wait = run_entrance(lambda world: seconds_to_wait(world, list(hits)))
    if wait:
        LOG.warning("throttled", path=request.path, limits=[limit.name for limit, _ in hits])
        raise TooManyTries(retry=wait)


def by_address() -> str:
    """The visitor's network address as a throttle counts it."""
    return counted_address(request.remote_addr or "")


def hashed_name(name: str, *more: str) -> str:
    """A name as a throttle counts it, without keeping it."""
    return keyed_hash(here().secret, "throttle", name, *more)[:32]
