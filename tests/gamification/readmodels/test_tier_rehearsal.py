"""A replayed scheme of tiers stands where a shop that had it from the start would stand."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gamification.commands.owner import TierPlan
from gamification.readmodels.tier_rehearsal import DraftTier, TierScheme
from gamification.refusals import InvalidSetting
from tests.databases import PostgresCopies, SqliteCopies, opened
from tests.rehearsing import END, TIERS, Story, play, stories, story_shop, tiers_found
from tests.shop import Shop, plain_tiers

FULL = bool(os.environ.get("LAUREL_FULL"))
LATE = "2028-02-01 00:00"
Take = Callable[[], tuple[str, Callable[[], None]]]
RULES = settings(
    max_examples=300 if FULL else 3,
    deadline=None,
    derandomize=not FULL,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ladders = st.sampled_from(
    [
        plain_tiers(("clay", 0, 300)),
        plain_tiers(("clay", 0, 300), ("gold", 300, 500)),
        plain_tiers(("clay", 0, 300), ("gold", 1_500, 500), ("onyx", 3_000, 900)),
        plain_tiers(("clay", 0, 100), ("leaf", 500, 300), ("gold", 900, 500), ("onyx", 1_800, 700)),
    ]
)
columns = st.fixed_dictionaries(
    {
        "window_days": st.sampled_from([30, 90, 365]),
        "term_months": st.sampled_from([1, 12]),
        "grace_days": st.sampled_from([0, 10]),
        "downgrade": st.sampled_from(["none", "one_step", "earned"]),
    }
)


def scheme_of(tiers: tuple[TierPlan, ...], terms: dict[str, object]) -> TierScheme:
    """The draft that says the same as a shop set up so."""
    rungs = tuple(DraftTier(t.code, t.threshold * 100, t.rate) for t in tiers)
    now = TierScheme(rungs, 365, 12, 30, "one_step")
    return replace(now, **terms)  # type: ignore[arg-type]


def would_stand(shop: Shop, scheme: TierScheme | None, at: str) -> Counter[str]:
    """How many the replay puts on each tier."""
    found: Counter[str] = Counter()
    for (_now, then), count in tiers_found(shop, scheme, at).matrix.items():
        found[then] += count
    return found


def check(take: Take, ladder: tuple[TierPlan, ...], terms: dict[str, object], story: Story) -> None:
    url, drop = take()
    other_url, drop_other = take()
    with opened(url) as engine, opened(other_url) as other:
        shop, people = story_shop(engine, [])
        lived, other_people = story_shop(other, [], ladder, **terms)
        play(people, story)
        play(other_people, story)
        for at in (END, LATE):
            same = tiers_found(shop, at=at)
            assert (same.drifted, same.rises, same.falls) == (0, 0, 0)
            assert all(now == then for now, then in same.matrix)
            assert (same.difference, same.money, same.spread.by_member) == (0, 0, {})
            assert {month: a for month, (a, _b) in same.ups.items()} == {
                month: b for month, (_a, b) in same.ups.items()
            }

            present = tiers_found(lived, at=at)
            assert present.drifted == 0
            stands = Counter[str]()
            for (now, _then), count in present.matrix.items():
                stands[now] += count
            assert would_stand(shop, scheme_of(ladder, terms), at) == stands
    drop()
    drop_other()


@RULES
@given(ladder=ladders, terms=columns, story=stories)
def test_on_sqlite(
    sqlite_copies: SqliteCopies,
    ladder: tuple[TierPlan, ...],
    terms: dict[str, object],
    story: Story,
) -> None:
    check(sqlite_copies.take, ladder, terms, story)


@pytest.mark.pg
@RULES
@given(ladder=ladders, terms=columns, story=stories)
def test_on_postgresql(
    postgres_copies: PostgresCopies,
    ladder: tuple[TierPlan, ...],
    terms: dict[str, object],
    story: Story,
) -> None:
    check(postgres_copies.take, ladder, terms, story)


def test_a_higher_threshold_tells_who_falls_and_what_it_saves(engine: sa.Engine) -> None:
    shop, (ana, boris, _cyril) = story_shop(engine, [])
    for person, money in ((ana, "1000"), (boris, "3000")):
        for month in (3, 4):
            at = f"2026-0{month}-02 10:00"
            person.spend_money(f"{person.name}{month}", money, at=at, now=at)
    harder = (DraftTier("clay", 0), DraftTier("gold", 250_000, 600), DraftTier("onyx", 800_000))

    found = tiers_found(shop, TierScheme(harder, 365, 12, 30, "one_step"))

    # Ana: 3 % and 5 % of 1,000, then 3 % twice. Boris: 3 % and 7 % of 3,000, then 3 % and 6 %.
    assert found.matrix == {("onyx", "clay"): 1, ("onyx", "gold"): 1, ("clay", "clay"): 1}
    assert (found.rises, found.falls) == (0, 2)
    assert (found.before.total(), found.after.total()) == (80 + 300, 60 + 270)
    assert (found.difference, found.money) == (-50, -5_000)
    assert found.spread.by_member == {ana.id: -20, boris.id: -30}
    assert found.ups == {"2026-03": (2, 1), "2026-04": (1, 0)}
    assert [(x.member_id, x.stands, x.would, x.spent, x.need, x.points) for x in found.samples] == [
        (boris.id, "onyx", "gold", 600_000, 800_000, -30),
        (ana.id, "onyx", "clay", 200_000, 800_000, -20),
    ]
    assert found.unknown == {"more_purchases": 0, "morning_tier": 0}


def test_standings_of_other_settings_are_named(engine: sa.Engine) -> None:
    shop, (ana, *_) = story_shop(engine, [], TIERS, term_months=1, grace_days=0)
    ana.spend_money("a", "1000", at="2026-03-02 10:00", now="2026-03-02 10:00")
    with shop.world("2026-03-03 00:00") as world:
        world.session.execute(sa.text("UPDATE tier SET threshold = 200000 WHERE code = 'gold'"))
        world.session.execute(sa.text("UPDATE tier SET threshold = 400000 WHERE code = 'onyx'"))
        world.session.execute(sa.text("UPDATE programme SET version = version + 1"))

    found = tiers_found(shop, at="2026-03-05 00:00")

    assert (found.drifted, found.unknown["settings_then"]) == (1, 1)
    assert found.matrix == {("gold", "clay"): 1, ("clay", "clay"): 2}


PLAIN = TierScheme((DraftTier("clay", 0), DraftTier("gold", 500)), 365, 12, 30, "one_step")


@pytest.mark.parametrize(
    "scheme",
    [
        replace(PLAIN, tiers=()),
        replace(PLAIN, tiers=(DraftTier("clay", 5),)),
        replace(PLAIN, tiers=(DraftTier("clay", 0), DraftTier("gold", 0))),
        replace(PLAIN, tiers=(DraftTier("clay", 0), DraftTier("new", 5))),
        replace(PLAIN, tiers=(DraftTier("clay", 0, 10_001),)),
        replace(PLAIN, window_days=0),
        replace(PLAIN, term_months=61),
        replace(PLAIN, grace_days=-1),
        replace(PLAIN, downgrade="often"),
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused(engine: sa.Engine, scheme: TierScheme) -> None:
    shop, _ = story_shop(engine, [])

    with pytest.raises(InvalidSetting):
        tiers_found(shop, scheme)
