"""A periodic job is done once per slot, in steps, by whoever holds its turn."""

import threading
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from gamification.commands.owner import ProgrammePlan, set_up_programme, tier_plans
from gamification.members.tables import Member
from gamification.refusals import ProgrammeMissing
from gamification.world import World
from tests.webapp.jobs.conftest import NOON, MovedClock
from webapp.jobs.clockwork import Clockwork, take_step
from webapp.jobs.schedule import JOBS, Job, Step
from webapp.jobs.tables import ScheduledJob
from webapp.jobs.turns import LEASE, LostTurnError, put_off, take_turn, wait_after
from webapp.world import Worlds

GO_ON = threading.Event()
HOURLY = timedelta(hours=1)


class Sweeps:
    """A verb that has so much left to do, and writes a row for each step."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, world: World) -> int:
        if self.left == 0:
            return 0
        self.left -= 1
        name = f"step-{world.ids()}"
        world.session.add(Member(public_id=name, origin="till", joined_at=world.now))
        world.session.flush()
        return 1


def clockwork(worlds: Worlds, step: Step, **options: bool) -> Clockwork:
    work = Clockwork(worlds, [Job("sweep", step, every=HOURLY, **options)])
    work.enter()
    return work


def row(worlds: Worlds, name: str = "sweep") -> ScheduledJob:
    with worlds.open(readonly=True) as world:
        return world.session.exec(select(ScheduledJob).where(col(ScheduledJob.name) == name)).one()


def steps(worlds: Worlds) -> int:
    with worlds.open(readonly=True) as world:
        return world.session.scalar(sa.select(sa.func.count()).select_from(Member)) or 0


def test_a_new_job_is_done_at_once_and_then_in_its_rhythm(
    worlds: Worlds, clock: MovedClock
) -> None:
    work = clockwork(worlds, Sweeps(3))

    rounds = [work.round(GO_ON), work.round(GO_ON)]
    clock.move(hours=1)
    rounds.append(work.round(GO_ON))

    assert rounds == [1, 0, 1]
    assert steps(worlds) == 3
    found = row(worlds)
    assert (found.runs, found.next_run_at, found.leased_until) == (2, NOON + 2 * HOURLY, None)


def test_a_job_that_is_whole_in_one_step_is_not_repeated(worlds: Worlds) -> None:
    clockwork(worlds, Sweeps(3), until_done=False).round(GO_ON)

    assert steps(worlds) == 1


def test_entering_jobs_again_changes_nothing(worlds: Worlds, clock: MovedClock) -> None:
    work = clockwork(worlds, Sweeps(0))
    work.round(GO_ON)
    clock.move(minutes=1)

    work.enter()

    assert row(worlds).next_run_at == NOON + HOURLY


def test_a_turn_is_one_workers_until_its_lease_ends(worlds: Worlds, clock: MovedClock) -> None:
    work = clockwork(worlds, Sweeps(0))
    turns = [worlds.run(lambda world: take_turn(world, work.jobs))]
    turns.append(worlds.run(lambda world: take_turn(world, work.jobs)))
    clock.move(seconds=LEASE.total_seconds())
    turns.append(worlds.run(lambda world: take_turn(world, work.jobs)))

    assert [turn is not None for turn in turns] == [True, False, True]


def test_a_worker_that_lost_its_turn_undoes_its_step(worlds: Worlds, clock: MovedClock) -> None:
    work = clockwork(worlds, Sweeps(9))
    slow = worlds.run(lambda world: take_turn(world, work.jobs))
    assert slow is not None
    clock.move(seconds=LEASE.total_seconds())
    quick = worlds.run(lambda world: take_turn(world, work.jobs))

    with pytest.raises(LostTurnError):
        worlds.run(lambda world: take_step(world, slow))

    assert steps(worlds) == 0
    assert quick is not None
    assert row(worlds).leased_until == quick.leased_until


def test_each_step_is_kept_when_a_later_one_fails(worlds: Worlds, clock: MovedClock) -> None:
    sweep = Sweeps(2)

    def stumble(world: World) -> int:
        if sweep.left == 0:
            raise ZeroDivisionError("the third step")
        return sweep(world)

    work = clockwork(worlds, stumble)
    done = work.round(GO_ON)

    found = row(worlds)
    assert (done, steps(worlds)) == (1, 2)
    assert (found.failures, found.last_error) == (1, "ZeroDivisionError: the third step")
    assert found.next_run_at == NOON + timedelta(minutes=1)
    assert found.leased_until is None


def test_failures_wait_longer_and_a_success_forgives_them(
    worlds: Worlds, clock: MovedClock
) -> None:
    broken = True

    def stumble(_world: World) -> int:
        if broken:
            raise ZeroDivisionError("again")
        return 0

    work = clockwork(worlds, stumble)
    waits = []
    for _ in range(3):
        work.round(GO_ON)
        waits.append(row(worlds).next_run_at - clock())
        clock.instant = row(worlds).next_run_at
    broken = False
    work.round(GO_ON)

    assert waits == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert (row(worlds).failures, row(worlds).last_error, row(worlds).runs) == (0, None, 1)
    assert wait_after(1000) == timedelta(hours=1)


def test_before_the_programme_is_set_up_jobs_only_wait(worlds: Worlds) -> None:
    def early(_world: World) -> int:
        raise ProgrammeMissing()

    clockwork(worlds, early).round(GO_ON)

    found = row(worlds)
    assert (found.next_run_at, found.failures, found.last_error) == (
        NOON + timedelta(minutes=1),
        0,
        None,
    )


def test_a_stop_between_steps_leaves_the_rest_for_later(worlds: Worlds, clock: MovedClock) -> None:
    stop, sweep = threading.Event(), Sweeps(5)

    def asked_to_stop(world: World) -> int:
        stop.set()
        return sweep(world)

    work = clockwork(worlds, asked_to_stop)
    work.round(stop)
    first = steps(worlds)
    clock.move(minutes=1)
    stop.clear()
    while work.round(threading.Event()):
        clock.move(seconds=1)

    assert first == 1
    assert steps(worlds) == 5
    assert row(worlds).runs == 1


def test_a_verb_that_always_finds_more_is_stopped_and_named(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.jobs.clockwork.MOST_STEPS", 4)
    monkeypatch.setattr("webapp.jobs.clockwork.BREATH_SECONDS", 0)

    clockwork(worlds, Sweeps(10**6)).round(GO_ON)

    assert steps(worlds) == 4
    assert row(worlds).next_run_at == NOON + timedelta(minutes=1)


def test_a_day_in_the_past_has_no_clockwork(engine: sa.Engine, clock: MovedClock) -> None:
    still = Worlds(engine, clock, still=date(2026, 1, 1))
    work = Clockwork(still, [Job("sweep", Sweeps(1), every=HOURLY)])

    work.enter()

    assert work.round(GO_ON) == 0
    assert steps(still) == 0


def test_two_workers_do_a_slot_once(engine: sa.Engine) -> None:
    worlds = Worlds(engine, MovedClock())
    sweep = Sweeps(1)
    works = [clockwork(worlds, sweep) for _ in range(4)]

    threads = [threading.Thread(target=work.round, args=(GO_ON,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (steps(worlds), row(worlds).runs) == (1, 1)


def test_the_shipped_jobs_run_on_an_empty_programme_and_again(
    engine: sa.Engine, clock: MovedClock
) -> None:
    with Session(engine) as session, session.begin():
        set_up(World(session, clock))
    work = Clockwork(Worlds(engine, clock))
    work.enter()

    first = sum(iter(lambda: work.round(GO_ON), 0))
    clock.move(days=1)
    second = sum(iter(lambda: work.round(GO_ON), 0))

    assert (first, second) == (len(JOBS), len(JOBS))
    for job in JOBS:
        found = row(work.worlds, job.name)
        assert (found.runs, found.last_error) == (2, None), job.name


def set_up(world: World) -> None:
    set_up_programme(world, ProgrammePlan(name="Полдень", tiers=tier_plans("cafe")))


def test_midnight_of_a_job_follows_the_zone_of_the_programme(
    engine: sa.Engine, clock: MovedClock
) -> None:
    with Session(engine) as session, session.begin():
        set_up(World(session, clock))
    worlds = Worlds(engine, clock)
    work = Clockwork(worlds, [Job("sweep", Sweeps(0), at=time(0, 0))])
    work.enter()

    work.round(GO_ON)

    assert row(worlds).next_run_at == datetime.fromisoformat("2026-03-02T00:00+03:00")


def test_putting_off_needs_the_turn(worlds: Worlds, clock: MovedClock) -> None:
    work = clockwork(worlds, Sweeps(0))
    slow = worlds.run(lambda world: take_turn(world, work.jobs))
    assert slow is not None
    clock.move(seconds=LEASE.total_seconds())
    worlds.run(lambda world: take_turn(world, work.jobs))

    with pytest.raises(LostTurnError):
        worlds.run(lambda world: put_off(world, slow))
