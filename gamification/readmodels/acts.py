"""An act besides purchases as its sender sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gamification.activities.queries import find_act
from gamification.activities.registry import ACT_TYPES
from gamification.columns import from_micros, to_micros
from gamification.definitions import current_definitions
from gamification.earning.acts import ActTerms
from gamification.refusals import UnknownActivity
from gamification.store import Store
from gamification.world import World


@dataclass(frozen=True, slots=True)
class ActAtTill:
    """An act of one source: what was told, whether it counts, what it was answered.

    `local_day` is the day it counts on, by the member's own midnight.
    """

    id: str
    type: str
    state: str
    member_id: str
    occurred_at: datetime
    recorded_at: datetime
    local_day: date
    points: int
    store: str | None
    channel: str | None
    operator: str | None
    answer: dict[str, Any]


def acts_in_force(world: World) -> tuple[ActTerms, ...]:
    """The terms of every registered act at this instant. Raises ProgrammeMissing."""
    book, now = current_definitions(world.session).acts, to_micros(world.now)
    return tuple(book.at(code, now) for code, act in ACT_TYPES.items() if act.priced_here)


def act_at_till(world: World, source: str, external_id: str) -> ActAtTill:
    """An act by its sender's id. Raises UnknownActivity, ProgrammeMissing."""
    store = Store(world.connection)
    zone = current_definitions(world.session).programme.zone
    act = find_act(store, source, external_id)
    if act is None or act.type not in ACT_TYPES:
        raise UnknownActivity(activity=external_id)
    row = store.first("SELECT public_id FROM member WHERE id = ?", act.member_id)
    assert row is not None, "an activity belongs to a member"
    return ActAtTill(
        id=act.external_id,
        type=act.type,
        state=act.state,
        member_id=row[0],
        occurred_at=from_micros(act.occurred).astimezone(zone),
        recorded_at=from_micros(act.recorded).astimezone(zone),
        local_day=act.day,
        points=act.points_left,
        store=act.store,
        channel=act.channel,
        operator=act.operator,
        answer=act.outcome or {},
    )
