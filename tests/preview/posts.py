"""Invented messages of the shop for the console's scenes, and the way out of them."""

from typing import Any

from flask_babel import force_locale

from gamification.readmodels.inbox import InboxRow
from gamification.readmodels.messages import COPIED, PLACES
from tests.preview import people
from webapp.console.messages import Preview
from webapp.words.inbox import inbox_words
from webapp.words.messages import PLACE_NOTES, TITLES, WHEN, message_words, shipped
from webapp.words.settings import LANGUAGE_NAMES

Values = dict[str, Any]
WHO = {
    "messages": ("full", "broken"),
    "message": ("full", "empty", "broken", "long"),
    "unsubscribe": ("full", "champion", "empty", "broken", "undone"),
}


def messages(who: str) -> Values:
    """Every kind, one of them in the shop's own words; or a limit that cannot be."""
    changed = ["Русский"] if who == "full" else []
    return {
        "rows": [
            (str(TITLES[kind]), str(WHEN[kind]), kind in COPIED,
             changed if kind == "birthday" else [], "/console/message")
            for kind in PLACES
        ],
        "values": {"most": "много" if who == "broken" else "1"},
        "errors": {"most": "Введите целое число от 0 до 20."} if who == "broken" else {},
        "said": "saved" if who == "full" else "", "hrefs": {"save": "/x"},
    }  # fmt: skip


def message(who: str) -> Values:
    """The invitation, tried on two people; with faults for `broken`, a long text for `long`."""
    kind, told = (
        "challenge_invitation",
        InboxRow(1, "challenge_invitation", MESSAGE, None, people.NOON, True),
    )
    words = shipped(kind)
    typed = {f"{field}_{code}": text for code in LANGUAGE_NAMES
             for field, text in zip(("subject", "text"), words, strict=True)}  # fmt: skip
    if who == "long":
        typed |= {"text_ru": "Пирогиспечёныспозаранкуинеостыли" * 12}
    wrong = {
        "subject_ru": "Здесь нужен текст.",
        "text_en": "Подстановки {nobody} в этом сообщении нет. Выберите из списка рядом.",
    }
    read = {}
    for code in LANGUAGE_NAMES:
        with force_locale(code):
            row = inbox_words(told, "RUB")
            read[code] = (row, message_words(kind, MESSAGE, None, "RUB"))
    changes = [(people.NOON, "Марина", "Русский", words.subject, words.text),
               (people.NOON, "Марина", "English", None, None)]  # fmt: skip
    return {
        "title": str(TITLES[kind]), "when": str(WHEN[kind]),
        "languages": [(code, name, code == "ru") for code, name in LANGUAGE_NAMES.items()],
        "places": [(name, str(PLACE_NOTES[name])) for name in PLACES[kind]], "most": (120, 1000),
        "values": typed, "errors": wrong if who == "broken" else {},
        "previews": [Preview(name, code, *read[code]) for name in ("Анна", "Константин-Аристарх")
                     for code in LANGUAGE_NAMES],
        "changes": changes if who != "empty" else [], "said": "",
        "hrefs": {"save": "/x", "back": "/x"},
    }  # fmt: skip


MESSAGE: Values = {
    "name": "Анна Седова", "shop": "Полдень", "points": 200, "medal": True, "until": "2025-11-30",
    "names": {"ru": "Неделя пирогов", "en": "Pie week"}, "left": 2, "unit": "purchase",
    "abouts": {"ru": "Три разных пирога за неделю.", "en": "Three different pies in a week."},
}  # fmt: skip


def unsubscribe(who: str) -> Values:
    """The way out of news: asked, done, undone, gone, broken."""
    state = {"full": "asked", "champion": "done", "empty": "gone", "broken": "broken"}.get(
        who, "again"
    )
    return {"state": state, "undo": "x" if state == "done" else "",
            "hrefs": {"leave": "/x", "undo": "/x", "settings": "/settings-messages"}}  # fmt: skip
