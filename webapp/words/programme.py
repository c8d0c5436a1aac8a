"""The places around the programme, as the owner finds them from its page."""

from collections.abc import Callable

from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.words.settings import GroupWords, SectionWords


def programme_places(href: Callable[[str], str]) -> tuple[GroupWords, ...]:
    """Rows under two headings: what customers see of it, and what it is made of.

    Args:
        href: the address of an endpoint.
    """

    def row(key: str, icon: str, title: str, note: str) -> SectionWords:
        return SectionWords(Code(key), Code(icon), title, note, href(f"console.{key}"), here=False)

    return (
        GroupWords(
            _("For customers"),
            (
                row("invitations", "users", _("Friends"),
                    _("What an invitation brings, and to whom")),
                row("segments", "layers", _("Segments"), _("Who your customers are")),
                row("messages", "mail", _("Messages"), _("What they are told, and how often")),
            ),
        ),
        GroupWords(
            _("Rules and tills"),
            (
                row("rehearsals", "flask", _("Rehearse a change on the past"),
                    _("Whom a rule or a tier would have cost or paid")),
                row("acts", "check", _("Acts besides purchases"),
                    _("What a review, a birthday or a visit brings")),
                row("tills", "key", _("Connect the till"), _("Keys, and what tills sent")),
            ),
        ),
    )  # fmt: skip
