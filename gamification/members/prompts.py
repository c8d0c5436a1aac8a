"""What a new member is asked, in this order, and what can be put off."""

from datetime import date

from gamification.columns import to_micros
from gamification.members.rules import birthday_in
from gamification.store import Store
from gamification.world import World

BIRTHDAY, FAVOURITE, MESSAGES = "birthday", "favourite", "messages"
QUESTIONS = (BIRTHDAY, FAVOURITE, MESSAGES)
STEP = "step"
PARENT_AGE = 14
"""Who is younger takes part together with a parent."""


def needs_parent(born: date, today: date) -> bool:
    """Whether somebody born on a day is too young to answer alone."""
    return today < birthday_in(born, born.year + PARENT_AGE)


def note_prompt(world: World, member_id: int, code: str, value: str | None) -> None:
    """Remember an answer; another answer to the same takes its place."""
    row = (member_id, code, to_micros(world.now), value)
    columns = ("member_id", "code", "answered_at", "value")
    Store(world.connection).insert("prompt", [row], columns=columns, conflict="replace")
