"""POST /invitations: a member tells at the till by whose invitation they came."""

from typing import Literal

from flask import Response
from pydantic import Field

from gamification.commands.member import find_member
from gamification.commands.referrals import Invitation, bind_friend
from gamification.commands.till import MemberRef
from gamification.readmodels.till import till_terms
from gamification.refusals import MemberBlocked, UnknownMember
from gamification.world import World
from webapp.api.answered_parts import Answered
from webapp.api.asked import Asked, MemberIn
from webapp.api.bodies import read_object
from webapp.api.faults import read_as
from webapp.api.fields import Short
from webapp.api.marks import _l
from webapp.api.reading import Reader
from webapp.api.verbs import Answer, Example, Verb, answer_with
from webapp.world import run_world

Became = Literal["bound", "unknown", "off", "own", "already", "late", "loop", "blocked"]


class InvitationIn(Asked):
    """Whose invitation somebody names."""

    member: MemberIn
    code: Short = Field(
        description=_l("The code of whoever invited; capitals and blanks do not matter.")
    )


class InvitationAnswer(Answered):
    """What became of it. Sent again, it is `already`."""

    status: Became = Field(
        description=_l(
            "bound: it counts. Else why not: unknown code, invitations are off, the member's own"
            " code, invited already, late (bought since joining or joined over 7 days ago), in a"
            " loop, blocked by a rule (as whoever had bought before joining is)."
        )
    )


def post_invitation() -> Response:
    """Bind the member of the body to whoever invited them."""
    told = read_as(InvitationIn, read_object())

    def bind(world: World) -> str:
        friend_id = newcomer(world, Reader(till_terms(world), "").who(told.member))
        return bind_friend(world, friend_id, Invitation(told.code, "till", "till"))

    return answer_with(InvitationAnswer.model_validate({"status": run_world(bind)}), 200)


def newcomer(world: World, who: MemberRef) -> int:
    """The member who is meant, not held yet: both sides are held together, in their order.

    Raises:
        UnknownMember, MemberBlocked.
    """
    found = find_member(world, card=who.card, phone=who.phone, external_id=who.external_id)
    if found is None or found.id is None or found.status == "erased":
        raise UnknownMember(who=who.key().split(":")[0])
    if found.status != "active":
        raise MemberBlocked()
    return found.id


VERB = Verb(
    name="post_invitation",
    method="POST",
    path="/invitations",
    scope="receipts:write",
    summary=_l("Tell who invited a member"),
    about=_l(
        "Somebody new names a friend's code at the till: within 7 days of joining and before the"
        " first purchase. It counts once and for life; a code that leads nowhere is no fault, its"
        " reason is in the answer."
    ),
    act=post_invitation,
    body=InvitationIn,
    answers={200: Answer(_l("What became of the invitation."), InvitationAnswer)},
    problems={
        403: ("member_blocked", "read_only_now"),
        404: ("unknown_member",),
        409: ("programme_missing",),
    },
    examples={
        "told": Example(
            about=_l("Told at the till"),
            status=200,
            body={"member": {"card": "4600123456789"}, "code": "K7QW 2M9R"},
        ),
    },
)
