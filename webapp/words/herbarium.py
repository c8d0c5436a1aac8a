"""The herbarium as the words that stand in it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from gamification.readmodels.herbarium import (
    ONE_IN,
    RARE_BELOW,
    SPECIES,
    HerbariumPage,
    Leaf,
    LeafPage,
)
from webapp.moulds import Code
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext
from webapp.words.breaks import breakable
from webapp.words.formats import clock, day, day_year, money, number

NAMES: Mapping[str, str] = {
    "laurel": _l("Laurel"),
    "oak": _l("Oak"),
    "maple": _l("Maple"),
    "birch": _l("Birch"),
    "ginkgo": _l("Ginkgo"),
    "linden": _l("Linden"),
    "rowan": _l("Rowan"),
    "willow": _l("Willow"),
    "aspen": _l("Aspen"),
    "chestnut": _l("Horse chestnut"),
    "tulip": _l("Tulip tree"),
    "fern": _l("Fern"),
}
LATIN: Mapping[str, str] = {
    "laurel": "Laurus nobilis",
    "oak": "Quercus robur",
    "maple": "Acer platanoides",
    "birch": "Betula pendula",
    "ginkgo": "Ginkgo biloba",
    "linden": "Tilia cordata",
    "rowan": "Sorbus aucuparia",
    "willow": "Salix alba",
    "aspen": "Populus tremula",
    "chestnut": "Aesculus hippocastanum",
    "tulip": "Liriodendron tulipifera",
    "fern": "Dryopteris filix-mas",
}
STORIES: Mapping[str, str] = {
    "laurel": _l("Crowns poets and flavours soup, and sees no contradiction in it."),
    "oak": _l("Takes its time: the first acorns come when it is forty."),
    "maple": _l("Turns red as if every autumn were its first."),
    "birch": _l("Writes on its own bark and says only what is needed."),
    "ginkgo": _l(
        "Has looked like this for two hundred million years and is in no hurry to change."
    ),
    "linden": _l("Blooms when nobody looks, and the whole street notices."),
    "rowan": _l("Keeps its berries for those who stay for the winter."),
    "willow": _l("Bends at the slightest wind and has never broken an appointment."),
    "aspen": _l("Trembles even without wind: it simply takes everything to heart."),
    "chestnut": _l("Hands out seven fingers at once, so that nobody is left without."),
    "tulip": _l("Looks as if somebody had cut its tip off, and is proud of the cut."),
    "fern": _l("Never bloomed, and has the best reputation of all who did not."),
}
SEASONS: Mapping[str, str] = {
    "spring": _l("Spring"),
    "summer": _l("Summer"),
    "autumn": _l("Autumn"),
    "winter": _l("Winter"),
}
SHOWN_OF_DIGEST = 8


def species_name(species: str) -> str:
    """The species in the reader's language."""
    return _(NAMES[species])


def species_story(species: str) -> str:
    """One line about a species."""
    return _(STORIES[species])


class SheetWords(NamedTuple):
    """A leaf on its sheet of paper. `lean` is how it lies."""

    href: str
    art: Code
    lean: Code
    rare: bool
    name: str
    on: str
    instant: str
    label: str


def sheet_words(leaf: Leaf, href: str) -> SheetWords:
    """What a sheet says."""
    name, on = species_name(leaf.species), day(leaf.on)
    label = _("%(name)s, %(day)s", name=name, day=day_year(leaf.on))
    return SheetWords(
        href=href,
        art=art_of_leaf(leaf),
        lean=Code("abcd"[leaf.id % 4]),
        rare=leaf.rare,
        name=name,
        on=on,
        instant=leaf.on.isoformat(),
        label=_("Rare leaf: %(leaf)s", leaf=label) if leaf.rare else label,
    )


def art_of_leaf(leaf: Leaf) -> Code:
    """The symbol of a leaf in static/leaves.svg."""
    return Code(f"{leaf.species}-{'rare' if leaf.rare else leaf.season}")


class KindWords(NamedTuple):
    """A species in the row of all: found or not, and how often."""

    href: str
    art: Code
    name: str
    times: str
    found: bool
    chosen: bool
    label: str


