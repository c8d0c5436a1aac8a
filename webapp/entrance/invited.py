"""An invitation on its way through the doors: noted at the first, applied at the last."""

from typing import NamedTuple

from flask import request
from flask_babel import gettext as _

from gamification.commands.referrals import Invitation, normal_code, owner_of, terms_now
from webapp.accounts.refusals import TooManyTries
from webapp.invitations.codes import LONGEST, carried_in, find_inviter
from webapp.invitations.cookie import read_opened
from webapp.words.invited import ended_text, waiting_text
from webapp.words.waits import try_again
from webapp.world import open_entrance

FIELD = "invitation"


class Note(NamedTuple):
    """A sentence above a form, and how it looks: `good` or `info`."""

    tone: str
    text: str


class CodeField(NamedTuple):
    """The field for a code: what stands in it, whether it holds, what is wrong with it."""

    value: str
    applied: bool = False
    ended: bool = False
    error: str = ""


def came_with() -> Invitation | None:
    """The invitation that this browser carries: in its cookie, else in the address."""
    if (opened := read_opened()) is not None:
        return Invitation(opened.code, "link", opened.channel, opened.at, opened.paid)
    carried = carried_in(request.values.get("i", ""))
    return None if carried is None else Invitation(carried.code, "link", carried.channel)


def told_invitation() -> Invitation | None:
    """By whom the person on the form came: what they typed goes before what they carried."""
    came = came_with()
    if FIELD not in request.form:
        return came
    typed = normal_code(request.form[FIELD])
    if came is not None and typed == came.code:
        return came
    return Invitation(typed, "code") if typed else None


def is_live(invitation: Invitation) -> bool:
    """Whether an invitation would count now, as far as its code and its day go.

    A code from our own cookie was not guessed, so looking it up counts as no try.
    """
    if (opened := invitation.opened_at) is None:
        return find_inviter(invitation.code) is not None
    with open_entrance(readonly=True) as world:
        owner = owner_of(world, invitation.code)
        return owner is not None and (world.now - opened).days < owner.terms.link_days


def holds(invitation: Invitation) -> bool:
    """As `is_live`; an address that has tried too many codes learns nothing."""
    try:
        return is_live(invitation)
    except TooManyTries:
        return False


def invitation_note() -> Note | None:
    """What the first page says: an invitation is there, or a link has led nowhere."""
    if request.args.get("ended"):
        return Note("info", ended_text())
    came = came_with()
    return Note("good", waiting_text(came.code)) if came is not None and holds(came) else None


def guess_fault(invitation: Invitation | None) -> str:
    """What to say when too many codes were typed from here; '' when the form may go on."""
    if invitation is None or invitation.how != "code":
        return ""
    try:
        find_inviter(invitation.code)
    except TooManyTries as refusal:
        wait = try_again(int(refusal.values["retry"]))
        return str(_("Too many codes were tried from here. %(wait)s", wait=wait))
    return ""


def code_field(error: str = "") -> CodeField | None:
    """The field as the form shows it; None while the programme invites nobody."""
    with open_entrance(readonly=True) as world:
        terms = terms_now(world)
    if terms is None or not terms.is_on:
        return None
    came = came_with()
    if FIELD in request.form:
        typed = request.form[FIELD][:LONGEST]
        return CodeField(typed, error=error)
    if came is None:
        return CodeField("")
    live = holds(came)
    return CodeField(came.code if live else "", applied=live, ended=not live)
