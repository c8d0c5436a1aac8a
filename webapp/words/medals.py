"""Names and rule sentences of the shipped medals."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gamification.readmodels.medals import subject_of
from gamification.readmodels.views import MedalTile, Named
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext
from webapp.words.formats import minute, named, number, points

NAMES = {
    "first_purchase": _l("First Purchase"),
    "second_visit": _l("Second Visit"),
    "regular": _l("The Regular"),
    "weekly_rhythm": _l("Weekly Rhythm"),
    "explorer": _l("Explorer"),
    "store_hopper": _l("Store Hopper"),
    "full_basket": _l("Full Basket"),
    "connoisseur": _l("Connoisseur"),
    "eleventh_on_us": _l("Eleventh On Us"),
    "early_bird": _l("Early Bird"),
    "night_owl": _l("Night Owl"),
    "weekender": _l("Weekender"),
    "happy_hour": _l("Happy Hour Hunter"),
    "saver": _l("Saver"),
    "welcome_back": _l("Welcome Back"),
    "both_worlds": _l("Both Worlds"),
    "nice_to_meet": _l("Nice to Meet You"),
    "stay_in_touch": _l("Stay in Touch"),
    "daily_visitor": _l("Daily Visitor"),
    "birthday_guest": _l("Birthday Guest"),
    "ambassador": _l("Ambassador"),
    "life_of_party": _l("Life of the Party"),
}
ROMAN = ("", "I", "II", "III", "IV", "V")


def medal_title(code: str, level: int = 0, occurrence: str = "") -> str:
    """A medal's name by its code; the level in Roman numbers when it has several.

    Args:
        occurrence: of a medal that there is for every category, «cat:tea» names which.
    """
    subject = subject_of(occurrence)
    name = name_of(code) if subject is None else subject_name(subject)
    return f"{name}\u00a0{ROMAN[level]}" if 1 < level < len(ROMAN) else name


def name_of(code: str) -> str:
    """The name of a shipped medal; of another one its code."""
    name = NAMES.get(code)
    return _(name) if name else code


def told_medal(values: Mapping[str, Any]) -> str:
    """The medal of a message, with its category or its level; a shop's own by its own name."""
    code, level = values.get("medal", ""), values.get("level", 0)
    if values.get("names"):
        return named(Named(code, values["names"]))
    return medal_title(code, level, values.get("occurrence", ""))


def medals_gone(told: Sequence[Mapping[str, Any]]) -> str:
    """Which medals a return took, as one sentence."""
    names = [told_medal(one) for one in told]
    if len(names) == 1:
        return _("The medal “%(medal)s” went with it.", medal=names[0])
    return _("The medals that went with it: %(medals)s.", medals=", ".join(names))


def subject_name(subject: Named) -> str:
    """What a medal of one category is called."""
    return str(_("Connoisseur: %(category)s", category=named(subject)))


def medal_name(tile: MedalTile) -> str:
    """The name on a tile; a secret keeps its own."""
    if tile.state == "secret":
        return str(_("Secret medal"))
    if tile.subject is not None:
        return subject_name(tile.subject)
    return named(tile.name) if tile.name is not None else name_of(tile.code)


def metal_name(level: int) -> str:
    """The metal of a level, in words."""
    metals = (_("bronze"), _("silver"), _("gold"), _("platinum"), _("obsidian"))
    return str(metals[min(max(level, 1), 5) - 1])


def medal_label(tile: MedalTile) -> str:
    """What a screen reader says: name, level, state, progress."""
    name = medal_name(tile)
    if tile.state == "secret":
        return str(_("%(name)s, not found yet", name=name))
    if tile.state == "earned":
        return str(
            _("%(name)s, level %(level)s, %(metal)s", name=name, level=tile.level,
              metal=metal_name(tile.level))
        )  # fmt: skip
    return str(
        _("%(name)s, level %(level)s, %(done)s of %(target)s", name=name, level=tile.level,
          done=number(tile.done), target=number(tile.target))
    )  # fmt: skip


def medal_done(tile: MedalTile) -> str:
    """«7 из 12»."""
    return str(_("%(done)s of %(target)s", done=number(tile.done), target=number(tile.target)))


def medal_rule(tile: MedalTile) -> str:
    """How the medal is earned, with the numbers of its level."""
    if tile.state == "secret":
        return str(_("It will reveal itself once it is found."))
    if tile.veiled:
        return str(_("The rule comes with the medal."))
    if tile.about is not None and tile.about.names:
        return named(tile.about)
    sentence = RULES.get(tile.code)
    return str(sentence(tile)) if sentence else ""


def first_purchase(_tile: MedalTile) -> str:
    return _("Make your first purchase.")


def second_visit(tile: MedalTile) -> str:
    days = tile.needs or 14
    return ngettext(
        "Come again within %(n)s day of the first purchase.",
        "Come again within %(n)s days of the first purchase.", days, n=number(days),
    )  # fmt: skip


def regular(tile: MedalTile) -> str:
    return ngettext(
        "Shop on %(n)s day.", "Shop on %(n)s different days.", tile.target, n=number(tile.target)
    )


def weekly_rhythm(tile: MedalTile) -> str:
    return ngettext(
        "Shop %(n)s week in a row.", "Shop %(n)s weeks in a row.", tile.target,
        n=number(tile.target),
    )  # fmt: skip


def explorer(tile: MedalTile) -> str:
    return ngettext(
        "Buy from %(n)s category.", "Buy from %(n)s different categories.", tile.target,
        n=number(tile.target),
    )  # fmt: skip


