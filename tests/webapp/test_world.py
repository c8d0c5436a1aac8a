"""One unit of work: committed or undone, done again when it only met others."""

import threading
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import select

from gamification.store import Store
from gamification.world import World, fixed_clock
from webapp.accounts.tables import Throttle
from webapp.db import unsafe_settings
from webapp.world import ReadOnlyNow, Worlds

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def worlds(engine: sa.Engine) -> Worlds:
    return Worlds(engine, fixed_clock(NOON))


def add(world: World, what: str = "a") -> None:
    world.session.add(Throttle(what=what, begins_at=NOON, hits=1))
    world.session.flush()


def names(worlds: Worlds) -> list[str]:
    with worlds.open(readonly=True) as world:
        return list(world.session.exec(select(Throttle.what)).all())


def test_a_world_is_committed_at_its_end(worlds: Worlds) -> None:
    with worlds.open() as world:
        add(world)

    assert names(worlds) == ["a"]


def test_any_exception_undoes_all_of_it(worlds: Worlds) -> None:
    with pytest.raises(ZeroDivisionError), worlds.open() as world:
        add(world)
        raise ZeroDivisionError

    assert names(worlds) == []


def test_a_reader_cannot_write(worlds: Worlds) -> None:
    with pytest.raises(DBAPIError), worlds.open(readonly=True) as world:
        add(world)
    with worlds.open() as world:
        add(world)

    assert names(worlds) == ["a"]


def test_a_glance_reads_what_is_there_and_leaves_nothing(worlds: Worlds) -> None:
    with worlds.open() as world:
        add(world)
    with suppress(DBAPIError), worlds.glance() as glance:
        Store(glance.connection).run("UPDATE throttle SET hits = 7")
    with suppress(DBAPIError), worlds.glance() as glance:
        add(glance, "b")
    with pytest.raises(AssertionError), worlds.glance() as glance:
        glance.commit()
    with worlds.glance() as glance:
        seen = Store(glance.connection).rows("SELECT what, hits FROM throttle")
    with worlds.open() as world:
        add(world, "c")

    assert [tuple(row) for row in seen] == [("a", 1)]
    assert sorted(names(worlds)) == ["a", "c"]


def test_a_glance_waits_for_no_writer(worlds: Worlds) -> None:
    with worlds.open() as writer, worlds.glance() as glance:
        add(writer)
        assert glance.session.exec(select(Throttle.what)).all() == []
        assert Store(glance.connection).rows("SELECT what FROM throttle") == []

    assert names(worlds) == ["a"]


def test_a_reader_keeps_one_picture_and_never_waits(worlds: Worlds) -> None:
    with worlds.open() as writer:
        add(writer, "before")
    with worlds.open(readonly=True) as reader:
        seen = [len(reader.session.exec(select(Throttle.what)).all())]
        with worlds.open() as writer:
            add(writer, "meanwhile")
        seen.append(len(reader.session.exec(select(Throttle.what)).all()))

    assert seen == [1, 1]


def test_a_day_in_the_past_refuses_every_writer(engine: sa.Engine) -> None:
    still = Worlds(engine, fixed_clock(NOON), date(2026, 11, 24))

    with pytest.raises(ReadOnlyNow), still.open():
        pass
    with still.open(readonly=True) as world:
        assert world.past
        assert world.now == NOON


def test_a_collision_is_tried_once_more(worlds: Worlds) -> None:
    tries: list[int] = []

    def unit(world: World) -> int:
        tries.append(1)
        if len(tries) == 1:
            add(world)
            world.session.connection().exec_driver_sql(
                "INSERT INTO throttle SELECT * FROM throttle"
            )
        return len(tries)

    assert worlds.run(unit) == 2


def test_a_collision_that_stays_is_told(worlds: Worlds) -> None:
    with worlds.open() as world:
        add(world)
    tries: list[int] = []

    def unit(world: World) -> None:
        tries.append(1)
        add(world)

    with pytest.raises(IntegrityError):
        worlds.run(unit)
    assert len(tries) == 2


def test_other_faults_are_not_tried_again(worlds: Worlds) -> None:
    tries: list[int] = []

    def unit(world: World) -> None:
        tries.append(1)
        world.session.connection().exec_driver_sql("SELECT * FROM nowhere")

    with pytest.raises(DBAPIError):
        worlds.run(unit)
    assert len(tries) == 1


def test_a_serialisation_failure_is_tried_five_times(worlds: Worlds) -> None:
    class MetOthersError(Exception):
        sqlstate = "40001"

    tries: list[int] = []

    def unit(world: World) -> None:
        tries.append(1)
        raise OperationalError("UPDATE", {}, MetOthersError())

    with pytest.raises(OperationalError):
        worlds.run(unit)
    assert len(tries) == 5


def test_threads_that_read_then_write_lose_nothing(worlds: Worlds) -> None:
    with worlds.open() as world:
        add(world)

    def more(world: World) -> None:
        row = world.session.exec(select(Throttle).with_for_update()).one()
        row.hits += 1
        world.session.flush()

    threads = [
        threading.Thread(target=lambda: [worlds.run(more) for _ in range(10)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with worlds.open(readonly=True) as world:
        assert world.session.exec(select(Throttle.hits)).one() == 41


def test_our_settings_are_safe_and_others_are_named(engine: sa.Engine) -> None:
    before = unsafe_settings(engine)
    weaken = {"sqlite": "PRAGMA synchronous=OFF", "postgresql": "SET synchronous_commit = off"}
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute(weaken[engine.dialect.name])
        if engine.dialect.name == "postgresql":
            driver.commit()

    assert [line for line in before if "fsync" not in line] == []  # the tests' server has it off
    assert "synchronous" in " ".join(unsafe_settings(engine))