def kind_words(species: str, page: HerbariumPage, chosen: str | None, href: str) -> KindWords:
    """What a species of the row says."""
    count = page.species.get(species, 0)
    name = species_name(species)
    label = _("%(name)s: not found yet", name=name)
    if count:
        label = _("%(name)s: %(leaves)s", name=name, leaves=leaves_text(count))
    tint = "summer" if count else "blank"
    return KindWords(
        href=href if count else "",
        art=Code(f"{species}-{tint}"),
        name=breakable(name),
        times=number(count) if count else "",
        found=count > 0,
        chosen=species == chosen,
        label=label,
    )


def leaves_text(count: int) -> str:
    """«142 листа»."""
    return str(ngettext("%(n)s leaf", "%(n)s leaves", count, n=number(count)))


def season_name(season: str) -> str:
    """«Осень», standing alone."""
    return _(SEASONS[season])


def rare_text(count: int) -> str:
    """«3 редких»."""
    return str(ngettext("%(n)s rare", "%(n)s rare ones", count, n=number(count)))


def species_text(page: HerbariumPage) -> str:
    """«7 видов из 12»."""
    found = len(page.species)
    return str(
        ngettext("%(n)s of %(all)s species", "%(n)s of %(all)s species", found,
                 n=number(found), all=number(len(SPECIES)))
    )  # fmt: skip


def odds_text() -> str:
    """The odds, printed where anybody sees them."""
    return _(
        "One leaf in %(one_in)s is rare. The receipt's own number decides, not the sum and not"
        " luck at the till; a rare leaf brings no points.", one_in=number(ONE_IN),
    )  # fmt: skip


def check_text() -> str:
    """How anybody can repeat a draw."""
    return _(
        "Hash the text below with SHA-256 in any tool: when the first eight digits come before"
        " %(bound)s, the leaf is rare.", bound=RARE_BELOW,
    )  # fmt: skip


class LeafFact(NamedTuple):
    """One line about a leaf."""

    label: str
    value: str


class LeafWords(NamedTuple):
    """The page of one leaf."""

    art: Code
    lean: Code
    rare: bool
    name: str
    latin: str
    story: str
    on: str
    instant: str
    facts: tuple[LeafFact, ...]
    text: str
    first: str
    rest: str
    verdict: str


def leaf_words(page: LeafPage) -> LeafWords:
    """What the page of a leaf says."""
    leaf = page.leaf
    digest = page.draw.digest
    verdict = (
        _("%(digits)s comes before %(bound)s: rare.")
        if leaf.rare
        else _("%(digits)s does not come before %(bound)s: a usual leaf.")
    )
    return LeafWords(
        art=art_of_leaf(leaf),
        lean=Code("abcd"[leaf.id % 4]),
        rare=leaf.rare,
        name=species_name(leaf.species),
        latin=LATIN[leaf.species],
        story=species_story(leaf.species),
        on=day_year(leaf.on),
        instant=leaf.on.isoformat(),
        facts=leaf_facts(page),
        text=page.draw.text,
        first=digest[:SHOWN_OF_DIGEST],
        rest=digest[SHOWN_OF_DIGEST:],
        verdict=verdict % {"digits": digest[:SHOWN_OF_DIGEST], "bound": RARE_BELOW},
    )


def leaf_facts(page: LeafPage) -> tuple[LeafFact, ...]:
    """When, where and of which receipt."""
    leaf = page.leaf
    facts: Sequence[tuple[str, str | None]] = (
        (_("Found on"), f"{day_year(leaf.on)}, {clock(page.at)}"),
        (_("Season"), season_name(leaf.season)),
        (_("Place"), leaf.place),
        (_("Main goods"), leaf.category or _("not known, so the species was drawn")),
        (_("Receipt"), leaf.receipt),
        (_("Sum"), money(leaf.amount_minor, page.currency)),
        (_("Of this species"), _("%(number)s of %(all)s", number=leaf.number, all=page.of)),
    )
    return tuple([LeafFact(label, value) for label, value in facts if value])


FILTERS: dict[str, Callable[..., Any]] = {
    "species_name": species_name,
    "species_story": species_story,
    "species_text": species_text,
    "sheet_words": sheet_words,
    "leaf_words": leaf_words,
    "leaves_text": leaves_text,
    "season_name": season_name,
    "rare_text": rare_text,
}
