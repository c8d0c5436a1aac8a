"""What several doors share: sending a code, and letting somebody in."""

from typing import Any

from flask import Response, current_app, redirect, request, session, url_for

from gamification.commands.acts import confirm_contact
from gamification.commands.member import Person, change_locale, claim_history
from gamification.commands.suspicions import note_sight
from gamification.readmodels.choices import erase_day
from gamification.refusals import MemberBlocked
from gamification.world import World
from webapp.access import landing_of
from webapp.accounts.actions import ensure_member_account
from webapp.accounts.codes import Contact, WaitingCode, ask_code, fresh_code
from webapp.accounts.queries import account_of_member
from webapp.accounts.rules import masked_address
from webapp.accounts.throttles import (
    CODE_ADDRESS,
    CODE_ALL,
    CODE_CONTACT,
    CODE_PAIR,
    CODE_PAIR_DAY,
)
from webapp.doors import brake, by_address
from webapp.entrance.known import browser_key, by_name, remember_browser
from webapp.frame import chosen_locale
from webapp.invitations.codes import carried_in
from webapp.security import own_path
from webapp.signin import enter, open_session, visitor
from webapp.surroundings import here
from webapp.world import ReadOnlyNow, open_entrance, run_entrance


def send_code(contact: Contact, *, activation_id: int | None = None) -> None:
    """Queue a code to this contact and tie it to this browser.

    A code that this browser asked for within the last minute and can still type is kept:
    a form that was sent twice is no second code.

    Raises:
        TooManyTries: too many were asked for, for this contact, from this address or in all.
    """
    wanted = WaitingCode(contact, activation_id)
    with open_entrance(readonly=True) as world:
        if fresh_code(world, session.get("ticket", "")) == wanted:
            return
    pair = by_name(contact.value, by_address())
    brake(
        (CODE_PAIR, pair), (CODE_PAIR_DAY, pair), (CODE_CONTACT, by_name(contact.value)),
        (CODE_ADDRESS, by_address()), (CODE_ALL, ""),
    )  # fmt: skip
    locale, secret = chosen_locale(), here().secret
    session["ticket"] = run_entrance(
        lambda world: ask_code(
            world, contact, key=secret, locale=locale, activation_id=activation_id
        )
    )


def admit(world: World, person: Person) -> str:
    """Open a session for a member who proved a contact; the proof is the claim, too.

    Whoever comes in for the first time is spoken to, in letters as well, in the language that
    they read: a shop's file does not say it. Answers the secret for `enter`.

    Raises:
        MemberBlocked: the membership is paused.
    """
    if person.status != "active":
        raise MemberBlocked(member_id=person.member_id)
    if here().settings.as_of is None:
        note_sight(world, person.member_id, device=browser_key(), network=visitor_network())
        if person.claimed_at is None:
            claim_history(world, person.member_id)
        if account_of_member(world, person.member_id) is None:
            change_locale(world, person.member_id, chosen_locale())
    account = ensure_member_account(world, person.member_id, locale=chosen_locale())
    return open_session(world, account)


def visitor_network() -> str:
    """Where the visitor comes from, roughly, and with what kind of browser; only hashes stay."""
    network = masked_address(request.remote_addr or "")
    agent = request.headers.get("User-Agent", "")[:200]
    return f"{network} {agent}" if network else ""


def note_proof(world: World, person: Person, contact: Contact) -> None:
    """A contact that was proved is an act; in the past nothing is noted."""
    if here().settings.as_of is None:
        confirm_contact(world, person.member_id, kind=contact.kind)


def let_in(secret: str, *, name: str, year_waits: bool = False) -> Response:
    """Sign the browser in and lead it on: to the year that waits, to where it was going, home.

    Whoever asked to be forgotten is led to where it can be undone.


    Args:
        name: the phone or e-mail by which it came; the browser is known by it from now on.
    """
    wanted = next_path()
    found = enter(secret)
    if found.member_id is not None and is_leaving(found.member_id):
        return remember_browser(go(url_for("cabinet.leaving")), name)
    if year_waits and here().settings.as_of is None:
        return remember_browser(go(url_for("cabinet.year")), name)
    return remember_browser(go(wanted or landing_of(current_app, found.role)), name)


def is_leaving(member_id: int) -> bool:
    """Whether a member who signs in is to be asked once more before the account goes."""
    with open_entrance(readonly=True) as world:
        return erase_day(world, member_id) is not None


def go(where: str) -> Response:
    """Lead on after a form."""
    answer = redirect(where, code=303)
    assert isinstance(answer, Response), "Flask makes its own kind of answer"
    return answer


def next_path() -> str:
    """Where the visitor wants to go afterwards, if it is a page of ours; else nothing."""
    return own_path(request.values.get("next")) or ""


def along() -> dict[str, Any]:
    """What travels from form to form: where to go afterwards, and the friend's code."""
    carried = carried_in(request.values.get("i", ""))
    return {"next": next_path() or None, "i": carried.text if carried else None}


def refuse_in_the_past() -> None:
    """Raises ReadOnlyNow where the pages show a day in the past."""
    if (day := here().settings.as_of) is not None:
        raise ReadOnlyNow(on=day)


def already_in() -> Response | None:
    """Somebody who is signed in has no need of a door, unless asked to prove it again."""
    found = visitor()
    if found is None or request.args.get("again"):
        return None
    return go(next_path() or landing_of(current_app, found.role))
