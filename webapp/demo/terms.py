"""The programme of café «Полдень»: tiers with perks, rules, medals worth points."""

from datetime import datetime, timedelta

from gamification.commands.acts import set_act_terms
from gamification.commands.owner import (
    MedalChoices,
    ProgrammePlan,
    TierPlan,
    publish_rule,
    set_up_programme,
)
from gamification.world import World
from webapp.demo.menu import COFFEE, GIFT_CARDS
from webapp.demo.visits import ZONE
from webapp.tier_names import named_plans

HAPPY_HOURS = (15 * 60, 17 * 60)
WEEKDAYS = (1, 2, 3, 4, 5)
WATER = {
    "kind": "text",
    "texts": {"ru": "Вода и печенье к любому кофе", "en": "Water and a biscuit with any coffee"},
}
TABLE = {
    "kind": "service",
    "texts": {"ru": "Столик держим полчаса", "en": "We keep your table for half an hour"},
}
TASTING = {
    "kind": "service",
    "texts": {"ru": "Закрытая дегустация раз в месяц", "en": "A private tasting every month"},
}
PERKS = {
    "sprout": (WATER,),
    "leaf": (WATER, {"kind": "delivery", "free_from": 150_000}),
    "branch": (WATER, TABLE, {"kind": "delivery", "free_from": 80_000}),
    "wreath": (
        WATER,
        TABLE,
        TASTING,
        {"kind": "delivery", "free_from": 0},
        {"kind": "early_access", "hours": 48},
    ),
}
MEDAL_POINTS = {
    "first_purchase": (30,),
    "second_visit": (20,),
    "regular": (50, 100, 300, 500),
    "weekly_rhythm": (30, 60, 150, 400),
    "explorer": (20, 50),
    "full_basket": (50, 100, 200),
    "early_bird": (20, 50, 100),
    "weekender": (30, 80, 200),
    "saver": (0, 100, 300, 500),
    "both_worlds": (25, 50),
    "nice_to_meet": (20,),
    "stay_in_touch": (20,),
    "daily_visitor": (10, 30, 100, 300),
    "birthday_guest": (50,),
    "ambassador": (50, 150, 300, 800),
    "life_of_party": (100, 200, 400),
}
ACT_POINTS = {
    "joined": 50,
    "profile_completed": 30,
    "phone_confirmed": 10,
    "email_confirmed": 10,
    "daily_check_in": 1,
    "birthday": 100,
}


def open_programme(world: World) -> None:
    """The programme as its owner set it up, with rules that hold from then on."""
    set_up_programme(
        world,
        ProgrammePlan(
            name="Полдень",
            zone=ZONE,
            pay_share=50,
            tiers=tuple(
                TierPlan(t.code, t.names, t.threshold, t.rate, PERKS[t.code])
                for t in named_plans("cafe", "RUB")
            ),
            medals=MedalChoices(WEEKDAYS, HAPPY_HOURS, (COFFEE,)),
            medal_points=MEDAL_POINTS,
        ),
    )
    since = world.now - timedelta(days=1)
    publish_rules(world, since)
    for act, points in ACT_POINTS.items():
        set_act_terms(world, act, points=points, valid_from=since)


def publish_rules(world: World, since: datetime) -> None:
    """Double points for coffee on weekday afternoons, no points for gift cards, and more."""
    publish_rule(
        world,
        code="happy_hour",
        kind="multiplier",
        params={
            "percent": 200,
            "categories": [COFFEE],
            "weekdays": list(WEEKDAYS),
            "hours": list(HAPPY_HOURS),
        },
        valid_from=since,
        names={"ru": "Счастливый час", "en": "Happy hour"},
    )
    publish_rule(
        world,
        code="gift_cards",
        kind="exclusion",
        params={"categories": [GIFT_CARDS]},
        valid_from=since,
        names={"ru": "Подарочные карты", "en": "Gift cards"},
    )
    publish_rule(
        world,
        code="big_receipt",
        kind="bonus",
        params={"threshold": 150_000, "points": 50},
        valid_from=since,
        names={"ru": "Большой чек", "en": "Big receipt"},
    )
    publish_rule(
        world,
        code="cap",
        kind="cap",
        params={"points": 600},
        valid_from=since,
        names={"ru": "Потолок чека", "en": "Receipt cap"},
    )
