"""GET /members: who stands at the till, and with what. PATCH /members: where they live."""

from flask import Response, request

from gamification.commands.member import find_member
from gamification.commands.profile import tell_city
from gamification.readmodels.till import member_at_till, till_terms
from gamification.refusals import InvalidSetting, UnknownMember
from gamification.world import World
from webapp.api.answered import MemberView, member_view
from webapp.api.asked import MemberChangeIn, MemberQuery, query_of
from webapp.api.bodies import read_object
from webapp.api.faults import read_as
from webapp.api.marks import _l
from webapp.api.reading import Reader
from webapp.api.refusals import Fault, InvalidRequest
from webapp.api.verbs import Answer, Example, Verb, answer_with
from webapp.world import open_world, run_world


def get_member() -> Response:
    """The member that a card, a phone or an external id names, as of now."""
    asked = read_as(MemberQuery, query_of(request.args.to_dict(flat=False)), query=True)
    with open_world(readonly=True) as world:
        who = Reader(till_terms(world), "").who(asked, query=True)
        by, value = who.key().split(":", 1)
        found = member_at_till(world, by, value)
    return answer_with(member_view(found), 200)


def patch_member() -> Response:
    """Keep where the member of the body lives, and answer how the member is then."""
    told = read_as(MemberChangeIn, read_object())

    def tell(world: World) -> MemberView:
        who = Reader(till_terms(world), "").who(told.member)
        by, value = who.key().split(":", 1)
        found = find_member(world, card=who.card, phone=who.phone, external_id=who.external_id)
        if found is None or found.id is None:
            raise UnknownMember(who=by)
        tell_city(world, found.id, told.city or "")
        return member_view(member_at_till(world, by, value))

    try:
        return answer_with(run_world(tell), 200)
    except InvalidSetting as refusal:
        raise InvalidRequest(Fault("/city", "no_city")) from refusal


VERB = Verb(
    name="get_member",
    method="GET",
    path="/members",
    scope="members:read",
    summary=_l("Look at a member"),
    about=_l(
        "Balance, points on the way, tier, medals, progress and challenges, now, by exactly one of"
        " card, phone and external_id. Points on the way are never inside the balance."
    ),
    act=get_member,
    query=MemberQuery,
    answers={200: Answer(_l("The member."), MemberView)},
    problems={
        403: ("member_blocked", "card_blocked"),
        404: ("unknown_member",),
        409: ("programme_missing",),
    },
    examples={
        "card": Example(about=_l("By card"), status=200, values={"card": "4600123456789"}),
        "phone": Example(about=_l("By phone"), status=200, values={"phone": "+79161234567"}),
        "external_id": Example(
            about=_l("By your own id"), status=200, values={"external_id": "13085"}
        ),
    },
)

PATCH = Verb(
    name="patch_member",
    method="PATCH",
    path="/members",
    scope="members:write",
    summary=_l("Tell where a member lives"),
    about=_l(
        "The city that your own system knows takes the place of the one before; audiences of"
        " challenges go by it. Sent again, it changes nothing."
    ),
    act=patch_member,
    body=MemberChangeIn,
    answers={200: Answer(_l("The member, with the city."), MemberView)},
    problems={
        403: ("member_blocked", "card_blocked", "read_only_now"),
        404: ("unknown_member",),
        409: ("programme_missing",),
    },
    examples={
        "moved": Example(
            about=_l("Somebody moved"),
            status=200,
            body={"member": {"external_id": "13085"}, "city": "Казань"},
        ),
        "forgotten": Example(
            about=_l("It is not to be known any more"),
            status=200,
            body={"member": {"external_id": "13085"}, "city": None},
        ),
    },
)