def store_hopper(tile: MedalTile) -> str:
    return ngettext(
        "Shop in %(n)s store.", "Shop in %(n)s different stores.", tile.target,
        n=number(tile.target),
    )  # fmt: skip


def full_basket(tile: MedalTile) -> str:
    lines = number(tile.needs or 15)
    return ngettext(
        "Make %(n)s purchase of %(lines)s items or more.",
        "Make %(n)s purchases of %(lines)s items or more.", tile.target, n=number(tile.target),
        lines=lines,
    )  # fmt: skip


def connoisseur(tile: MedalTile) -> str:
    return ngettext(
        "Buy from one category %(n)s time.", "Buy from one category %(n)s times.", tile.target,
        n=number(tile.target),
    )  # fmt: skip


def eleventh_on_us(tile: MedalTile) -> str:
    if not tile.categories:
        return ngettext(
            "Make %(n)s purchase.", "Make %(n)s purchases.", tile.target, n=number(tile.target)
        )
    return ngettext(
        "Buy from “%(goods)s” %(n)s time.", "Buy from “%(goods)s” %(n)s times.", tile.target,
        n=number(tile.target), goods=", ".join(tile.categories),
    )  # fmt: skip


def between(tile: MedalTile, start: int, end: int) -> dict[str, str]:
    """The hours of a rule as words."""
    first = start if tile.from_minute is None else tile.from_minute
    last = end if tile.to_minute is None else tile.to_minute
    return {"start": minute(first), "end": minute(last)}


def early_bird(tile: MedalTile) -> str:
    return ngettext(
        "Shop between %(start)s and %(end)s, %(n)s time.",
        "Shop between %(start)s and %(end)s, %(n)s times.", tile.target, n=number(tile.target),
        **between(tile, 6 * 60, 9 * 60),
    )  # fmt: skip


def night_owl(tile: MedalTile) -> str:
    return ngettext(
        "Shop at night, %(start)s to %(end)s, %(n)s time.",
        "Shop at night, %(start)s to %(end)s, %(n)s times.", tile.target, n=number(tile.target),
        **between(tile, 22 * 60, 2 * 60),
    )  # fmt: skip


def weekender(tile: MedalTile) -> str:
    return ngettext(
        "Shop on %(n)s weekend.", "Shop on %(n)s weekends.", tile.target, n=number(tile.target)
    )


def happy_hour(tile: MedalTile) -> str:
    return ngettext(
        "Shop in the happy hours %(n)s time.", "Shop in the happy hours %(n)s times.",
        tile.target, n=number(tile.target),
    )  # fmt: skip


def saver(tile: MedalTile) -> str:
    return _("Earn %(points)s for purchases.", points=points(tile.target))


def welcome_back(tile: MedalTile) -> str:
    days = tile.needs or 60
    return ngettext(
        "Come back after %(n)s day away.", "Come back after %(n)s days away.", days,
        n=number(days),
    )  # fmt: skip


def both_worlds(tile: MedalTile) -> str:
    return ngettext(
        "Shop in %(n)s way within one month.",
        "Shop in %(n)s different ways within one month: in the store, online, in the app.",
        tile.target, n=number(tile.target),
    )  # fmt: skip


def nice_to_meet(_tile: MedalTile) -> str:
    return _("Tell us your name, your birthday and how to reach you.")


def stay_in_touch(_tile: MedalTile) -> str:
    return _("Confirm both your phone and your e-mail.")


def daily_visitor(tile: MedalTile) -> str:
    return ngettext(
        "Look in %(n)s day in a row. Two missed days a month are forgiven.",
        "Look in %(n)s days in a row. Two missed days a month are forgiven.", tile.target,
        n=number(tile.target),
    )  # fmt: skip


def birthday_guest(_tile: MedalTile) -> str:
    return _("Buy something within a week of your birthday, every year anew.")


def ambassador(tile: MedalTile) -> str:
    return ngettext(
        "Bring %(n)s friend who buys something and keeps it.",
        "Bring %(n)s friends who buy something and keep it.", tile.target,
        n=number(tile.target),
    )  # fmt: skip


def life_of_party(tile: MedalTile) -> str:
    return ngettext(
        "Bring %(n)s friend within one calendar month.",
        "Bring %(n)s friends within one calendar month.", tile.target,
        n=number(tile.target),
    )  # fmt: skip


RULES: dict[str, Callable[[MedalTile], str]] = {
    "first_purchase": first_purchase,
    "second_visit": second_visit,
    "regular": regular,
    "weekly_rhythm": weekly_rhythm,
    "explorer": explorer,
    "store_hopper": store_hopper,
    "full_basket": full_basket,
    "connoisseur": connoisseur,
    "eleventh_on_us": eleventh_on_us,
    "early_bird": early_bird,
    "night_owl": night_owl,
    "weekender": weekender,
    "happy_hour": happy_hour,
    "saver": saver,
    "welcome_back": welcome_back,
    "both_worlds": both_worlds,
    "nice_to_meet": nice_to_meet,
    "stay_in_touch": stay_in_touch,
    "daily_visitor": daily_visitor,
    "birthday_guest": birthday_guest,
    "ambassador": ambassador,
    "life_of_party": life_of_party,
}

FILTERS: dict[str, Callable[..., Any]] = {
    "medal_title": medal_title,
    "medals_gone": medals_gone,
    "medal_name": medal_name,
    "medal_label": medal_label,
    "medal_done": medal_done,
    "medal_rule": medal_rule,
    "metal_name": metal_name,
}
