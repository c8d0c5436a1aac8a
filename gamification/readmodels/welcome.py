"""The first questions to a new member: which is next, and how much is done already."""

from dataclasses import dataclass

from gamification.activities.queries import popular_categories
from gamification.members.prompts import BIRTHDAY, FAVOURITE, MESSAGES, PARENT_AGE, QUESTIONS
from gamification.readmodels.member import UNTOLD, old_before
from gamification.refusals import UnknownMember
from gamification.store import Store
from gamification.world import World

__all__ = ["BIRTHDAY", "FAVOURITE", "MESSAGES", "PARENT_AGE", "QUESTIONS", "Welcome", "welcome_of"]


@dataclass(frozen=True, slots=True)
class Welcome:
    """The question that is next, None when nothing is left to ask.

    Of `steps`, `done` are true already: joining, the proved contact, and what was answered.
    `channel` is how copies of messages could leave: by e-mail, else by SMS. `celebrates`:
    something was earned meanwhile, and its scene waits for the end.
    """

    question: str | None
    steps: int
    done: int
    number: int
    categories: tuple[str, ...]
    channel: str
    celebrates: bool = False


def welcome_of(world: World, member_id: int) -> Welcome:
    """What to ask a member next, in three statements. Raises UnknownMember."""
    store = Store(world.connection)
    row = store.first(
        "SELECT m.name, m.birthday, m.phone, m.email, m.phone_confirmed_at, m.email_confirmed_at,"
        f" (SELECT 1 FROM notice n WHERE n.member_id = m.id AND {UNTOLD} LIMIT 1)"
        " FROM member m WHERE m.id = ? AND m.status <> 'erased'",
        old_before(world.now),
        member_id,
    )
    if row is None:
        raise UnknownMember(member_id=member_id)
    name, birthday, phone, email, phone_confirmed, email_confirmed, untold = row
    sql = "SELECT code, value FROM prompt WHERE member_id = ?"
    answers = dict(store.rows(sql, member_id))
    categories = popular_categories(store)
    askable = {
        BIRTHDAY: bool(name) and (birthday is None or BIRTHDAY in answers),
        FAVOURITE: bool(categories) or FAVOURITE in answers,
        MESSAGES: bool(email or phone),
    }
    asked = [code for code in QUESTIONS if askable[code]]
    left = [code for code in asked if code not in answers]
    proved = bool(phone_confirmed or email_confirmed)
    return Welcome(
        question=left[0] if left else None,
        steps=1 + proved + len(asked),
        done=1 + proved + sum(answers.get(code) is not None for code in asked),
        number=len(asked) - len(left) + 1,
        categories=categories,
        channel="email" if email else "sms",
        celebrates=untold is not None,
    )
