"""What keys do, by place."""

from typing import NamedTuple

from webapp.tongue import gettext as _


class KeyWords(NamedTuple):
    """Keys, any of which does the same, and what they do; `single` ones can be switched off."""

    keys: tuple[str, ...]
    text: str
    single: bool = False


class KeyGroup(NamedTuple):
    """Keys of one place."""

    title: str
    rows: tuple[KeyWords, ...]


def key_groups(*, member: bool) -> tuple[KeyGroup, ...]:
    """The keys that somebody can use: the medals are a member's."""
    everywhere = KeyGroup(
        _("On every page"),
        (
            KeyWords(("?",), _("This list"), single=True),
            KeyWords(("/",), _("To the search, where there is one"), single=True),
            KeyWords(("Tab", "Shift + Tab"), _("Onwards and back through links, buttons, fields")),
            KeyWords(("Enter",), _("Open a link, press a button, send a form")),
            KeyWords((_("Space"),), _("Press a button, turn a switch")),
            KeyWords(("Esc",), _("Leave the scene, the card or the medal")),
        ),
    )
    medals = KeyGroup(
        _("On the board of medals"),
        (
            KeyWords(("←", "↑", "→", "↓"), _("From medal to medal")),
            KeyWords(("Enter",), _("Open the medal")),
            KeyWords(("P",), _("Pin it or unpin it"), single=True),
        ),
    )
    return (everywhere, medals) if member else (everywhere,)
