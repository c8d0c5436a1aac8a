"""The templates of challenges: what each is for, and the words that a draft begins with."""

from collections.abc import Mapping
from typing import NamedTuple

from gamification.commands.challenges import ChallengeWords
from webapp.tongue import later as _l
from webapp.tongue import sentence


class TemplateFace(NamedTuple):
    """How a template looks: its name, what it is good for, its picture and its colour."""

    name: str
    about: str
    glyph: str
    scene: str


FACES: Mapping[str, TemplateFace] = {
    "collect": TemplateFace(
        _l("Collect a set"), _l("Members try what they did not buy before."), "croissant", "coral"
    ),
    "streak": TemplateFace(
        _l("Weeks in a row"), _l("Members get used to coming every week."), "flame", "sun"
    ),
    "spend": TemplateFace(
        _l("Sum of purchases"), _l("Members buy more within some days."), "receipt", "mint"
    ),
    "place": TemplateFace(
        _l("A new place"), _l("Members find a store they did not know."), "compass", "sky"
    ),
    "friend": TemplateFace(
        _l("Bring a friend"), _l("Members invite those who then buy."), "people", "iris"
    ),
    "hours": TemplateFace(
        _l("Quiet hours"), _l("Purchases move to the quiet hours."), "sun", "sun"
    ),
    "welcome": TemplateFace(
        _l("Welcome"), _l("A newcomer comes a second time."), "leaf", "mint"
    ),
    "come_back": TemplateFace(
        _l("Win back"), _l("Members who have gone quiet buy again."), "heart", "coral"
    ),
    "blank": TemplateFace(_l("From scratch"), _l("Three purchases; change what you like."),
                          "star", "iris"),
}  # fmt: skip
NAMES: Mapping[str, tuple[str, str]] = {
    "collect": (
        _l("Collect a set"),
        _l("Something new: each different category brings you closer to the points."),
    ),
    "streak": (
        _l("Weeks in a row"),
        _l("Come every week: the points are waiting at the end."),
    ),
    "spend": (
        _l("A full basket"),
        _l("Your purchases add up: reach the sum, and the points are yours."),
    ),
    "place": (
        _l("A new place"),
        _l("There is a store of ours where you have not been lately. Points wait there."),
    ),
    "friend": (
        _l("Bring a friend"),
        _l("Invite friends: when they buy, you are both rewarded."),
    ),
    "hours": (
        _l("Quiet hours"),
        _l("In the quiet hours there is no queue, and there are points."),
    ),
    "welcome": (
        _l("First steps"),
        _l("A few first steps, and the first one is done already."),
    ),
    "come_back": (
        _l("See you again"),
        _l("Your points are where you left them. One purchase brings more."),
    ),
    "blank": (_l("New challenge"), _l("A new challenge is waiting for you.")),
}
"""The name of a new challenge, and the text of its message."""


def template_words(template: str) -> dict[str, ChallengeWords]:
    """The words of a new draft in both languages; the sentence is the goal's own."""
    name, invitation = NAMES[template]
    return {
        language: ChallengeWords(sentence(language, name), "", sentence(language, invitation))
        for language in ("ru", "en")
    }


def template_art(template: str) -> dict[str, str]:
    """The picture and the colour of a new draft."""
    face = FACES[template]
    return {"scene": face.scene, "glyph": face.glyph}
