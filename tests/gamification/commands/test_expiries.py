"""Points that will burn are announced a month, a week and a day before, each time once."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.commands.expiries import announce_expiry, step_of
from gamification.commands.postman import lay_in_inbox, take_due
from gamification.definitions import current_definitions
from gamification.store import Store
from gamification.world import fixed_clock
from tests.shop import Person, Shop
from webapp.world import Worlds


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-01-10 12:00", columns={"pending_days": 0})


def claimed(shop: Shop, name: str, email: str | None = None) -> Person:
    person = shop.join(name)
    with shop.world() as world:
        world.session.execute(
            sa.text("UPDATE member SET claimed_at = 1, email = :email WHERE id = :id"),
            {"id": person.id, "email": email},
        )
    return person


def announce(shop: Shop, at: str, limit: int = 500) -> int:
    """The clock comes round at an instant of the programme's zone, until nothing is left."""
    with shop.world(at) as world:
        return announce_expiry(world, limit)


def told(person: Person) -> list[tuple[int, str]]:
    sql = (
        "SELECT payload FROM notice WHERE member_id = ? AND kind = 'expiring'"
        " AND channel = 'inbox' ORDER BY id"
    )
    rows = [as_dict(payload) for (payload,) in person.shop.rows(sql, person.id)]
    return [(row["points"], row["on"]) for row in rows]


def as_dict(payload: Any) -> dict[str, Any]:
    return payload if isinstance(payload, dict) else dict(json.loads(payload))


@pytest.mark.parametrize(
    ("left", "step"), [(30, 30), (29, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1)]
)
def test_the_step_is_the_nearest_that_was_reached(left: int, step: int) -> None:
    assert step_of(left) == step


def test_points_are_announced_thrice_with_their_last_day(shop: Shop) -> None:
    anna = claimed(shop, "anna")
    anna.give(320, "2026-01-10 00:00", "2026-03-11 00:00", "a")  # the last day is 10 March

    days = [datetime(2026, 2, 6, tzinfo=UTC) + timedelta(days=n) for n in range(36)]
    counts = {f"{day:%m-%d}": announce(shop, f"{day:%Y-%m-%d} 09:00") for day in days}

    assert {day for day, count in counts.items() if count} == {"02-08", "03-03", "03-09"}
    assert told(anna) == [(320, "2026-03-10")] * 3


def test_a_repeat_and_a_second_worker_tell_nothing_new(shop: Shop) -> None:
    anna = claimed(shop, "anna")
    anna.give(320, "2026-01-10 00:00", "2026-03-11 00:00", "a")

    assert [announce(shop, "2026-03-03 09:00") for _ in range(2)] == [1, 0]
    assert len(told(anna)) == 1


def test_a_clock_that_stood_still_makes_up_for_the_step_it_missed(shop: Shop) -> None:
    anna = claimed(shop, "anna")
    anna.give(320, "2026-01-10 00:00", "2026-03-11 00:00", "a")

    assert announce(shop, "2026-03-10 23:00") == 1
    assert announce(shop, "2026-03-11 00:00") == 0
    assert told(anna) == [(320, "2026-03-10")]


def test_lots_of_one_day_are_one_message_and_days_are_apart(shop: Shop) -> None:
    anna, boris = claimed(shop, "anna"), claimed(shop, "boris")
    anna.give(100, "2026-01-10 00:00", "2026-03-11 00:00", "a")
    anna.give(20, "2026-01-10 00:00", "2026-03-10 18:00", "b")
    anna.give(7, "2026-01-10 00:00", "2026-03-12 00:00", "c")
    boris.give(5, "2026-01-10 00:00", "2026-03-11 00:00", "d")
    anna.pay(60, "p")  # drawn from what lapses first

    announce(shop, "2026-03-05 09:00")

    assert told(anna) == [(60, "2026-03-10"), (7, "2026-03-11")]
    assert told(boris) == [(5, "2026-03-10")]


def test_nothing_is_said_of_what_is_not_there_to_be_lost(shop: Shop) -> None:
    anna, stranger = claimed(shop, "anna"), shop.join("stranger")
    anna.give(10, "2026-03-06 00:00", "2026-03-11 00:00", "not yet available")
    anna.give(10, "2026-01-10 00:00", None, "never lapses")
    anna.give(10, "2026-01-10 00:00", "2026-06-01 00:00", "far away")
    stranger.give(10, "2026-01-10 00:00", "2026-03-11 00:00", "never came in")

    assert announce(shop, "2026-03-05 09:00") == 0


def test_many_members_are_told_a_page_at_a_time_in_few_statements(shop: Shop) -> None:
    people = [claimed(shop, f"person{n}") for n in range(7)]
    for person in people:
        person.give(10, "2026-01-10 00:00", "2026-03-11 00:00", f"l{person.id}")

    seen: list[str] = []
    ask = Store._execute

    def asked(self: Store, sql: str, params: Sequence[Any]) -> None:
        seen.append(sql)
        ask(self, sql, params)

    def inserted(self: Store, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        seen.append(sql)
        self._cursor.executemany(sql, rows)

    with shop.world("2026-03-05 09:00") as world, pytest.MonkeyPatch.context() as patch:
        current_definitions(world.session)
        patch.setattr(Store, "_execute", asked)
        patch.setattr(Store, "_many", inserted)
        counts = [announce_expiry(world, limit=3) for _ in range(4)]

    assert counts == [3, 3, 1, 0]
    assert len(seen) <= 5 * 4
    assert [told(person) for person in people] == [[(10, "2026-03-10")]] * 7


def test_a_letter_goes_out_once_a_day_as_a_service(shop: Shop) -> None:
    anna = claimed(shop, "anna", "anna@example.org")
    anna.give(10, "2026-01-10 00:00", "2026-03-11 00:00", "a")
    anna.give(7, "2026-01-10 00:00", "2026-03-12 00:00", "b")
    announce(shop, "2026-03-05 09:00")

    at = shop.when("2026-03-05 09:01")
    worlds = Worlds(shop.engine, fixed_clock(at))
    for parcel in worlds.run(take_due):
        if parcel.channel == "inbox":
            worlds.run(lambda world, parcel=parcel: lay_in_inbox(world, parcel))

    sql = "SELECT purpose FROM notice WHERE channel = 'email' AND kind = 'expiring'"
    assert shop.rows(sql) == [("service",)]
