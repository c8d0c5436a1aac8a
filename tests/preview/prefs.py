"""Invented settings: every section of them, with everything on, off, and refused."""

from typing import Any

from flask_babel import gettext as _

from gamification.readmodels.choices import Losses
from tests.preview import people
from webapp import words
from webapp.consents import AGREED, SEEN, wishes
from webapp.moulds import Code
from webapp.words.settings import (
    GroupWords,
    MessageWords,
    SectionWords,
    SwitchWords,
    UndoWords,
    given_count,
)

Values = dict[str, Any]
ZONES = [("", "Как в магазине: Москва"), ("Asia/Novosibirsk", "Новосибирск, UTC+7")]


def frame(here: str, **values: Any) -> Values:
    """What every section is given."""
    return {"groups": groups(here), "settings_home": "/settings", **values}


def row(key: str, icon: str, title: str, value: str, here: str, hot: bool = False) -> SectionWords:
    href = f"/settings-{key}"
    return SectionWords(Code(key), Code(icon), title, value, href, key == here, hot)


def groups(here: str = "") -> tuple[GroupWords, ...]:
    contacts = "+7 ••• ••• 44 17, a•••@mail.ru"
    return (
        GroupWords(_("You"), (
            row("profile", "users", _("About you"), "Анна Соколова", here),
            row("contacts", "mail", _("Phone and e-mail"), contacts, here),
            row("zone", "globe", _("Time zone"), _("as in the shop"), here))),
        GroupWords(_("Cabinet"), (
            row("looks", "screen", _("Look and language"), "Русский, тёмная тема", here),
            row("messages", "bell", _("Messages"), "в кабинете, письмом", here),
            row("privacy", "eye", _("Privacy"), given_count(2, 6), here))),
        GroupWords(_("Safety"), (
            row("devices", "phone", _("Where you are signed in"), "", here),
            row("password", "key", _("Password"), _("not set: you sign in by code"), here))),
        GroupWords(_("My data"), (
            row("copy", "download", _("Download my data"), "", here),
            row("leaving", "close", _("Delete my account"), _("with 14 days to think it over"),
                here, True))),
    )  # fmt: skip


def switch(name: str, title: str, note: str, on: bool, can: bool = True) -> SwitchWords:
    turn = Code("no" if on else "yes")
    return SwitchWords(
        Code(f"s-{name}"), title, note, on, can, Code(name), turn, "/x", Code("privacy"), "token"
    )


def overview(who: str) -> Values:
    return {
        "groups": groups(), "leaving": "9 декабря 2026" if who == "leaving" else "",
        "hrefs": {"sign_out": "/x", "leaving": "/settings-leaving"},
    }  # fmt: skip


def looks(_who: str) -> Values:
    calm = _(
        "Nothing flies, grows or falls. When this is off, the cabinet follows your device’s"
        " setting."
    )
    chime = _("A short chime when something is earned. Off unless you want it.")
    switches = (
        switch("still", _("Less motion"), calm, False), switch("sound", _("Sound"), chime, True),
    )  # fmt: skip
    return frame("looks", switches=switches)


def privacy(who: str) -> Values:
    known = wishes()
    given = ("friends", "marketing")
    made = {name: switch(name, known[name].title, known[name].text, name in given)
            for name in (*SEEN, *AGREED)}  # fmt: skip
    told = {}
    if who == "undo":
        undo = UndoWords("/x", Code("friends"), Code("no"), Code("privacy"), "token")
        told = {"toast": f"{known['friends'].title}: {_('on')}", "undo": undo}
    return frame("privacy", switches=tuple(made[name] for name in SEEN),
                 agreed=tuple(made[name] for name in AGREED), error="", shelf_href="/shelf",
                 **told)  # fmt: skip


def messages(who: str) -> Values:
    kinds = tuple(
        MessageWords(
            str(words.settings.KIND_NAMES[kind]), str(words.settings.KIND_NOTES.get(kind, "")), (
            switch(f"{kind}-email", f"{kind} email", "", kind != "medal"),
            switch(f"{kind}-sms", f"{kind} sms", "", False, can=who != "broken")))
        for kind in words.settings.KIND_NAMES
    )  # fmt: skip
    lacks = [(_("To get SMS, confirm a phone first."), "/settings-contacts")]
    return frame(
        "messages", kinds=kinds, quiet=None if who == "broken" else (22, 8), action="/x",
        hours=[(str(n), f"{n:02d}:00") for n in range(24)],
        error=_("Quiet hours begin and end at different times.") if who == "broken" else "",
        missing=lacks if who == "broken" else [],
    )  # fmt: skip


