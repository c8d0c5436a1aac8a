"""What is missing to a medal, and the line that it says of itself."""

from collections.abc import Callable

from gamification.readmodels.board import BoardMedal
from webapp.tongue import gettext as _
from webapp.tongue import later as _l
from webapp.tongue import ngettext
from webapp.words.formats import number, points

LINES = {
    "first_purchase": _l("The receipt was short. The consequences were not."),
    "second_visit": _l("Once is chance. The second time we held the door."),
    "regular": _l("We no longer ask what you will have. We ask how the dog is."),
    "weekly_rhythm": _l("Others keep a calendar. You keep a habit, which is more reliable."),
    "explorer": _l("You have seen shelves that the staff only know from stories."),
    "store_hopper": _l("They greet you in districts where you do not live."),
    "full_basket": _l("The trolley has asked for a day off."),
    "connoisseur": _l("Somebody asked for an expert. Everyone looked at you."),
    "eleventh_on_us": _l("Ten times you said “just this once”. We counted."),
    "early_bird": _l("The alarm clock has been told that it may sleep in."),
    "night_owl": _l("The cats have gone to bed, and you are still choosing."),
    "weekender": _l("Saturday was meant to be productive. It went better."),
    "happy_hour": _l("You read the clock the way others read a menu."),
    "saver": _l("A squirrel came by to take notes."),
    "welcome_back": _l("We did not count the days. All right, we did."),
    "both_worlds": _l("Online, at the counter, in the app: you are hard to miss."),
    "nice_to_meet": _l("We spelled your name right. We checked twice."),
    "stay_in_touch": _l("We shall write no more often than your grandmother would."),
    "daily_visitor": _l("You look in here more often than into the fridge."),
    "birthday_guest": _l("You brought yourself. Nobody could have wrapped that."),
    "ambassador": _l("No embassy, no flag, and still you were believed."),
    "life_of_party": _l("It was quiet here until you came in with everyone you know."),
}
"""One line a medal, dry and kind; a medal made by a shop has none."""


def medal_line(code: str) -> str:
    """The line of a medal, or nothing."""
    line = LINES.get(code)
    return _(line) if line else ""


def missing_text(medal: BoardMedal) -> str:
    """«Осталось 2 недели подряд.»; nothing on the top, and nothing while the rule is veiled."""
    if medal.goal is None or medal.goal.veiled:
        return ""
    say = MISSING.get(medal.tile.code)
    if say is goods and not medal.goal.categories:
        say = purchases
    return say(medal.missing) if say else plainly(medal.missing)


def plainly(n: int) -> str:
    return ngettext("%(n)s to go.", "%(n)s to go.", n, n=number(n))


def purchases(n: int) -> str:
    return ngettext("%(n)s purchase to go.", "%(n)s purchases to go.", n, n=number(n))


def visits(n: int) -> str:
    return ngettext("%(n)s visit to go.", "%(n)s visits to go.", n, n=number(n))


def days(n: int) -> str:
    return ngettext(
        "%(n)s day with a purchase to go.", "%(n)s days with a purchase to go.", n, n=number(n)
    )


def weeks_in_row(n: int) -> str:
    return ngettext("%(n)s week in a row to go.", "%(n)s weeks in a row to go.", n, n=number(n))


def days_in_row(n: int) -> str:
    return ngettext("%(n)s day in a row to go.", "%(n)s days in a row to go.", n, n=number(n))


def categories(n: int) -> str:
    return ngettext("%(n)s new category to go.", "%(n)s new categories to go.", n, n=number(n))


def stores(n: int) -> str:
    return ngettext("%(n)s new store to go.", "%(n)s new stores to go.", n, n=number(n))


def baskets(n: int) -> str:
    return ngettext("%(n)s big basket to go.", "%(n)s big baskets to go.", n, n=number(n))


def items(n: int) -> str:
    return ngettext(
        "%(n)s item of this category to go.", "%(n)s items of this category to go.", n,
        n=number(n),
    )  # fmt: skip


def goods(n: int) -> str:
    return ngettext("%(n)s item to go.", "%(n)s items to go.", n, n=number(n))


def mornings(n: int) -> str:
    return ngettext("%(n)s early morning to go.", "%(n)s early mornings to go.", n, n=number(n))


def nights(n: int) -> str:
    return ngettext("%(n)s purchase at night to go.", "%(n)s purchases at night to go.", n,
                    n=number(n))  # fmt: skip


def weekends(n: int) -> str:
    return ngettext(
        "%(n)s weekend with a purchase to go.", "%(n)s weekends with a purchase to go.", n,
        n=number(n),
    )  # fmt: skip


def happy_hours(n: int) -> str:
    return ngettext(
        "%(n)s purchase in the happy hours to go.", "%(n)s purchases in the happy hours to go.", n,
        n=number(n),
    )  # fmt: skip


def saved(n: int) -> str:
    return _("%(points)s to go.", points=points(n))


def ways(n: int) -> str:
    return ngettext(
        "%(n)s more way to shop this month to go.", "%(n)s more ways to shop this month to go.", n,
        n=number(n),
    )  # fmt: skip


def contacts(n: int) -> str:
    return ngettext("%(n)s contact to confirm.", "%(n)s contacts to confirm.", n, n=number(n))


def profile(_n: int) -> str:
    return _("Only the profile is to be filled in.")


def birthday(_n: int) -> str:
    return _("Only the birthday itself is missing, and a reason to drop in.")


def friends(n: int) -> str:
    return ngettext("%(n)s more friend to go.", "%(n)s more friends to go.", n, n=number(n))


def friends_in_month(n: int) -> str:
    return ngettext(
        "%(n)s more friend this month to go.", "%(n)s more friends this month to go.", n,
        n=number(n),
    )  # fmt: skip


MISSING: dict[str, Callable[[int], str]] = {
    "first_purchase": purchases,
    "second_visit": visits,
    "regular": days,
    "weekly_rhythm": weeks_in_row,
    "explorer": categories,
    "store_hopper": stores,
    "full_basket": baskets,
    "connoisseur": items,
    "eleventh_on_us": goods,
    "early_bird": mornings,
    "night_owl": nights,
    "weekender": weekends,
    "happy_hour": happy_hours,
    "saver": saved,
    "both_worlds": ways,
    "nice_to_meet": profile,
    "stay_in_touch": contacts,
    "daily_visitor": days_in_row,
    "birthday_guest": birthday,
    "ambassador": friends,
    "life_of_party": friends_in_month,
}
