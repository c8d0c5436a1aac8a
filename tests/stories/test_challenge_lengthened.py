"""A later end is as if it had been later from the start, for those who told an act early, too."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.challenges.arms import arm_of
from gamification.commands.challenges import lengthen, replace_live_terms
from gamification.measures.catalogue import Where
from tests.challenging import entry, launch, terms, work
from tests.shop import Person, Shop, plain_tiers
from tests.stories.test_challenge_edges import (
    BUN,
    END,
    ONE,
    START,
    TWO,
    bring_back,
    brought,
    code,
    is_clean,
)

LATER = "2026-03-20 00:00"
AHEAD, TOLD, MOVED = "2026-03-09 00:02", "2026-03-08 23:58", "2026-03-08 23:59"
NOBODY = {"all": [{"kind": "tier", "tiers": ["nowhere"]}]}


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


@pytest.fixture
def ana(shop: Shop) -> Person:
    return shop.join("Ana")


def move_end(shop: Shop, challenge_id: int) -> None:
    with shop.world(MOVED) as world:
        lengthen(world, challenge_id, ends_at=shop.when(LATER), actor="marketer")


def entries(shop: Shop, challenge_id: int) -> list[tuple[Any, ...]]:
    """All entries of a challenge, without what is its own."""
    return shop.rows(
        "SELECT member_id, period, version, state, starts_at, ends_at, joined_at, score, rung"
        " FROM challenge_entry WHERE challenge_id = ? ORDER BY member_id, period",
        challenge_id,
    )


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"repeat": "daily"},
        {"repeat": "weekly"},
        {"repeat": "monthly"},
        {"audience": NOBODY},
        {"window": "joined", "days": 2},
        {"enrol": "button"},
    ],
)
@pytest.mark.parametrize("step", [ONE, TWO])
def test_told_ahead_of_the_end_counts_as_if_it_had_been_later(
    shop: Shop, ana: Person, wanted: dict[str, Any], step: Any
) -> None:
    short = launch(shop, terms(step, **wanted), START, END)
    long = launch(shop, terms(step, **wanted), START, LATER)
    work(shop, START)
    boris, carl = shop.join("Boris"), shop.join("Carl")
    shop.at = TOLD
    dora = shop.join("Dora")
    carl.buy("early", BUN, at="2026-03-03 09:00", now="2026-03-03 09:00")
    for person in (ana, boris, carl, dora):
        person.buy(f"{person.name}-1", BUN, at=AHEAD, now=TOLD)
    boris.bring_back("back", BUN, of="Boris-1", at=AHEAD, now=TOLD)

    move_end(shop, short)

    assert entries(shop, short) == entries(shop, long)
    work(shop, AHEAD)
    assert entries(shop, short) == entries(shop, long)
    assert is_clean(shop, "2026-03-09 00:10")


def test_whoever_came_a_minute_early_is_paid_and_can_bring_it_back(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE, hold_days=3), START, END)
    work(shop, START)
    ana.buy("Ana-1", BUN, at=AHEAD, now=TOLD)
    work(shop, TOLD)
    assert entry(ana, week) == {}

    move_end(shop, week)
    work(shop, MOVED)
    assert (entry(ana, week)["state"], brought(ana)) == ("rewarded", 200)

    bring_back(ana, "1", "2026-03-10 09:00")
    assert (entry(ana, week)["score"], brought(ana)) == (0, 0)
    assert is_clean(shop, "2026-03-10 10:00")


def test_the_arm_is_that_of_the_hash(shop: Shop) -> None:
    week = launch(shop, terms(ONE, control_percent=50), START, END)
    work(shop, START)
    people = [shop.join(f"P{n}") for n in range(8)]
    for person in people:
        person.buy(person.name, BUN, at=AHEAD, now=TOLD)

    move_end(shop, week)
    work(shop, AHEAD)

    arms = {person.id: arm_of(code(shop, week), person.id, 50) for person in people}
    assert {person.id: entry(person, week)["arm"] for person in people} == arms
    paid = {person.id for person in people if brought(person)}
    assert paid == {one for one, arm in arms.items() if arm == "treatment"}


def test_the_terms_are_those_of_the_moment_of_telling(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE), START, END)
    work(shop, START)
    ana.buy("Ana-1", BUN, at=AHEAD, now="2026-03-08 23:57")
    with shop.world("2026-03-08 23:58") as world:
        replace_live_terms(world, week, terms(TWO), actor="marketer")

    move_end(shop, week)
    work(shop, MOVED)

    assert brought(ana) == 200


def test_what_the_goal_does_not_ask_for_takes_nobody_in(shop: Shop, ana: Person) -> None:
    tea = ONE.model_copy(update={"where": Where(categories=("tea",))})
    week = launch(shop, terms(tea), START, END)
    work(shop, START)
    ana.buy("Ana-1", BUN, at=AHEAD, now=TOLD)
    ana.buy("odd", ("TEA", "tea", "1", "100"), at="2026-03-10 09:00", now=TOLD)

    move_end(shop, week)

    assert entry(ana, week) == {}


@pytest.mark.parametrize("wanted", [{}, {"window": "joined", "days": 2}])
def test_a_clock_that_is_late_to_end_it_loses_nobody(
    shop: Shop, ana: Person, wanted: dict[str, Any]
) -> None:
    short = launch(shop, terms(ONE, **wanted), START, END)
    long = launch(shop, terms(ONE, **wanted), START, LATER)
    work(shop, START)
    shop.at = "2026-03-09 00:01"
    eve = shop.join("Eve")
    for person in (ana, eve):
        person.buy(f"{person.name}-1", BUN, at=AHEAD, now=AHEAD)
    assert entries(shop, short) == []

    with shop.world("2026-03-09 00:03") as world:
        lengthen(world, short, ends_at=shop.when(LATER), actor="marketer")

    assert entries(shop, short) == entries(shop, long) != []
