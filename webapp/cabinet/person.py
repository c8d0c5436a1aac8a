"""Who looks at the cabinet, and what stands under their name."""

from flask import abort, g

from gamification.readmodels.views import TierCard
from webapp.frame import frame_for, member_in_frame, person_called
from webapp.menu import Frame
from webapp.signin import signed_in
from webapp.words.steps import tier_line


def own_member_id() -> int:
    """The member that is signed in: pages of the cabinet show nobody else."""
    member_id = signed_in().member_id
    if member_id is None:
        abort(404)
    return member_id


def place_in_frame(current: str, tier: TierCard | None = None, name: str = "") -> Frame:
    """The frame with the tier under the member's name; the name is read when it is not given."""
    person = None
    if tier is not None:
        member = None if name else member_in_frame(signed_in())
        known = member.name if member else name
        person = person_called(known, tier_line(tier))
    frame = frame_for(current, person=person)
    g.frame = frame
    return frame
