"""What is answered about acts besides purchases, apart from any table."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from gamification.readmodels.acts import ActAtTill
from webapp.api.answered_parts import Answered, MedalMove, medal_moves
from webapp.api.marks import _l


class ActivityAnswer(Answered):
    """What came of an act. Sent again, the same act gets the same answer."""

    id: str = Field(description=_l("Your number of this act."))
    type: str = Field(description=_l("What the member did."))
    status: Literal["recorded", "ignored", "cancelled"] = Field(
        description=_l("Whether it counts, was kept without counting, or is taken back.")
    )
    reason: Literal["limit", "switched_off"] | None = Field(
        description=_l("Why it does not count: more often than the limit, or switched off.")
    )
    points: int = Field(description=_l("Points that it brought, medals included."))
    clawed_back: int = Field(description=_l("Earned points that it took back."))
    tier: str | None = Field(description=_l("The code of the member's tier afterwards."))
    medals: tuple[MedalMove, ...] = Field(description=_l("Medals that it brought."))
    medals_withdrawn: tuple[MedalMove, ...] = Field(description=_l("Medals that it took back."))


IGNORED = {"act_limit": "limit", "act_off": "switched_off"}


def activity_answer(
    activity_id: str, kind: str, status: str, answer: dict[str, Any]
) -> ActivityAnswer:
    """The stored answer of an act in the API's shape."""
    return ActivityAnswer.model_validate(
        {
            "id": activity_id,
            "type": kind,
            "status": status if status in ("ignored", "cancelled") else "recorded",
            "reason": IGNORED.get(answer.get("ignored", "")),
            "points": answer.get("points", 0),
            "clawed_back": answer.get("clawed_back", 0),
            "tier": answer.get("tier"),
            "medals": medal_moves(answer.get("medals", ())),
            "medals_withdrawn": medal_moves(answer.get("medals_withdrawn", ())),
        }
    )


class ActivityView(Answered):
    """An act as it is kept."""

    id: str
    type: str
    state: Literal["recorded", "ignored", "cancelled"] = Field(
        description=_l("What has become of it.")
    )
    member_id: str = Field(description=_l("The member's public id."))
    occurred_at: datetime = Field(description=_l("When it happened, in the programme's zone."))
    recorded_at: datetime = Field(description=_l("When it came to us."))
    day: date = Field(description=_l("The day it counts on, by the member's own midnight."))
    points: int = Field(description=_l("Points that it brought and that were not taken back."))
    store: str | None
    channel: str | None
    operator: str | None
    answer: ActivityAnswer = Field(description=_l("What was answered when it came."))


def activity_view(found: ActAtTill) -> ActivityView:
    """A kept act in the API's shape."""
    state = "recorded" if found.state == "counted" else found.state
    first = "ignored" if found.state == "ignored" else "recorded"
    return ActivityView.model_validate(
        {
            "id": found.id,
            "type": found.type,
            "state": state,
            "member_id": found.member_id,
            "occurred_at": found.occurred_at,
            "recorded_at": found.recorded_at,
            "day": found.local_day,
            "points": found.points,
            "store": found.store,
            "channel": found.channel,
            "operator": found.operator,
            "answer": activity_answer(found.id, found.type, first, found.answer),
        }
    )
