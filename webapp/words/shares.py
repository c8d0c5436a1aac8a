"""Ready messages for inviting friends: the text, and where each channel takes it."""

from typing import NamedTuple
from urllib.parse import quote

from gamification.commands.referrals import ReferralTerms
from webapp.links import invitation_href
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.words.formats import money, points

CHANNELS = (("telegram", "send"), ("vk", "users"), ("whatsapp", "chat"), ("email", "mail"))
"""Channels with the icon of each; the names of the companies are the same in every language."""


class ChannelWords(NamedTuple):
    """A channel with a message that is ready to go."""

    key: Code
    icon: Code
    name: str
    href: str


class ShareWords(NamedTuple):
    """A link to copy and show, and messages to send; no name and no number of anybody."""

    scheme: str
    place: str
    code: str
    title: str
    message: str
    by_system: str
    text: str
    channels: tuple[ChannelWords, ...]


def share_words(base: str, code: str, terms: ReferralTerms, currency: str, shop: str) -> ShareWords:
    """Everything that is sent or copied, in the reader's language."""
    link = invitation_href(base, code, plain=True)
    scheme, _sep, rest = link.removesuffix(code).partition("://")
    text = invitation_text(terms, currency, shop)
    return ShareWords(
        scheme=f"{scheme}://",
        place=rest,
        code=code,
        title=_("An invitation to “%(shop)s”", shop=shop),
        message=f"{text} {link}",
        by_system=invitation_href(base, code, "share", plain=True),
        text=text,
        channels=tuple(
            ChannelWords(Code(key), Code(icon), channel_name(key), channel_href(
                key, text, invitation_href(base, code, key, plain=True), shop))
            for key, icon in CHANNELS
        ),
    )  # fmt: skip


def invitation_text(terms: ReferralTerms, currency: str, shop: str) -> str:
    """What a friend is told: what they get and when, and nothing about who invites."""
    total = money(terms.minimum, currency)
    if terms.friend_points:
        return _(
            "I like “%(shop)s”. With my link you get %(points)s after a first purchase of %(sum)s"
            " or more.", shop=shop, points=points(terms.friend_points), sum=total,
        )  # fmt: skip
    if terms.welcome_points:
        gift = points(terms.welcome_points)
        return _(
            "I like “%(shop)s”. With my link you get %(points)s just for joining.",
            shop=shop, points=gift,
        )  # fmt: skip
    return _("I like “%(shop)s”. Join with my link.", shop=shop)


def channel_name(key: str) -> str:
    """What a channel is called."""
    return {"telegram": _("Telegram"), "vk": "VK", "whatsapp": "WhatsApp", "email": _("Mail")}[key]


def channel_href(key: str, text: str, link: str, shop: str) -> str:
    """Where a channel takes a text with a link."""
    said, address = quote(text, safe=""), quote(link, safe="")
    if key == "telegram":
        return f"https://t.me/share/url?url={address}&text={said}"
    if key == "vk":
        return f"https://vk.com/share.php?url={address}&title={said}"
    if key == "whatsapp":
        return f"https://wa.me/?text={said}%20{address}"
    subject = quote(_("An invitation to “%(shop)s”", shop=shop), safe="")
    return f"mailto:?subject={subject}&body={said}%0D%0A%0D%0A{address}"
