"""Where members live: asked as it is now, by everybody who asks; nothing of earlier is kept."""

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from gamification.audiences.conditions import InCity, parse_audience
from gamification.audiences.sets import members_of
from gamification.challenges.terms import ChallengeTerms
from gamification.columns import to_micros
from gamification.commands.audiences import save_segment
from gamification.commands.profile import fill_profile, tell_city
from gamification.programme import zone_of
from gamification.readmodels.challenge_rehearsal import rehearse, unknown_in
from gamification.readmodels.cities import CityChoice, known_cities
from gamification.refusals import InvalidSetting
from gamification.store import Store
from tests.challenging import launch
from tests.shop import Person, Shop

ORYOL = {"kind": "city", "cities": ["Орёл"]}


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-10 09:00")


def live(shop: Shop, who: Person, city: str) -> None:
    with shop.world() as world:
        tell_city(world, who.id, city)


def meant(shop: Shop, at: str = "2026-03-10 09:00") -> set[int]:
    with shop.world() as world:
        store, zone = Store(world.connection), zone_of(shop.zone)
        return members_of(store, parse_audience({"all": [ORYOL]}), to_micros(shop.when(at)), zone)


def test_a_city_holds_for_any_moment_and_moves_with_the_member(shop: Shop) -> None:
    anna, boris = shop.join("Anna"), shop.join("Boris")
    live(shop, anna, "г.ОРЕЛ")
    live(shop, boris, "Тверь")

    assert meant(shop) == meant(shop, "2025-01-01 00:00") == {anna.id}
    live(shop, anna, "Тверь")
    live(shop, boris, "Орёл")
    assert meant(shop) == {boris.id}
    live(shop, boris, " ")
    assert meant(shop) == set()


def test_no_city_is_nothing_and_no_profile_needs_one(shop: Shop) -> None:
    anna = shop.join("Anna")
    live(shop, anna, "Орёл")
    with shop.world() as world:
        fill_profile(world, anna.id, name="Anna", birthday=None)
    assert meant(shop) == {anna.id}, "who says nothing of it changes nothing"

    for city in ("?!", "Й" * 81):
        with shop.world() as world, pytest.raises(InvalidSetting) as refusal:
            tell_city(world, anna.id, city)
        assert refusal.value.values["setting"] == "city"
    assert shop.rows("SELECT city, city_key FROM member") == [("Орёл", "орел")]


def test_one_condition_is_written_in_one_way() -> None:
    one = InCity(cities=("Тверь", "г. Орёл", " ОРЕЛ ", "Тверь"))

    assert one.cities == ("ОРЕЛ", "Тверь")
    assert one == InCity(cities=("ОРЕЛ", "Тверь"))
    for wrong in ({}, {"cities": ["..."]}, {"cities": ["Й" * 81]},
                  {"cities": [f"c{n}" for n in range(51)]}, {"city": "Орёл"}):  # fmt: skip
        with pytest.raises(ValidationError):
            InCity.model_validate(wrong)
    assert len(InCity(cities=tuple(f"c{n}" for n in range(50))).cities) == 50


def test_what_is_offered_is_what_members_have(shop: Shop) -> None:
    people = [shop.join(name) for name in ("A", "B", "C", "D", "E")]
    for person, city in zip(people, ("Орёл", "ОРЕЛ", "Орёл", "Тверь", ""), strict=True):
        live(shop, person, city)
    with shop.world() as world:
        world.connection.exec_driver_sql("UPDATE member SET status = 'blocked' WHERE name = 'D'")
        found = known_cities(Store(world.connection))

    assert found == ((CityChoice("орел", "Орёл", 3),), 1)


@pytest.mark.parametrize("within", [False, True])
def test_a_rehearsal_names_the_city_among_what_the_past_cannot_say(
    shop: Shop, within: bool
) -> None:
    live(shop, shop.join("Anna"), "Орёл")
    asked = ORYOL
    with shop.world() as world:
        if within:
            audience = parse_audience({"all": [ORYOL]})
            key = save_segment(world, name="Oryol", audience=audience, actor="account:1")
            asked = {"kind": "segment", "segment_id": key}
        terms = ChallengeTerms.model_validate(
            {"steps": [{"kind": "count", "at_least": 1}], "ladder": [{"at": 1, "points": 5}],
             "audience": {"all": [asked]}}
        )  # fmt: skip
        everybody = terms.model_copy(update={"audience": {}})
        span = (shop.when("2026-03-01 00:00"), shop.when("2026-03-08 00:00"))
        store, zone = Store(world.connection), zone_of(shop.zone)
        found = rehearse(store, terms, span, zone=zone)
        plain = rehearse(store, everybody, span, zone=zone)

    assert "city_now" in found.unknown
    assert "city_now" not in plain.unknown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "birthday_month", "months": [5]}, "birthday_now"),
        ({"kind": "member_list", "list_id": 1}, "list_now"),
    ],
)
def test_so_does_it_name_the_other_conditions_that_keep_no_past(
    shop: Shop, asked: dict[str, object], said: str
) -> None:
    terms = ChallengeTerms.model_validate(
        {"steps": [{"kind": "count", "at_least": 1}], "ladder": [{"at": 1, "points": 5}],
         "audience": {"all": [asked]}}
    )  # fmt: skip
    with shop.world() as world:
        named = unknown_in(Store(world.connection), terms)

    assert named == ("more_purchases", said)


def test_a_running_challenge_takes_whom_the_city_lets_in(shop: Shop) -> None:
    anna, boris, clara = shop.join("Anna"), shop.join("Boris"), shop.join("Clara")
    live(shop, anna, "Орёл")
    live(shop, boris, "Тверь")
    terms = ChallengeTerms.model_validate(
        {"steps": [{"kind": "count", "at_least": 1}], "ladder": [{"at": 1, "points": 5}],
         "control_percent": 0, "audience": {"all": [ORYOL]}}
    )  # fmt: skip
    launch(shop, terms, "2026-03-10 10:00", "2026-03-20 00:00", budget=1_000)
    shop.at = "2026-03-11 12:00"
    for person in (anna, boris):
        person.buy(f"r{person.id}", ("MUG", "mugs", "1", "500"))
    live(shop, clara, "г. Орел")
    clara.buy(f"r{clara.id}", ("MUG", "mugs", "1", "500"))

    rows = shop.rows("SELECT member_id, score FROM challenge_entry WHERE state <> 'outside'")
    assert sorted(rows) == [(anna.id, 1), (clara.id, 1)]
