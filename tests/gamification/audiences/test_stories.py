"""Audiences of people whose past the engine itself wrote."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.audiences.conditions import parse_audience
from gamification.audiences.sets import members_of
from gamification.columns import to_micros
from gamification.commands.audiences import count_rhythm
from gamification.commands.challenges import Step
from gamification.commands.farewell import ask_to_leave, stay
from gamification.commands.member import ConsentAnswer, join_member
from gamification.programme import zone_of
from gamification.store import Store
from gamification.world import World
from tests.challenging import launch, terms
from tests.counting import statements
from tests.shop import Person, Shop, plain_tiers

ZONE = zone_of("Europe/Moscow")
TIERS = plain_tiers(("bronze", 0, 500), ("silver", 4_000, 700))


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-10 09:00", tiers=TIERS)


@pytest.fixture
def anna(shop: Shop) -> Person:
    return shop.join("anna")


def holds(shop: Shop, at: str, *conditions: dict[str, Any]) -> bool:
    """Whether the only member of the shop is in, asked either way."""
    audience, as_of = parse_audience({"all": conditions}), to_micros(shop.when(at))
    with shop.world(at) as world:
        store = Store(world.connection)
        whole = members_of(store, audience, as_of, ZONE)
        [(member_id,)] = store.rows("SELECT id FROM member")
        assert members_of(store, audience, as_of, ZONE, only=[member_id]) == whole
    return whole == {member_id}


def test_a_purchase_lifts_to_a_tier_after_it_and_not_for_it(shop: Shop, anna: Person) -> None:
    silver = {"kind": "tier", "tiers": ["silver"]}
    anna.spend_money("p1", "5000", at="2026-03-10 10:00", now="2026-03-10 10:00")

    assert not holds(shop, "2026-03-10 09:59", silver)
    assert not holds(shop, "2026-03-10 10:00", silver), "the act itself is asked about before it"
    assert holds(shop, "2026-03-10 10:01", silver)
    assert holds(shop, "2026-06-01 12:00", silver)
    assert holds(shop, "2026-03-10 10:00", {"kind": "tier", "tiers": ["bronze"]})


def test_a_tier_that_a_return_took_away_was_never_there(shop: Shop, anna: Person) -> None:
    silver = {"kind": "tier", "tiers": ["silver"]}
    anna.spend_money("p1", "5000", at="2026-03-10 10:00", now="2026-03-10 10:00")
    goods = ("GOODS", None, "1", "5000")
    anna.bring_back("r1", goods, of="p1", at="2026-03-20 10:00", now="2026-03-20 10:00")

    assert not holds(shop, "2026-03-15 12:00", silver)
    assert not holds(shop, "2026-03-25 12:00", silver)


def test_what_was_brought_back_was_not_bought(shop: Shop, anna: Person) -> None:
    mugs = {"kind": "bought", "categories": ["mugs"]}
    goods = [("MUG", "mugs", "1", "500"), ("TEA", "tea", "1", "100")]
    anna.buy("p1", *goods, at="2026-03-10 10:00", now="2026-03-10 10:00")
    assert holds(shop, "2026-03-11 10:00", mugs, {"kind": "spend", "at_least": 60_000})

    anna.bring_back("r1", goods[0], of="p1", at="2026-03-12 10:00", now="2026-03-12 10:00")

    tea = {"kind": "bought", "categories": ["tea"]}
    assert not holds(shop, "2026-03-11 10:00", mugs)
    assert holds(shop, "2026-03-11 10:00", tea, {"kind": "spend", "at_least": 1, "at_most": 10_000})
    anna.bring_back("r2", goods[1], of="p1", at="2026-03-12 11:00", now="2026-03-12 11:00")
    assert holds(shop, "2026-03-13 10:00", {"kind": "frequency", "at_most": 0})
    assert holds(shop, "2026-03-13 10:00", {"kind": "stage", "stages": ["potential"]})


def test_the_last_days_end_with_the_day_of_asking_and_at_midnight_with_the_one_before(
    shop: Shop, anna: Person
) -> None:
    anna.spend_money("p1", "100", at="2026-03-10 23:30", now="2026-03-10 23:30")
    two = {"kind": "recency", "days": 2}

    assert holds(shop, "2026-03-11 23:59", two)
    assert holds(shop, "2026-03-12 00:00", two), "12 March has not had an instant yet"
    assert not holds(shop, "2026-03-12 00:01", two)
    assert holds(shop, "2026-03-12 00:01", {"kind": "recency", "days": 2, "within": False})


def test_a_medal_counts_from_after_the_purchase_that_brought_it(shop: Shop, anna: Person) -> None:
    anna.spend_money("p1", "100", at="2026-03-10 10:00", now="2026-03-10 10:00")
    medal = {"kind": "medal", "medal": sorted(anna.medals())[0]}

    assert not holds(shop, "2026-03-10 10:00", medal)
    assert holds(shop, "2026-03-10 10:01", medal)


def test_somebody_who_joins_at_this_instant_has_joined_and_agreed(shop: Shop) -> None:
    with shop.world("2026-03-10 12:00") as world:
        yes = [ConsentAnswer("marketing", True, "marketing-1-ru-x")]
        member = join_member(world, name="Vera", phone="+79123456789", consents=yes)
        member_id = member.id
        assert member_id is not None
    here = [{"kind": "joined", "days": 1}, {"kind": "consent", "purpose": "marketing"}]

    assert holds(shop, "2026-03-10 12:00", *here)
    assert not holds(shop, "2026-03-10 11:59", here[0])
    with shop.world() as world:
        ask_to_leave(world, member_id)
    assert not holds(shop, "2026-03-10 12:00", *here)
    with shop.world() as world:
        stay(world, member_id)
    assert holds(shop, "2026-03-10 12:00", *here)


def test_asking_about_one_member_is_a_statement_for_each_condition(
    shop: Shop, anna: Person
) -> None:
    anna.spend_money("p1", "100", at="2026-03-10 10:00", now="2026-03-10 10:00")
    three = [
        {"kind": "tier", "tiers": ["bronze"]},
        {"kind": "recency", "days": 30},
        {"kind": "spend", "at_least": 1},
    ]
    audience, as_of = parse_audience({"all": three}), to_micros(shop.when("2026-03-11 10:00"))

    def ask(world: World) -> object:
        return members_of(Store(world.connection), audience, as_of, ZONE, only=[anna.id])

    assert statements(anna, ask) == 4


def test_a_launch_for_some_members_counts_the_rhythm_anew(shop: Shop, anna: Person) -> None:
    """The night counted before an import brought the past; whoever asks now meets its customers."""
    with shop.world("2026-03-11 00:05") as world:
        assert count_rhythm(world) == 0
    anna.spend_money("p1", "500", at="2026-03-10 10:00", now="2026-03-11 09:00")
    buyers = "SELECT day, buyers FROM purchase_rhythm ORDER BY day"

    goal = terms(Step(kind="count", at_least=1))
    launch(shop, goal, "2026-03-11 12:00", "2026-04-01 00:00", at="2026-03-11 10:00")
    assert shop.rows(buyers) == [("2026-03-11", 0)], "everybody: nobody is asked how they buy"
    active = {"all": [{"kind": "stage", "stages": ["active"]}]}
    goal = terms(Step(kind="count", at_least=1), audience=active)
    launch(shop, goal, "2026-03-11 12:00", "2026-04-01 00:00", at="2026-03-11 10:00")

    assert shop.rows(buyers) == [("2026-03-11", 1)]
