"""Many workers at once: each message is written once and taken once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from gamification.notices import actions
from gamification.world import World, fixed_clock

CLOCK = fixed_clock(datetime(2026, 3, 1, 12, tzinfo=UTC))
WORKERS = 6


def write(engine: sa.Engine, key: str) -> int | None:
    with Session(engine) as session, session.begin():
        return actions.write_notice(
            World(session, CLOCK),
            kind="signin_code",
            channel="email",
            recipient="anna@example.org",
            payload={"code": "123456"},
            dedupe_key=key,
        )


def drain(engine: sa.Engine) -> list[int]:
    taken: list[int] = []
    while True:
        with Session(engine) as session, session.begin():
            parcels = actions.claim_due(World(session, CLOCK), 3, timedelta(minutes=5))
        if not parcels:
            return taken
        taken += [parcel.id for parcel in parcels]


def test_writers_of_one_key_at_once_write_one_message(engine: sa.Engine) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        ids = list(pool.map(lambda _: write(engine, "award:7"), range(WORKERS * 4)))

    assert len([written for written in ids if written is not None]) == 1


def test_workers_at_once_never_hold_the_same_message(engine: sa.Engine) -> None:
    written = [write(engine, f"award:{n}") for n in range(90)]

    with ThreadPoolExecutor(WORKERS) as pool:
        taken = [one for part in pool.map(lambda _: drain(engine), range(WORKERS)) for one in part]

    assert Counter(taken) == Counter(written)
