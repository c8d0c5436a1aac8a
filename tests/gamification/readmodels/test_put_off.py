"""«Not today»: the next step of Home rests until the programme's next midnight."""

import pytest
import sqlalchemy as sa

from gamification.commands.prompts import put_step_off
from gamification.readmodels.member import home_of
from gamification.readmodels.views import NextStep
from gamification.refusals import UnknownMember
from gamification.world import fixed_clock
from tests.shop import Person, Shop
from webapp.world import Worlds


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    shop = Shop(engine, at="2026-05-01 10:00", columns={"pending_days": 0})
    anna = shop.join("Анна Соколова")
    anna.give(60, "2026-04-01", "2026-05-06", "short")
    anna.buy("r1", ("MUG", "mugs", "1", "500"))
    return anna


def step(anna: Person, at: str) -> NextStep | None:
    with anna.shop.world(at) as world:
        return home_of(world, anna.id).step


def put_off(anna: Person, at: str) -> None:
    with anna.shop.world(at) as world:
        put_step_off(world, anna.id)


def test_a_step_that_was_put_off_comes_back_after_midnight(anna: Person) -> None:
    before = step(anna, "2026-05-02 23:00")

    put_off(anna, "2026-05-02 23:10")

    assert before is not None
    assert before.code == "expiring"
    assert step(anna, "2026-05-02 23:59") is None
    after = step(anna, "2026-05-03 00:00")
    assert after is not None
    assert after.code == "expiring"


def test_a_second_press_and_a_second_day(anna: Person) -> None:
    put_off(anna, "2026-05-02 10:00")
    put_off(anna, "2026-05-02 10:00")
    put_off(anna, "2026-05-03 10:00")

    assert step(anna, "2026-05-03 12:00") is None
    assert anna.shop.rows("SELECT code, value FROM prompt") == [("step", None)]


def test_a_day_of_the_past_shows_its_step(anna: Person) -> None:
    put_off(anna, "2026-05-02 10:00")

    at = anna.shop.when("2026-05-02 23:59")
    with Worlds(anna.shop.engine, fixed_clock(at), at.date()).open(readonly=True) as world:
        assert home_of(world, anna.id).step is not None


def test_nobody_puts_nothing_off(anna: Person) -> None:
    with anna.shop.world() as world, pytest.raises(UnknownMember):
        put_step_off(world, 999_999)
