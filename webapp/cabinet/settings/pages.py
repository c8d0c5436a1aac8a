"""What the sections share: the list beside them, switches, and the toast that undoes."""

from typing import Any

from flask import Response, g, redirect, request, url_for
from flask_babel import gettext as _

from gamification.readmodels.choices import Choices, choices_of
from webapp.accounts.queries import Visitor
from webapp.cabinet.person import own_member_id
from webapp.consents import AGREED, SEEN
from webapp.frame import chosen_locale, chosen_theme, frame_for
from webapp.links import page_href
from webapp.moulds import Code
from webapp.page import page, wanted_block
from webapp.sealing import form_token
from webapp.signin import is_fresh, signed_in
from webapp.words.formats import day_year
from webapp.words.settings import (
    GroupWords,
    SectionWords,
    SwitchWords,
    UndoWords,
    channels_text,
    contacts_text,
    given_count,
    looks_text,
)
from webapp.world import entrance_worlds, open_world
from webapp.zones import zone_name

EVERYBODY = ("customer", "cashier", "marketer", "owner")


def read_choices() -> Choices:
    """The member's settings, read once per request."""
    if "choices" not in g:
        with open_world(readonly=True) as world:
            g.choices = choices_of(world, own_member_id())
    found: Choices = g.choices
    return found


def section_page(section: str, *, status: int = 200, **values: Any) -> Response:
    """A section with the list beside it; for htmx the block alone, without the list."""
    g.frame = frame_for("settings")
    groups = () if wanted_block() else groups_for(signed_in(), section)
    return page(
        f"cabinet/settings/{section}.html", status=status, frame=g.frame, groups=groups,
        settings_home=page_href("cabinet.settings"), **values,
    )  # fmt: skip


def groups_for(who: Visitor, here: str = "") -> tuple[GroupWords, ...]:
    """The list of sections that this person has, with what is chosen in each."""
    looks = row("looks", "screen", _("Look and language"), looks_value(who), "cabinet.looks", here)
    password = _("set") if who.has_password else _("not set: you sign in by code")
    safety = GroupWords(
        _("Safety"),
        (
            row("devices", "phone", _("Where you are signed in"), "", "cabinet.devices", here),
            row("password", "key", _("Password"), password, "cabinet.password", here),
        ),
    )
    if who.is_staff:
        return (GroupWords(_("Cabinet"), (looks,)), safety)
    mine = read_choices()
    return (own_group(mine, here), cabinet_group(mine, looks, here), safety, copy_group(mine, here))


def own_group(mine: Choices, here: str) -> GroupWords:
    zone = zone_name(mine.zone) if mine.zone else _("as in the shop")
    contacts = contacts_text(mine.contacts)
    return GroupWords(
        _("You"),
        (
            row("profile", "users", _("About you"), mine.name, "cabinet.profile", here),
            row("contacts", "mail", _("Phone and e-mail"), contacts, "cabinet.contacts", here),
            row("zone", "globe", _("Time zone"), zone, "cabinet.zone", here),
        ),
    )


def cabinet_group(mine: Choices, looks: SectionWords, here: str) -> GroupWords:
    asked = (*SEEN, *AGREED)
    given = given_count(len(mine.given & set(asked)), len(asked))
    return GroupWords(
        _("Cabinet"),
        (
            looks,
            row("messages", "bell", _("Messages"), channels_text(mine), "cabinet.messages", here),
            row("privacy", "eye", _("Privacy"), given, "cabinet.privacy", here),
        ),
    )


def copy_group(mine: Choices, here: str) -> GroupWords:
    leaving = (
        _("on %(day)s, can be undone", day=day_year(mine.erase_on)) if mine.erase_on else
        _("with 14 days to think it over")
    )  # fmt: skip
    return GroupWords(
        _("My data"),
        (
            row("copy", "download", _("Download my data"), "", "cabinet.own_copy", here),
            row("leaving", "close", _("Delete my account"), leaving, "cabinet.leaving", here, True),
        ),
    )


def row(
    key: str, icon: str, title: str, value: str, endpoint: str, here: str, hot: bool = False
) -> SectionWords:
    return SectionWords(Code(key), Code(icon), title, value, page_href(endpoint), key == here, hot)


def looks_value(who: Visitor) -> str:
    return looks_text(chosen_locale(), chosen_theme(who))


def switch(
    name: str,
    title: str,
    note: str,
    on: bool,
    *,
    endpoint: str,
    target: str,
    can: bool = True,
    turns: tuple[str, str] = ("yes", "no"),
) -> SwitchWords:
    """A switch; pressing it sends the first of `turns` to switch on, the second to switch off."""
    return SwitchWords(
        id=Code(f"s-{name.replace('.', '-')}"), title=title, note=note, on=on, can=can,
        field=Code(name), turn=Code(turns[on]), href=page_href(endpoint), target=Code(target),
        token=form_token(),
    )  # fmt: skip


def undo_of(one: SwitchWords) -> UndoWords:
    """The way back from the press that brought a switch to where it is now."""
    return UndoWords(one.href, one.field, one.turn, one.target, one.token)


def change_text(one: SwitchWords) -> str:
    """«Medals on a public shelf: on»."""
    now = _("on") if one.on else _("off")
    return f"{one.title}: {now}"


def changed(switches: tuple[SwitchWords, ...], name: str) -> dict[str, Any]:
    """Toast and undo for the switch that was just pressed; nothing for an unknown name."""
    found = next((one for one in switches if one.field == name), None)
    return {"toast": change_text(found), "undo": undo_of(found)} if found else {}


def pressed(names: tuple[str, ...]) -> tuple[str, bool] | None:
    """Which switch a form is about and where it is to go; None for a form that nobody made."""
    for name in names:
        if (turn := request.form.get(name)) in ("yes", "no"):
            return name, turn == "yes"
    return None


def go_to(endpoint: str, **values: Any) -> Response:
    """Lead on after a form."""
    return redirect(url_for(endpoint, **values), code=303)  # type: ignore[return-value]


def ask_again(endpoint: str, **values: Any) -> Response | None:
    """Lead somebody who signed in long ago to the door once more, and back to a page."""
    who = signed_in()
    if is_fresh(who, entrance_worlds().clock()):
        return None
    door = "entrance.staff" if who.is_staff else "entrance.sign_in"
    return redirect(  # type: ignore[return-value]
        url_for(door, next=url_for(endpoint, **values), again=1), code=303
    )
