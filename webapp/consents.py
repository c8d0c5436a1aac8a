"""What a new member is asked to agree to: separate questions, nothing ticked beforehand."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from gamification.commands.member import ConsentAnswer

EDITION = "1"


@dataclass(frozen=True, slots=True)
class Question:
    """One box: its purpose, the words that are shown, whether there is no card without it."""

    purpose: str
    text: str
    required: bool = False

    def version(self, locale: str) -> str:
        """Which words were shown: edition, language, and a mark of the text itself."""
        mark = hashlib.sha256(self.text.encode()).hexdigest()[:12]
        return f"{self.purpose}-{EDITION}-{locale}-{mark}"


def questions() -> tuple[Question, ...]:
    """The boxes of the sign-up, in the reader's language.

    Advertising, studying purchases and personal offers are three consents; saying no
    to them costs nothing.
    """
    return (
        Question(
            "programme",
            _("I agree that my purchases and contact are kept to count points and medals."),
            required=True,
        ),
        Question("marketing", _("Tell me about news and offers by message.")),
        Question("profiling", _("Look at what I buy to understand what I like.")),
        Question("personal_offers", _("Choose offers for me by what I like.")),
    )


def parent_question() -> Question:
    """What a parent agrees to for a child."""
    return Question("parent", _("I am the parent, and I agree that my child takes part."))


def parent_answers(form: Mapping[str, str], locale: str) -> tuple[ConsentAnswer, ...]:
    """A parent's agreement, if it was given on this form."""
    if form.get("parent") != "yes":
        return ()
    asked = parent_question()
    return (ConsentAnswer(asked.purpose, given=True, text_version=asked.version(locale)),)


SEEN = ("shelf", "friends")
"""Who sees the member. "league" comes back with the league itself: what was chosen is kept."""
AGREED = ("marketing", "profiling", "personal_offers")


@dataclass(frozen=True, slots=True)
class Wish:
    """A switch of the settings: what it is called, and what follows when it is on."""

    purpose: str
    title: str
    text: str


def wishes() -> dict[str, Wish]:
    """What a member may agree to and take back later, in the reader's language."""
    asked = {question.purpose: question.text for question in questions()}
    known = (
        Wish("shelf", _("My medals on a public shelf"),
             _("Whoever has its address sees the medals that you put there, and a name only if you"
               " choose one. Off: nobody does.")),
        Wish("league", _("Take part in the league"),
             _("Others in it see your first name and your place. Off: you are in no table.")),
        Wish("friends", _("Friends see my name"),
             _("Whoever opens your invitation, and whoever invited you, sees your first name and"
               " a letter of the surname. Off: they see “a friend”.")),
        Wish("marketing", _("News and offers"), asked["marketing"]),
        Wish("profiling", _("Study my purchases"), asked["profiling"]),
        Wish("personal_offers", _("Personal offers"), asked["personal_offers"]),
    )  # fmt: skip
    return {wish.purpose: wish for wish in known}


def wish_answer(purpose: str, given: bool, locale: str, *, channel: str = "web") -> ConsentAnswer:
    """A yes or a no from the settings, with a mark of the words that were shown."""
    wish = wishes()[purpose]
    shown = Question(purpose, f"{wish.title}\n{wish.text}")
    return ConsentAnswer(
        purpose=purpose, given=given, text_version=shown.version(locale), channel=channel
    )


def answers(form: Mapping[str, str], locale: str) -> tuple[ConsentAnswer, ...]:
    """Every box as it was left: a yes or a no, with the words that were shown."""
    return tuple(
        ConsentAnswer(
            purpose=question.purpose,
            given=form.get(f"consent-{question.purpose}") == "yes",
            text_version=question.version(locale),
        )
        for question in questions()
    )
