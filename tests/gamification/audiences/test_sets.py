"""Members of an audience, against a slow and plain judge, for everybody and one by one."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.audiences.conditions import EVERYBODY, Audience, parse_audience
from gamification.audiences.sets import Step, emptied_by, explain, members_of, sample, spread
from gamification.columns import from_micros, to_micros
from gamification.programme import day_starts
from gamification.store import Store, compact_json
from tests.gamification.audiences.crowd import CATEGORIES, NOW, ZONE, Crowd
from tests.gamification.audiences.judge import Judge

DAY = timedelta(days=1)

CHOICES: dict[str, list[dict[str, Any]]] = {
    "tier": [{"tiers": ["bronze"]}, {"tiers": ["gold", "silver"]}],
    "recency": [{"days": 1}, {"days": 60}, {"days": 60, "within": False}],
    "frequency": [
        {"at_least": 3}, {"at_most": 0}, {"at_most": 2, "days": 90},
        {"at_least": 1, "at_most": 2, "days": 200},
    ],
    "spend": [{"at_least": 2_000}, {"at_most": 1_000},
              {"at_least": 500, "at_most": 3_000, "days": 90}],
    "bought": [{"categories": ["cakes"]}, {"categories": ["coffee", "tea"], "days": 60}],
    "not_bought": [{"categories": ["tea"]}, {"categories": list(CATEGORIES), "days": 30}],
    "visited": [{"stores": ["market"]}, {"channels": ["app"], "stores": ["station"], "days": 90}],
    "birthday_month": [{}, {"months": [1, 2, 12]}],
    "city": [{"cities": ["Орёл"]}, {"cities": ["Тверь", "YORK"]}, {"unknown": True},
             {"cities": ["г. ОРЕЛ", "Тверь"], "unknown": True}],
    "joined": [{"days": 100}, {"days": 300, "within": False}],
    "consent": [{"purpose": "marketing"}, {"purpose": "friends", "given": False}],
    "medal": [{"medal": "first-step"}, {"medal": "regular", "level": 2}],
    "invited": [{}],
    "inviter": [{}, {"at_least": 3}],
    "stage": [{"stages": [s]} for s in ("potential", "new", "active", "at_risk", "lapsed")]
    + [{"stages": ["potential", "lapsed"]}, {"stages": ["new", "active"]}],
    "rfm": [
        {"values": [v]}
        for v in ("champions", "loyal", "promising", "at_risk", "sleeping", "lost")
    ],
    "segment": [{"segment_id": 1}, {"segment_id": 2}],
    "member_list": [{"list_id": 1}, {"list_id": 2}],
}  # fmt: skip
ALL = [{"kind": kind} | choice for kind, choices in CHOICES.items() for choice in choices]
SEGMENTS = {
    1: parse_audience({"all": [{"kind": "joined", "days": 400}], "none": [{"kind": "invited"}]}),
    2: parse_audience({"all": [{"kind": "segment", "segment_id": 1}, ALL[0]]}),
}


@pytest.fixture
def store(engine: sa.Engine) -> Iterator[Store]:
    with engine.begin() as connection:
        store = Store(connection)
        Crowd(store, seed=11, people=70).write()
        for key, audience in SEGMENTS.items():
            value = compact_json(audience.model_dump(mode="json"))
            store.insert("segment", [(key, f"segment {key}", value, 0, "", None)])
        yield store


def moments(store: Store) -> list[int]:
    """Now, a midnight, the instant of a purchase and right after, the day the clocks went back."""
    act = store.rows(
        "SELECT a.occurred_at FROM activity a JOIN member m ON m.id = a.member_id"
        " WHERE a.type = 'purchase' AND a.state = 'counted' AND m.status = 'active'"
        " AND m.leaving_at IS NULL ORDER BY a.occurred_at DESC"
    )[4][0]
    midnight = to_micros(day_starts(NOW.date(), ZONE))
    autumn = to_micros(day_starts(date(2026, 10, 25), ZONE) + DAY)
    return [to_micros(NOW), midnight, act, act + 1, autumn]


def test_every_condition_means_what_the_judge_says(store: Store) -> None:
    sizes: dict[str, set[int]] = {str(one): set() for one in ALL}

    for as_of in moments(store):
        judge = Judge(store, as_of, SEGMENTS)
        for one in ALL:
            audience = parse_audience({"all": [one]})
            found = members_of(store, audience, as_of, ZONE)
            assert found == judge.members_of(audience), (one, from_micros(as_of))
            sizes[str(one)].add(len(found))

    everybody = len(members_of(store, EVERYBODY, to_micros(NOW), ZONE))
    vain = [one for one, found in sizes.items() if found <= {0, everybody}]
    assert vain == [], "these conditions were never put to the test"


def test_any_audience_for_everybody_and_one_by_one(store: Store) -> None:
    draw, times = random.Random(5), moments(store)
    judges = {as_of: Judge(store, as_of, SEGMENTS) for as_of in times}
    people = list(judges[times[0]].members)

    for _ in range(40):
        picked = draw.sample(ALL, draw.randrange(1, 5))
        cut, as_of = draw.randrange(len(picked) + 1), draw.choice(times)
        audience = parse_audience({"all": picked[:cut], "none": picked[cut:]})

        whole = members_of(store, audience, as_of, ZONE)

        assert whole == judges[as_of].members_of(audience), (picked, cut)
        some = set(draw.sample(people, 6))
        assert members_of(store, audience, as_of, ZONE, only=some) == whole & some
        one = draw.choice(people)
        assert members_of(store, audience, as_of, ZONE, only=[one]) == whole & {one}


def test_blocked_erased_and_leaving_members_are_in_nothing(store: Store) -> None:
    gone = {
        row[0]
        for row in store.rows(
            "SELECT id FROM member WHERE status <> 'active' OR leaving_at IS NOT NULL"
        )
    }
    at = to_micros(NOW)

    assert len(gone) > 5
    assert members_of(store, EVERYBODY, at, ZONE) == {*range(1, 71)} - gone
    for one in ALL:
        for audience in (parse_audience({"all": [one]}), parse_audience({"none": [one]})):
            assert members_of(store, audience, at, ZONE) & gone == set()
            assert members_of(store, audience, at, ZONE, only=gone) == set()


def test_asking_about_nobody_and_about_very_many(store: Store) -> None:
    at, many = to_micros(NOW), range(-600, 46)

    assert members_of(store, EVERYBODY, at, ZONE, only=[]) == set()
    whole = members_of(store, EVERYBODY, at, ZONE)
    assert members_of(store, EVERYBODY, at, ZONE, only=many) == whole & set(many)


def test_each_step_says_how_many_are_left_and_which_left_nobody(store: Store) -> None:
    impossible = {"kind": "frequency", "at_least": 1_000}
    audience = parse_audience({"all": [ALL[4], impossible], "none": [ALL[0]]})
    at = to_micros(NOW)

    steps = explain(store, audience, at, ZONE)

    first = Audience(all=audience.all[:1])
    assert steps == [
        Step(None, False, len(members_of(store, EVERYBODY, at, ZONE))),
        Step(audience.all[0], False, len(members_of(store, first, at, ZONE))),
        Step(audience.all[1], False, 0),
        Step(audience.none[0], True, 0),
    ]
    assert emptied_by(steps) == steps[2]
    assert emptied_by(steps[:2]) is None


def test_the_map_of_stages_and_kinds_adds_up(store: Store) -> None:
    for as_of in moments(store):
        stages, kinds = spread(store, as_of, ZONE)

        for kind, field, counted in (("stage", "stages", stages), ("rfm", "values", kinds)):
            for word in {w for choice in CHOICES[kind] for w in choice[field]}:
                audience = parse_audience({"all": [{"kind": kind, field: [word]}]})
                assert counted[word] == len(members_of(store, audience, as_of, ZONE)), word
        assert stages.total() == len(members_of(store, EVERYBODY, as_of, ZONE))


def test_a_sample_is_the_same_for_the_same_members_and_not_only_the_eldest() -> None:
    found = set(range(1, 1_000))

    assert sample(found) == sample(sorted(found, reverse=True))
    assert len(set(sample(found)) & set(range(1, 20))) < 5
    assert sample({3, 1}) == sample([1, 3])
    assert sorted(sample({3, 1})) == [1, 3]
