"""What stands around every page: brand, person, links, language and theme.

A link exists only when its page does.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from webapp.moulds import Code
from webapp.tongue import gettext as _

NOWHERE = Code("")
Theme = Literal["system", "light", "dark"]


class Shop(NamedTuple):
    """The brand on the page. `coloured` asks for its style sheet."""

    name: str
    logo_href: str | None = None
    coloured: bool = False
    brand_href: str = "/brand.css"


class Link(NamedTuple):
    """A place in the menu; `raised` is the card in the middle of the tabs.

    A phone has room for few: those with `tab`. The rail shows all.
    """

    key: Code
    icon: Code
    label: str
    href: str
    raised: bool = False
    tab: bool = True


class Person(NamedTuple):
    """Who is signed in, and a line under the name."""

    name: str
    note: str = ""
    initials: str = "·"


class Install(NamedTuple):
    """What a phone needs to keep the programme like an app. Without `worker` nothing is kept."""

    manifest: str
    icon: str
    worker: str = ""


class Frame(NamedTuple):
    """Everything that the layouts need."""

    shop: Shop
    locale: Code
    theme: Theme
    home_href: str
    prefs_href: str  # takes POST of `locale` or `theme`, and `next`
    here: str = "/"  # where to come back to after a change of language or theme
    current: Code = NOWHERE
    links: tuple[Link, ...] = ()
    person: Person | None = None
    settings_href: str | None = None
    sign_out_href: str | None = None
    as_of: date | None = None  # a read-only view of that day
    test_mode: bool = False
    token: str = ""  # against forged forms
    leaving_href: str = ""  # where somebody who is leaving can still stay
    still: bool = False  # nothing may move more than it must
    sound: bool = False
    inbox_href: str | None = None
    unread: str = ""  # messages that were not seen yet
    install: Install | None = None
    keys_href: str = ""  # the list of keys, for who is signed in
    keyless: bool = False  # single keys do nothing


def member_links(hrefs: Mapping[str, str]) -> tuple[Link, ...]:
    """The member's menu, for the pages that have an address."""
    known = (
        ("home", "home", _("Home"), True),
        ("challenges", "target", _("Challenges"), True),
        ("tiers", "layers", _("Tiers"), False),
        ("medals", "medal", _("Medals"), True),
        ("card", "qr", _("Card"), True),
        ("history", "list", _("History"), "challenges" not in hrefs),
        ("friends", "users", _("Friends"), True),
        ("herbarium", "leaf", _("Herbarium"), False),
    )
    return tuple(
        Link(Code(key), Code(icon), str(label), hrefs[key], key == "card", tab)
        for key, icon, label, tab in known
        if key in hrefs
    )


OFF_THE_PHONE = ("invitations", "segments", "rehearsals", "messages")
"""Places of the staff that a phone finds by the pages around them, where tabs are short."""
MOST_TABS = 5


def staff_links(hrefs: Mapping[str, str]) -> tuple[Link, ...]:
    """The menu of the people who work in the shop."""
    known = (
        ("console", "chart", _("Overview")),
        ("find", "search", _("Find")),
        ("reviews", "clock", _("To decide")),
        ("challenges", "target", _("Challenges")),
        ("invitations", "users", _("Friends")),
        ("segments", "layers", _("Segments")),
        ("rehearsals", "flask", _("Rehearsals")),  # a phone comes to these by the pages around
        ("messages", "mail", _("Messages")),
        ("setup", "cog", _("Programme")),
    )
    shown = [each for each in known if each[0] in hrefs]
    first = [key for key, *_rest in shown if key not in OFF_THE_PHONE]
    rest = [key for key, *_rest in shown if key in OFF_THE_PHONE]
    tabs = {*first, *rest[: max(0, MOST_TABS - len(first))]}
    return tuple(
        Link(Code(key), Code(icon), str(label), hrefs[key], tab=key in tabs)
        for key, icon, label in shown
    )
