"""Eight processes finish, close and pay at once, some of them killed: one table of winners."""

import multiprocessing as mp
import os
import random
import signal
import time
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from gamification.audit.run import run_audit
from gamification.commands.challenge_clock import (
    advance_challenges,
    close_challenges,
    pay_challenges,
)
from gamification.commands.challenges import Step
from gamification.commands.till import MemberRef, Receipt, record_receipt
from gamification.members.newcomers import new_member_row
from gamification.store import Store
from gamification.world import World, fixed_clock
from tests.challenging import launch, terms
from tests.shop import Shop, plain_tiers
from webapp.db import make_engine

FULL = bool(os.environ.get("LAUREL_FULL"))
MEMBERS, WINNERS = (5_000, 1_000) if FULL else (40, 10)
PROCESSES, KILLED = 8, 20 if FULL else 2
START, END, CLOSED = "2026-03-02 00:00", "2026-03-09 00:00", "2026-03-11 00:00"
fork = mp.get_context("forkserver")
"""Quick to start, from a process that has never been connected to anything."""
fork.set_forkserver_preload([__name__])


def patiently(engine: sa.Engine, at: datetime, deed: object, *given: object) -> object:
    """One transaction, once more where SQLite's only writer was busy too long."""
    while True:
        try:
            with Session(engine) as session:
                done = deed(World(session, fixed_clock(at)), *given)  # type: ignore[operator]
                session.commit()
                return done
        except OperationalError as fault:
            if "database is locked" not in str(fault):
                raise


def finish(url: str, start: datetime, ids: list[int]) -> None:
    """Each member buys once, at a minute of their own: two in a minute now and then."""
    engine = make_engine(url)
    for member_id in ids:
        at = start + timedelta(minutes=member_id * 7 % 1_501)
        receipt = Receipt("purchase", "till", f"r{member_id}", at, "Europe/Moscow", 10_000, ())
        patiently(engine, at, record_receipt, receipt, MemberRef(member_id=member_id))
    engine.dispose()


def close(url: str, at: datetime) -> None:
    """Do all that the clock has to do, until nothing is left."""
    engine = make_engine(url)
    for step in (advance_challenges, close_challenges, pay_challenges):
        while patiently(engine, at, step):
            pass
    engine.dispose()


def together(*jobs: tuple[object, tuple[object, ...]]) -> None:
    started = [fork.Process(target=deed, args=given) for deed, given in jobs]  # type: ignore[arg-type]
    for process in started:
        process.start()
    for process in started:
        process.join(timeout=900)
    assert [process.exitcode for process in started] == [0] * len(jobs)


def test_exactly_the_first_are_paid_whoever_closes_and_dies(
    engine: sa.Engine, database_url: str
) -> None:
    shop = Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))
    first = terms(Step(kind="count", at_least=1), max_winners=WINNERS)
    challenge = launch(shop, first, START, END, budget=200 * WINNERS)
    with shop.world() as world:
        rows = [
            new_member_row(external_id=f"m{n}", joined_at=world.now, origin="signup", name="")
            for n in range(MEMBERS)
        ]
        store = Store(world.connection)
        store.insert("member", [tuple(row.values()) for row in rows], columns=tuple(rows[0]))
    ids = [i for (i,) in shop.rows("SELECT id FROM member ORDER BY id")]
    start = shop.when(START)
    together(*((finish, (database_url, start, ids[n::PROCESSES])) for n in range(PROCESSES)))

    chance = random.Random(7)
    closed = shop.when(CLOSED)
    for _ in range(KILLED):
        victim = fork.Process(target=close, args=(database_url, closed))
        victim.start()
        time.sleep(chance.uniform(0.05, 0.6))
        if victim.pid and victim.is_alive():
            os.kill(victim.pid, signal.SIGKILL)
        victim.join()
    together(*((close, (database_url, closed)) for _ in range(PROCESSES)))

    order = shop.rows(
        "SELECT member_id, place, points, prize FROM challenge_entry WHERE challenge_id = ?"
        " ORDER BY completed_at, completed_by",
        challenge,
    )
    assert [place for _, place, _, _ in order] == list(range(1, MEMBERS + 1))
    assert [points for _, _, points, _ in order] == [200] * WINNERS + [0] * (MEMBERS - WINNERS)
    assert {prize for _, _, _, prize in order[WINNERS:]} == {"place"}
    paid = shop.rows("SELECT member_id, points_left FROM activity WHERE type LIKE 'challenge%'")
    assert sorted(paid) == sorted((member_id, 200) for member_id, *_ in order[:WINNERS])
    assert shop.rows("SELECT state, spent FROM challenge") == [("ended", 200 * WINNERS)]
    with shop.world(CLOSED) as world:
        assert run_audit(world, full=True).is_clean
