"""Random years of a small shop, and what rehearsals of it answer."""

from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from gamification.commands.owner import TierPlan
from gamification.definitions import current_definitions
from gamification.readmodels.rule_rehearsal import RuleDraft, RuleRehearsal, rehearse_rule
from gamification.readmodels.tier_rehearsal import (
    TierRehearsal,
    TierScheme,
    rehearse_tiers,
    scheme_now,
)
from gamification.refusals import Refusal
from gamification.store import Store
from tests.shop import Person, Shop, plain_tiers

BEGIN, END = "2026-03-01 00:00", "2026-06-01 00:00"
NAMES = ("Ana", "Boris", "Cyril")
TIERS = plain_tiers(("clay", 0, 300), ("gold", 900, 500), ("onyx", 2_000, 700))
Rule = tuple[str, str, dict[str, Any]]
Story = list[tuple[Any, ...]]

goods = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(["tea", "cups", "gift", None]),
        st.integers(1, 3).map(str),
        st.one_of(st.integers(0, 900).map(str), st.just("33.33"), st.just("-20")),
    ),
    min_size=1,
    max_size=4,
)
who, days = st.integers(0, 2), st.integers(0, 70)
stories = st.lists(
    st.one_of(
        st.tuples(
            st.just("buy"), who, days, st.integers(0, 23), st.integers(0, 4), goods,
            st.integers(0, 300), st.sampled_from([0, 0, 5_000]),
        ),
        st.tuples(
            st.just("return"), st.integers(0, 9), st.booleans(), st.integers(0, 3),
            st.sampled_from([0, 0, 1, 100]),
        ),
        st.tuples(st.just("correct"), st.integers(0, 9), goods),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip
spans: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"weekdays": [2, 5]}, {"hours": [600, 900]}, {"dates": ["2026-03-10", "2026-04-10"]}]
)
categories = st.sampled_from([(), ("tea",), ("cups", "gift")])
rules: st.SearchStrategy[Rule] = st.one_of(
    st.builds(
        lambda percent, names, span: (
            "more", "multiplier", {"percent": percent, "categories": names, **span}
        ),
        st.sampled_from([150, 200, 333]), categories, spans,
    ),
    st.builds(
        lambda need, points, span: (
            "bonus", "bonus", {"threshold": need, "points": points, **span}
        ),
        st.sampled_from([10_000, 45_050]), st.integers(1, 60), spans,
    ),
    st.builds(lambda points: ("cap", "cap", {"points": points}), st.integers(1, 40)),
    st.just(("out", "exclusion", {"categories": ("gift",)})),
    st.just(("tier_rate", "tier_rate", {"rates": {"clay": 600, "gold": 1000, "onyx": 1400}})),
)  # fmt: skip


def story_shop(
    engine: sa.Engine, standing: list[Rule], tiers: tuple[TierPlan, ...] = TIERS, **columns: Any
) -> tuple[Shop, list[Person]]:
    """A shop with rules since ever, and three members."""
    shop = Shop(engine, at=BEGIN, tiers=tiers, columns={"pending_days": 0, **columns})
    for code, kind, params in standing:
        shop.rule(code, kind, params)
    return shop, [shop.join(name) for name in NAMES]


def play(people: list[Person], story: Story) -> None:
    """Let it happen: late receipts, goods brought back, corrections; refusals are passed over."""
    shop, bought, now = people[0].shop, [], 0
    for number, step in enumerate(story):
        try:
            if step[0] == "buy":
                _, person, day, hour, late, basket, delivery, elsewhere = step
                now = max(now, day + late)
                listed = sum(int(float(line[3])) for line in basket)
                total = listed + delivery if all(line[3] != "33.33" for line in basket) else None
                people[person].buy(
                    f"r{number}", *basket, at=moment(day, hour), now=moment(now, 23), total=total,
                    paid_elsewhere=elsewhere,
                )  # fmt: skip
                bought.append((person, f"r{number}", basket))
            elif bought and step[0] == "return":
                person, receipt, basket = bought[step[1] % len(bought)]
                part = [] if step[2] else basket[step[3] % len(basket) :][:1]
                beyond = part and part[0][3] != "33.33" and step[4]  # of the delivery
                total = int(part[0][3]) + beyond if beyond else None
                told = shop.receipt("return", f"x{number}", part, names_id=receipt, whole=step[2],
                                    at=moment(now, 23), total=total)  # fmt: skip
                people[person].tell(told, moment(now, 23))
            elif bought:
                person, receipt, _basket = bought[step[1] % len(bought)]
                people[person].buy(f"c{number}", *step[2], names_id=receipt, at=moment(now, 23),
                                   now=moment(now, 23))  # fmt: skip
                bought.append((person, f"c{number}", step[2]))
        except Refusal:
            continue


def moment(day: int, hour: int) -> str:
    """So many days after the first of March, at half past an hour."""
    month = next(m for m in (3, 4, 5) if day < (31, 61, 92)[m - 3])
    return f"2026-{month:02}-{1 + day - (0, 31, 61)[month - 3]:02} {hour:02}:30"


def rule_found(shop: Shop, draft: RuleDraft | None) -> RuleRehearsal:
    """A rule rehearsed over the whole story."""
    with shop.world(END) as world:
        definitions = current_definitions(world.session)
        span = (shop.when(BEGIN), shop.when(END))
        return rehearse_rule(Store(world.connection), definitions, draft, span)


def tiers_found(shop: Shop, scheme: TierScheme | None = None, at: str = END) -> TierRehearsal:
    """A scheme replayed over the whole story; by default the one in force."""
    with shop.world(at) as world:
        definitions = current_definitions(world.session)
        span = (shop.when(BEGIN), shop.when(END))
        wanted = scheme or scheme_now(definitions)
        return rehearse_tiers(Store(world.connection), definitions, wanted, span, world.now)


def kept_points(shop: Shop) -> dict[tuple[int, str], int]:
    """Points that purchases keep, by member's place and local day."""
    rows = shop.rows(
        "SELECT a.member_id, a.local_date, SUM(a.points_left) FROM activity a"
        " WHERE a.type = 'purchase' GROUP BY a.member_id, a.local_date"
    )
    return {(member, day): int(points) for member, day, points in rows if points}
