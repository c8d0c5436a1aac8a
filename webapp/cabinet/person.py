"""Who looks at the cabinet, and what stands under their name."""

from dataclasses import replace

from flask import abort, g

from gamification.readmodels.views import TierCard
from webapp.frame import frame_for, member_in_frame
from webapp.menu import Frame, Person
from webapp.signin import signed_in
from webapp.words.formats import named


def own_member_id() -> int:
    """The member that is signed in: pages of the cabinet show nobody else."""
    member_id = signed_in().member_id
    if member_id is None:
        abort(404)
    return member_id


def place_in_frame(current: str, tier: TierCard | None = None) -> Frame:
    """The frame with the tier under the member's name."""
    member = member_in_frame(signed_in())
    frame = frame_for(current)
    if tier is not None and member is not None:
        note = f"{named(tier.name)}, {tier.number}"
        frame = replace(frame, person=Person(member.name, note))
    g.frame = frame
    return frame
