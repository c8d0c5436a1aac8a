"""Throttles count across threads and forget."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gamification.world import fixed_clock
from webapp.accounts.throttles import Limit, forget_throttles, seconds_to_wait
from webapp.world import Worlds

THREE = Limit("three", 3, timedelta(minutes=15))
NOON = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)


def at(engine: sa.Engine, moment: datetime) -> Worlds:
    return Worlds(engine, fixed_clock(moment))


def hit(worlds: Worlds, *who: str) -> int:
    return worlds.run(lambda world: seconds_to_wait(world, [(THREE, name) for name in who]))


def test_the_fourth_waits_for_the_window_to_end(engine: sa.Engine) -> None:
    worlds = at(engine, NOON)

    assert [hit(worlds, "a") for _ in range(4)] == [0, 0, 0, 600]
    assert hit(worlds, "b") == 0
    assert hit(at(engine, NOON + timedelta(minutes=10)), "a") == 0


def test_one_full_limit_of_several_is_enough(engine: sa.Engine) -> None:
    worlds = at(engine, NOON)
    for _ in range(3):
        hit(worlds, "a")

    assert hit(worlds, "a", "b") == 600


def test_who_is_refused_does_not_fill_what_others_share(engine: sa.Engine) -> None:
    worlds = at(engine, NOON)
    for _ in range(3):
        hit(worlds, "a")
    refused = [hit(worlds, "a", "shared") for _ in range(4)]

    assert refused == [600] * 4
    assert [hit(worlds, "b", "shared") for _ in range(3)] == [0, 0, 0]


def test_hits_of_many_at_once_all_count(engine: sa.Engine) -> None:
    worlds = at(engine, NOON)
    waits: list[int] = []
    threads = [threading.Thread(target=lambda: waits.append(hit(worlds, "a"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(waits) == [0] * 3 + [600] * 5


@pytest.mark.parametrize(("days", "gone"), [(1, 0), (3, 1)])
def test_old_windows_are_forgotten(engine: sa.Engine, days: int, gone: int) -> None:
    hit(at(engine, NOON), "a")

    assert at(engine, NOON + timedelta(days=days)).run(forget_throttles) == gone
