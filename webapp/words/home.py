"""The blocks of Home as the words that stand in them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from gamification.readmodels.views import HomeView, MedalTile, NextStep, PassCard
from webapp.art.wreath import lit_leaves
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import ngettext
from webapp.words.breaks import breakable
from webapp.words.challenge_pages import glyph_of
from webapp.words.formats import day, grouped, money, named, number, percent, signed
from webapp.words.medals import ROMAN, medal_done, medal_label, medal_name, medal_rule
from webapp.words.pieces import medal_href, tier_metal
from webapp.words.steps import days_left, step_text, step_title, tier_line, tier_next

LONG_BALANCE = 10_000
LONG_NUMBER = 12
STEP_GLYPHS = {"expiring": "clock", "tier": "leaf", "pending": "clock", "first_purchase": "bag"}


class TierWords(NamedTuple):
    """The card of the tier; `lit` leaves shine, `next` and `share` are empty on the top."""

    metal: Code
    line: str
    rate: str
    long: bool
    points: str
    balance: str
    worth: str
    lit: int
    ring: str
    share: str
    next: str
    top: bool
    number: str
    way: str
    card_href: str
    history_href: str
    tiers_href: str


def tier_words(
    home: HomeView, card_href: str, history_href: str, tiers_href: str = ""
) -> TierWords:
    """What the card of the tier says."""
    tier = home.tier
    ring, share, following = _("The whole wreath: the highest tier"), "", ""
    if tier.next is not None:
        name = named(tier.next.name)
        ring = _("%(pct)s%% of the way to the tier “%(tier)s”", pct=tier.filled_pct, tier=name)
        share = percent(tier.filled_pct * 100) if tier.filled_pct else ""
        following = _("to “%(tier)s”", tier=name) if share else _("first leaf is lit")
    worth = money(home.worth_minor, home.currency)
    return TierWords(
        metal=Code(tier_metal(tier)),
        line=tier_line(tier),
        rate=_("%(rate)s in points", rate=percent(tier.rate_bp)),
        long=home.balance >= LONG_BALANCE,
        points=str(home.balance),
        balance=number(home.balance),
        worth=ngettext(
            "point, worth %(money)s", "points, worth %(money)s", home.balance, money=worth
        ),
        lit=lit_leaves(tier.filled_pct if tier.next is not None else 100),
        ring=ring,
        share=share,
        next=following,
        top=tier.next is None,
        number=str(tier.number),
        way=tier_next(tier, home.currency),
        card_href=card_href,
        history_href=history_href,
        tiers_href=tiers_href,
    )


class PassWords(NamedTuple):
    """The club card on Home."""

    number: str
    long: bool
    holder: str
    label: str
    code_href: str
    href: str


def pass_words(card: PassCard, href: str, code_href: str) -> PassWords:
    """What the club card says."""
    shown = grouped(card.number)
    label = _("QR code of the card %(number)s", number=shown)
    return PassWords(shown, len(card.number) > LONG_NUMBER, card.holder, label, code_href, href)


class FactsWords(NamedTuple):
    """Points on the way and points that will burn; each is absent when there are none."""

    pending: str
    arrival: str
    pending_href: str
    expiring: str
    burn: str
    expiring_href: str


def facts_words(home: HomeView, pending_href: str, expiring_href: str) -> FactsWords:
    """What the two facts say."""
    pending = arrival = expiring = burn = ""
    if home.pending:
        first = home.pending[0]
        on = day(first.on, home.today)
        pending = signed(sum(lot.points for lot in home.pending))
        arrival = (
            _("arrive on %(day)s", day=on)
            if len(home.pending) == 1
            else _("first %(points)s on %(day)s", points=number(first.points), day=on)
        )
    if home.expiring:
        soonest = home.expiring[0]
        expiring = number(soonest.points)
        burn = f"{day(soonest.on, home.today)}, {days_left(soonest.days_left)}"
    return FactsWords(pending, arrival, pending_href, expiring, burn, expiring_href)


class PictureWords(NamedTuple):
    """A medal as it is drawn; without a label it is only an ornament."""

    code: Code
    level: int
    state: Code
    percent: int
    size: Code
    label: str


def picture_words(tile: MedalTile, size: str = "", spoken: bool = False) -> PictureWords:
    """How a tile is drawn."""
    label = medal_label(tile) if spoken else ""
    if tile.state == "secret":
        return PictureWords(Code(""), 0, Code("secret"), 0, Code(size), label)
    return PictureWords(
        Code(tile.code), tile.level, Code(tile.state), tile.percent, Code(size), label
    )


class StepWords(NamedTuple):
    """The one next step, with a medal or a glyph before it."""

    picture: PictureWords | None
    glyph: Code
    title: str
    text: str
    href: str | None
    button: str


def step_words(step: NextStep, currency: str, href: str | None) -> StepWords:
    """What the next step says; its button shows the card, the challenge or what is on the way."""
    buttons = {"pending": _("See when"), "challenge": _("Open the challenge")}
    glyph = glyph_of(step.challenge.terms) if step.challenge else STEP_GLYPHS.get(step.code, "star")
    return StepWords(
        picture=picture_words(step.medal) if step.medal else None,
        glyph=Code(glyph),
        title=step_title(step),
        text=step_text(step, currency),
        href=href,
        button=str(buttons.get(step.code, _("Show the card"))),
    )


class NewMedalWords(NamedTuple):
    """A medal that was just earned."""

    picture: PictureWords
    name: str
    on: str
    href: str


def new_medal_words(tile: MedalTile, home: HomeView, medals: str = "") -> NewMedalWords:
    """What a new medal says."""
    on = day(tile.earned_on, home.today) if tile.earned_on else ""
    picture, href = picture_words(tile, spoken=True), medal_href(medals, tile)
    return NewMedalWords(picture, breakable(medal_name(tile)), on, href)


class NearMedalWords(NamedTuple):
    """A medal under way: how far, and what it takes."""

    picture: PictureWords
    name: str
    done: str
    value: str
    most: str
    label: str
    rule: str
    href: str


def near_medal_words(tile: MedalTile, medals: str = "") -> NearMedalWords:
    """What a medal under way says."""
    name = medal_name(tile)
    return NearMedalWords(
        picture=picture_words(tile, "xs"),
        name=f"{name} {ROMAN[tile.level]}" if 1 < tile.level < len(ROMAN) else name,
        done=medal_done(tile) if tile.done else "",
        value=str(min(tile.done, tile.target)),
        most=str(tile.target),
        label=medal_label(tile) if tile.done else "",
        rule=medal_rule(tile),
        href=medal_href(medals, tile),
    )


FILTERS: dict[str, Callable[..., Any]] = {
    "tier_words": tier_words,
    "pass_words": pass_words,
    "facts_words": facts_words,
    "picture_words": picture_words,
    "step_words": step_words,
    "new_medal_words": new_medal_words,
    "near_medal_words": near_medal_words,
}
