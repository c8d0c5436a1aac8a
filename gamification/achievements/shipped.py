"""The medals that ship: those of the catalogue for purchases and for first acts.

Thresholds are defaults to be replaced after a rehearsal on the shop's own past.
"""

from dataclasses import dataclass
from typing import Literal

from gamification.measures.catalogue import Count, Distinct, Gap, Spec, Streak, Sum, Where, Within


@dataclass(frozen=True, slots=True)
class ShippedMedal:
    """A medal as it ships: what is counted, the levels, and how it behaves."""

    code: str
    spec: Spec
    thresholds: tuple[int, ...]
    occurrence: str = "once"
    visibility: str = "open"
    on_reversal: str = "keep"
    state: str = "live"


REV = "revoke_if_below"
MORNING = Where(hours=((6 * 60, 9 * 60),))
NIGHT = Where(hours=((22 * 60, 2 * 60),))
WEEKEND = Where(weekdays=(6, 7))
CONTACTS = ("phone_confirmed", "email_confirmed")
CAME = ("friend_came",)
VISITS = Streak(unit="day", freezes=2, per="month", events=("daily_check_in",))


@dataclass(frozen=True, slots=True)
class MedalChoices:
    """What a shop chooses for its medals: happy hours, and the goods of the eleventh gift."""

    happy_weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    happy_hours: tuple[int, int] = (15 * 60, 17 * 60)
    eleventh_categories: tuple[str, ...] = ()


def shipped_medals(choices: MedalChoices) -> tuple[ShippedMedal, ...]:
    """The twenty-two medals in the order of the board."""
    happy = Where(weekdays=choices.happy_weekdays, hours=(choices.happy_hours,))
    gift = Where(categories=choices.eleventh_categories)
    gift_unit: Literal["lines", "acts"] = "lines" if choices.eleventh_categories else "acts"
    return (
        ShippedMedal("first_purchase", Count(), (1,), on_reversal=REV),
        ShippedMedal("second_visit", Within(days=14), (1,), on_reversal=REV),
        ShippedMedal("regular", Distinct(of="day"), (10, 40, 120, 300), on_reversal=REV),
        ShippedMedal("weekly_rhythm", Streak(unit="week", freezes=1), (4, 8, 16, 40)),
        ShippedMedal("explorer", Distinct(of="category"), (3, 7, 12, 20), on_reversal=REV),
        ShippedMedal("store_hopper", Distinct(of="store"), (2, 4, 8, 15)),
        ShippedMedal("full_basket", Count(where=Where(lines_from=15)), (1, 5, 20), on_reversal=REV),
        ShippedMedal(
            "connoisseur",
            Count(unit="lines", split="category"),
            (5, 20, 60),
            occurrence="per_value",
            on_reversal=REV,
        ),
        ShippedMedal(
            "eleventh_on_us",
            Count(unit=gift_unit, where=gift),
            (10,),
            occurrence="every",
            on_reversal=REV,
        ),
        ShippedMedal("early_bird", Count(where=MORNING), (1, 10, 40)),
        ShippedMedal("night_owl", Count(where=NIGHT), (1, 7, 25), visibility="teaser"),
        ShippedMedal("weekender", Distinct(of="week", where=WEEKEND), (4, 12, 36)),
        ShippedMedal("happy_hour", Count(where=happy), (1, 8, 30)),
        ShippedMedal("saver", Sum(field="points"), (500, 3_000, 10_000, 30_000), on_reversal=REV),
        ShippedMedal("welcome_back", Gap(days=60), (1,), visibility="secret"),
        ShippedMedal("both_worlds", Distinct(of="channel", window="month"), (2, 3)),
        ShippedMedal("nice_to_meet", Count(events=("profile_completed",)), (1,)),
        ShippedMedal("stay_in_touch", Distinct(of="event", events=CONTACTS), (2,)),
        ShippedMedal("daily_visitor", VISITS, (3, 7, 30, 100)),
        ShippedMedal(
            "birthday_guest", Distinct(of="birthday"), (1,), occurrence="every", on_reversal=REV
        ),
        ShippedMedal(
            "ambassador", Count(events=CAME), (1, 4, 8, 20), on_reversal=REV, state="draft"
        ),
        ShippedMedal(
            "life_of_party",
            Distinct(of="act", window="month", events=CAME),
            (3, 5, 8),
            on_reversal=REV,
            state="draft",
        ),
    )
