"""The shelf of an invented member, as she sees it and as others do."""

from typing import Any

from gamification.readmodels.board import BoardMedal
from gamification.readmodels.shelf import OwnShelf, PublicShelf
from tests.preview import people
from tests.preview.boards import EARNED, SHIPPED, TODAY, medal_of
from webapp.consents import wishes
from webapp.words.shelf import share_text

LINK = {
    "path": "/shelf-seen", "whole": "https://club.example/shelf/k7Qd_2fYw0Za9-Lm",
    "short": "club.example/shelf/k7Qd_2fYw0Za9-Lm",
}  # fmt: skip
Values = dict[str, Any]


def held() -> tuple[BoardMedal, ...]:
    """Every medal of hers."""
    found = (medal_of(medal) for medal in SHIPPED if medal.code in EARNED)
    return tuple(medal for medal in found if medal.held)


def view(who: str) -> OwnShelf:
    medals = held()
    on = {"closed": 0, "young": 0, "full": 5, "crowded": 12}.get(who, 5)
    return OwnShelf(
        is_open=who not in ("closed", "young"), address=None if who == "closed" else "k7Qd_2fYw0Za",
        naming="nick" if who == "broken" else "first", nickname="Тихая мышь", first_name="Анна",
        tier_shown=True, young=who == "young", medals=(medals * 2)[:on],
        others=medals[on:], today=TODAY,
    )  # fmt: skip


def own(who: str) -> Values:
    """Open, closed, full, refused, of a child."""
    found = view(who)
    wrong = "Такой псевдоним взять нельзя. Выберите другой." if who == "broken" else ""
    return {
        "view": found, "wish": wishes()["shelf"], "link": LINK if found.is_open else None,
        "chosen": {"naming": found.naming, "nickname": found.nickname, "tier_shown": True},
        "fault": wrong, "error": "", "most": 12, "still": False,
        "hrefs": dict.fromkeys(("toggle", "sign", "arrange", "renew"), "/x") | {
            "medals": "/medals"},
    }  # fmt: skip


def share(who: str) -> Values:
    """A medal that is shown, one that is not, and one that finds no place."""
    medal = held()[0]
    full = "На полке помещается 12 медалей. Снимите одну, чтобы поставить другую."
    return {
        "medal": medal, "today": TODAY, "view": view("closed" if who == "closed" else "full"),
        "wish": wishes()["shelf"], "link": LINK if who == "full" else None,
        "text": share_text(medal, "Полдень"), "error": full if who == "broken" else "",
        "still": False, "hrefs": {"medal": "/medal", "here": "/x", "shelf": "/shelf"},
    }  # fmt: skip


def seen(who: str) -> Values:
    """What a stranger sees: with a name and a tier, without, empty."""
    named = who in ("full", "long")
    name = "Константин-Александр Преображенский"[:30] if who == "long" else "Анна"
    shelf = PublicShelf(
        name if named else "", people.TIER if named else None,
        () if who == "empty" else held()[:7], frozenset({"welcome_back"}), TODAY,
    )  # fmt: skip
    return {
        "shelf": shelf, "base": "/shelf-medal", "guest": who != "member", "robot": False,
        "hrefs": {"join": "/x", "sign_in": "/x", "home": "/home"}, "still": False,
        "preview": {"page": "/x", "picture": "/x.png", "width": 1200, "height": 630},
    }  # fmt: skip


def medal(who: str) -> Values:
    """One medal of hers, and a secret one, which keeps its secret."""
    medals = held()
    values = seen("full" if who == "full" else "nameless")
    found = medals[0]
    if who == "secret":
        found = found._replace(tile=found.tile._replace(code="welcome_back"), rarity=None)
    return values | {"medal": found}
