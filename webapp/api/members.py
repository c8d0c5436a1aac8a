"""GET /members: who stands at the till, and with what."""

from flask import Response, request

from gamification.readmodels.till import member_at_till, till_terms
from webapp.api.answered import MemberView, member_view
from webapp.api.asked import MemberQuery, query_of
from webapp.api.faults import read_as
from webapp.api.marks import _l
from webapp.api.reading import Reader
from webapp.api.verbs import Answer, Example, Verb, answer_with
from webapp.world import open_world


def get_member() -> Response:
    """The member that a card, a phone or an external id names, as of now."""
    asked = read_as(MemberQuery, query_of(request.args.to_dict(flat=False)), query=True)
    with open_world(readonly=True) as world:
        who = Reader(till_terms(world), "").who(asked, query=True)
        by, value = who.key().split(":", 1)
        found = member_at_till(world, by, value)
    return answer_with(member_view(found), 200)


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
