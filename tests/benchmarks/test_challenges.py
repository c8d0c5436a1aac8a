"""E1 with challenges: fifty live ones, of which five look at every purchase; and a rehearsal."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from gamification.challenges.templates import template_terms
from gamification.challenges.terms import Step
from gamification.commands.challenges import (
    ChallengePlan,
    ChallengeTerms,
    ChallengeWords,
    Rung,
    draft_challenge,
    launch_challenge,
)
from gamification.measures.catalogue import Where
from gamification.programme import zone_of
from gamification.readmodels.challenge_rehearsal import rehearse
from gamification.store import Store
from gamification.world import World, fixed_clock
from tests.benchmarks import shop
from tests.benchmarks.floors import floor_at
from tests.benchmarks.meters import cpu_meter, report
from tests.benchmarks.places import Place, single
from tests.benchmarks.recording import record_events
from tests.benchmarks.test_one_event import EVENTS, GOAL, compare, events_of, rows_written
from tests.webapp.intake.running import Intake
from tests.webapp.intake.samples import real_file
from webapp.db import make_engine
from webapp.world import Worlds

pytestmark = pytest.mark.bench
LIVE, MATCHING, MEMBERS, ROUNDS = 50, 5, 10_000, 6
LONGEST_REHEARSAL = 10.0
"""Seconds for a year of `online_retail` on two cores."""


def begin(engine: sa.Engine) -> None:
    """Fifty challenges that run for a month; five count every purchase, the others none."""
    words = {"ru": ChallengeWords("x"), "en": ChallengeWords("x")}
    with Session(engine) as session:
        begins = World(session).now - timedelta(days=15)
        world = World(session, fixed_clock(begins))
        for n in range(LIVE):
            where = Where() if n < MATCHING else Where(categories=(f"nothing-{n}",))
            step = Step(kind="count", at_least=1_000, where=where)
            terms = ChallengeTerms(steps=(step,), ladder=(Rung(at=1_000, points=10),))
            span = (begins, begins + timedelta(days=30))
            draft = draft_challenge(
                world, ChallengePlan("blank", terms, words, *span, 1_000), actor="bench"
            )
            launch_challenge(world, draft.id or 0, over=draft.revision, actor="bench")
        session.commit()


@pytest.mark.parametrize("lines", [1, 18])
def test_fifty_challenges_keep_an_event_cheap(place: Place, lines: int) -> None:
    url = place.fresh()
    with single(url) as engine:
        SQLModel.metadata.create_all(engine)
        shop.set_up(engine)
        shop.fill(engine, MEMBERS)
        begin(engine)
    events = events_of(lines, ROUNDS * EVENTS)
    with place.copies(url, 3) as (first, second, third):
        with single(first) as recorder:
            record_events(recorder, events)
        with single(second) as ours, floor_at(third) as (floor, floor_meter):
            found = compare(ours, cpu_meter(ours), floor, floor_meter, events)
    rows = rows_written(events)
    report(
        "E1 with challenges", database=place.name, lines=lines, live=LIVE, matching=MATCHING,
        **found, rows=rows,
    )  # fmt: skip
    assert rows["challenge_entry"] == MATCHING, "each purchase moves them"
    assert found["ratio"] <= GOAL


def test_a_year_of_a_real_shop_is_rehearsed_while_one_waits(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = real_file("online_retail")
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('year') / 'shop.db'}")
    SQLModel.metadata.create_all(engine)
    Intake(Worlds(engine)).purchases(path, "online_retail")
    span = (datetime(2010, 12, 1, tzinfo=UTC), datetime(2011, 12, 1, tzinfo=UTC))
    seconds = {}
    with Session(engine) as session:
        store = Store(session.connection())
        for template in ("spend", "collect", "streak"):
            terms = template_terms(template, 100)
            if template == "collect":  # this shop tells no categories
                goods = Step(kind="distinct", of="sku", at_least=3)
                terms = terms.model_copy(update={"steps": (goods,)})
            began = time.perf_counter()
            found = rehearse(store, terms, span, zone=zone_of("Europe/London"), code=template)
            seconds[template] = round(time.perf_counter() - began, 2)
            assert found.finished > 0
    engine.dispose()
    report("rehearsal of a year", seconds=seconds)
    assert max(seconds.values()) <= LONGEST_REHEARSAL
