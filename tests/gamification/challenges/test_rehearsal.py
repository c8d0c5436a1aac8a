"""A rehearsal finds what running live finds, whatever happens: the same winners, rung by rung."""

import os
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gamification.audit.run import run_audit
from gamification.commands.challenges import ChallengeTerms, Rung, Step
from gamification.measures.catalogue import Where
from gamification.programme import zone_of
from gamification.readmodels.challenge_rehearsal import Rehearsal, rehearse
from gamification.refusals import Refusal
from gamification.store import Store
from tests.challenging import launch, work
from tests.databases import PostgresCopies, SqliteCopies, opened
from tests.shop import Person, Shop, plain_tiers

FULL = bool(os.environ.get("LAUREL_FULL"))
START, END = "2026-03-05 00:00", "2026-03-19 00:00"
NAMES = ("Ana", "Boris", "Cyril")

wheres = st.sampled_from(
    [Where(), Where(categories=("tea",)), Where(weekdays=(1, 3, 6)), Where(amount_from=20_000),
     Where(hours=((600, 840),)), Where(categories=("tea", "cups"), lines_from=2)]
)  # fmt: skip
steps = st.one_of(
    st.builds(Step, kind=st.just("count"), at_least=st.integers(1, 4), where=wheres),
    st.builds(Step, kind=st.just("sum"), at_least=st.integers(1, 60_000), where=wheres),
    st.builds(Step, kind=st.just("best"), at_least=st.integers(1, 40_000), where=wheres),
    st.builds(
        Step,
        kind=st.just("distinct"),
        of=st.sampled_from(["day", "week", "category", "sku"]),
        at_least=st.integers(1, 4),
        where=wheres,
        fresh_days=st.sampled_from([None, 5]),
    ),
    st.builds(
        Step,
        kind=st.just("streak"),
        of=st.sampled_from(["day", "week"]),
        at_least=st.integers(1, 3),
        freezes=st.integers(0, 1),
    ),
)


@st.composite
def plans(draw: st.DrawFn) -> ChallengeTerms:
    asked = tuple(draw(st.lists(steps, min_size=1, max_size=3)))
    most = asked[0].at_least if len(asked) == 1 else len(asked)
    goal = draw(st.integers(1, most))
    ladder = [Rung(at=goal, points=50)]
    if goal > 1 and draw(st.booleans()):
        ladder.insert(0, Rung(at=draw(st.integers(1, goal - 1)), points=10))
    repeat = draw(st.sampled_from(["once", "once", "weekly", "daily"]))
    return ChallengeTerms(
        steps=asked,
        in_order=draw(st.booleans()),
        ladder=tuple(ladder),
        repeat=repeat,
        hold_days=90,
        control_percent=draw(st.sampled_from([0, 30])),
        max_winners=draw(st.sampled_from([None, 1])) if repeat == "once" else None,
        most_points=draw(st.sampled_from([None, 55])),
    )


goods = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(["tea", "cups", None]),
        st.integers(1, 2).map(str),
        st.integers(0, 400).map(str),
    ),
    min_size=1,
    max_size=3,
)
who, hours = st.integers(0, 2), st.integers(0, 20 * 24)
stories = st.lists(
    st.one_of(
        st.tuples(st.just("buy"), who, hours, st.integers(0, 70), goods),
        st.tuples(st.just("return"), st.integers(0, 9), st.integers(0, 100)),
        st.tuples(st.just("clock")),
    ),
    min_size=1,
    max_size=14,
)


def moment(hour: int) -> str:
    """An hour after the first of March, of the shop's own clock."""
    return f"2026-03-{1 + hour // 24:02} {hour % 24:02}:30"


def play(shop: Shop, people: list[Person], story: list[tuple[Any, ...]]) -> None:
    """Let it happen; the clock of the shop never runs back, and tills may be late."""
    now, bought = 0, []
    for number, step in enumerate(story):
        if step[0] == "buy":
            _, person, hour, late, basket = step
            now = max(now, hour + late)
            try:
                people[person].buy(f"r{number}", *basket, at=moment(hour), now=moment(now))
            except Refusal:
                continue
            bought.append((person, f"r{number}", hour))
        elif step[0] == "return" and bought:
            person, receipt, hour = bought[step[1] % len(bought)]
            now = max(now, hour + step[2])
            told = shop.receipt("return", f"x{number}", [], names_id=receipt, at=moment(now),
                                whole=True)  # fmt: skip
            try:
                people[person].tell(told, moment(now))
            except Refusal:
                continue
        else:
            work(shop, moment(now))


def live_winners(shop: Shop, challenge: int, rungs: int) -> set[tuple[int, str, int, int]]:
    rows = shop.rows(
        "SELECT member_id, period, completed_at, completed_by FROM challenge_entry"
        " WHERE challenge_id = ? AND arm = 'treatment' AND rung = ?",
        challenge,
        rungs,
    )
    return {(i, period, at, by) for i, period, at, by in rows}


def rehearsed(shop: Shop, wanted: ChallengeTerms, code: str) -> Rehearsal:
    with shop.world() as world:
        span = (shop.when(START), shop.when(END))
        zone = zone_of(shop.zone)
        return rehearse(Store(world.connection), wanted, span, zone=zone, code=code, budget=10_000)


def compare(engine: sa.Engine, wanted: ChallengeTerms, story: list[tuple[Any, ...]]) -> None:
    shop = Shop(engine, at="2026-03-01 00:10", tiers=plain_tiers(("base", 0, 0)))
    weeks = [s.at_least for s in wanted.steps if s.of == "week"]
    assume(max(weeks, default=0) < 4)  # four weeks do not fit into two: the launch refuses
    challenge = launch(shop, wanted, START, END, budget=10_000)
    people = [shop.join(name) for name in NAMES]
    play(shop, people, story)
    work(shop, "2026-04-05 00:00")
    code = str(shop.rows("SELECT code FROM challenge")[0][0])
    found = rehearsed(shop, wanted, code)
    rungs = len(wanted.ladder)
    assert live_winners(shop, challenge, rungs) == {
        (w.member_id, w.period, w.completed, w.activity_id) for w in found.winners
    }
    spent = int(shop.rows("SELECT spent FROM challenge")[0][0])
    # What a member's limit cut stays cut, even where goods make room under it later.
    was_cut = wanted.most_points is not None and any(step[0] == "return" for step in story)
    assert spent == found.points or (was_cut and spent < found.points)
    with shop.world("2026-04-05 01:00") as world:
        report = run_audit(world, full=True)
        assert [f for f in report.findings if f.count] == []


RULES = settings(
    max_examples=400 if FULL else 4,
    deadline=None,
    derandomize=not FULL,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@RULES
@given(wanted=plans(), story=stories)
def test_on_sqlite(
    sqlite_copies: SqliteCopies, wanted: ChallengeTerms, story: list[tuple[Any, ...]]
) -> None:
    url, drop = sqlite_copies.take()
    with opened(url) as engine:
        compare(engine, wanted, story)
    drop()


@pytest.mark.pg
@RULES
@given(wanted=plans(), story=stories)
def test_on_postgresql(
    postgres_copies: PostgresCopies, wanted: ChallengeTerms, story: list[tuple[Any, ...]]
) -> None:
    url, drop = postgres_copies.take()
    with opened(url) as engine:
        compare(engine, wanted, story)
    drop()