def zone(who: str) -> Values:
    return frame(
        "zone", action="/x", zones=ZONES, zone="", error="", shop_zone="Москва",
        current="Новосибирск", local="16:20", locked="24 декабря 2026" if who == "locked" else "",
    )  # fmt: skip


def contacts(_who: str) -> Values:
    rows = [
        {"kind": "phone", "icon": "phone", "title": _("Phone"), "contact": "+7 ••• ••• 44 17",
         "confirmed": True, "change": "/x", "confirm": None, "remove": "/x"},
        {"kind": "email", "icon": "mail", "title": _("E-mail"), "contact": "a•••@mail.ru",
         "confirmed": False, "change": "/x", "confirm": "/x", "remove": "/x"},
    ]  # fmt: skip
    return frame("contacts", rows=rows)


def contact(who: str) -> Values:
    wrong = _("Enter a phone number with its country code.") if who == "broken" else ""
    return frame("contacts", action="/x", kind="phone", value="", error=wrong,
                 before="+7 ••• ••• 44 17", hrefs={"back": "/x"})  # fmt: skip


def contact_code(who: str) -> Values:
    return frame("contacts", action="/x", contact="+7 ••• ••• 44 17",
                 error="Код не подошёл." if who == "broken" else "",
                 wait=0 if who == "broken" else 41,
                 hrefs={"again": "/x", "back": "/x"})  # fmt: skip


def sure(_who: str) -> Values:
    return frame("password", title=_("Remove the password?"), action="/x",
                 lead=_("Then you sign in by code alone: to your phone or e-mail."),
                 button=_("Remove the password"), hrefs={"back": "/x"})  # fmt: skip


def devices(_who: str) -> Values:
    sessions = [
        {"key": "a", "device": "iPhone, Safari", "place": "91.77.12.0", "seen_at": people.NOON,
         "current": True},
        {"key": "b", "device": "Windows, Chrome", "place": None, "seen_at": people.NOON,
         "current": False},
    ]  # fmt: skip
    return frame("devices", sessions=sessions, hrefs={"revoke": "/x", "revoke_all": "/x"})


def password(who: str) -> Values:
    wrong = "Пароль слишком короткий: нужно не меньше 10 знаков." if who == "broken" else ""
    return frame("password", action="/x", error=wrong, has=True, can_code=True, account="",
                 hrefs={"remove": "/x"})  # fmt: skip


def profile(_who: str) -> Values:
    return frame("profile", action="/x", name="Анна Соколова", birthday="1990-03-10",
                 city="Королёв", fixed=True, errors={}, earliest="1900-01-01")  # fmt: skip


def copy(_who: str) -> Values:
    return frame("copy", hrefs={"page": "/x", "json": "/x"})


def leaving(who: str) -> Values:
    losses = Losses(2_480, 180, 248_000, "RUB", 18, people.VETV, 3, leaves_marks=True)
    wrong = _("That is not the right word. Nothing was deleted.") if who == "broken" else ""
    return frame("leaving", losses=losses, goes_on="9 декабря 2026", is_leaving=who == "leaving",
                 word=_("delete"), error=wrong, action="/x", stay="/x",
                 hrefs={"data": "/x"})  # fmt: skip


SECTIONS = {
    "": overview, "looks": looks, "privacy": privacy, "messages": messages, "zone": zone,
    "contacts": contacts, "contact": contact, "contact_code": contact_code, "sure": sure,
    "devices": devices, "password": password, "profile": profile, "copy": copy,
    "leaving": leaving,
}  # fmt: skip
WHO = {
    "settings": ("full", "leaving"), "settings-privacy": ("full", "undo"),
    "settings-messages": ("full", "broken"), "settings-zone": ("full", "locked"),
    "settings-contact": ("full", "broken"), "settings-contact-code": ("full", "broken"),
    "settings-password": ("full", "broken"), "settings-leaving": ("full", "broken", "leaving"),
}  # fmt: skip
