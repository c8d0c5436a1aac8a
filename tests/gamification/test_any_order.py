"""Whatever order things happen in, counters equal a recount and returning all leaves nothing."""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gamification.achievements.publishing import publish_medal
from gamification.commands.intake import take_page
from gamification.commands.owner import touch_definitions
from gamification.measures.catalogue import Best, Count, Streak, Sum, Where
from gamification.refusals import Refusal
from tests.databases import PostgresCopies, SqliteCopies
from tests.gamification.audit.test_audit import audit
from tests.shop import Person, Shop, plain_tiers
from webapp.db import make_engine

FULL = bool(os.environ.get("LAUREL_FULL"))
TIERS = plain_tiers(("bronze", 0, 333), ("silver", 500, 500), ("gold", 1_500, 1_000))
CATEGORIES = ("coffee", "tea", "gift_cards", None)

goods = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(CATEGORIES),
        st.integers(1, 4).map(str),
        st.integers(0, 70_000).map(lambda minor: f"{minor / 100:.2f}"),
    ),
    min_size=1,
    max_size=4,
)
days = st.integers(0, 29)
steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("buy"), days, st.integers(0, 23), goods, st.sampled_from([None, None, 15])
        ),
        st.tuples(
            st.just("return"),
            st.integers(0, 9),
            st.integers(1, 3),
            st.booleans(),
            st.sampled_from([0, 7]),
        ),
        st.tuples(st.just("unnamed"), days, goods),
        st.tuples(st.just("early_return"), st.integers(0, 3), goods),
        st.tuples(st.just("early_correction"), st.integers(0, 9), goods),
        st.tuples(st.just("file"), days, goods),
        st.tuples(st.just("again"), st.integers(0, 9)),
        st.tuples(st.just("spend"), st.integers(1, 40)),
    ),
    min_size=1,
    max_size=14,
)


def open_shop(engine: sa.Engine) -> Shop:
    """Rules with every kind of corner: a multiplier, a bonus, a cap, goods that earn nothing."""
    shop = Shop(engine, at="2026-03-30 12:00", tiers=TIERS, columns={"pending_days": 3})
    shop.rule("coffee", "multiplier", {"percent": 250, "categories": ["coffee"]})
    shop.rule("gifts", "exclusion", {"categories": ["gift_cards"]})
    shop.rule("big", "bonus", {"threshold": 60_000, "points": 17})
    shop.rule("cap", "cap", {"points": 90})
    with shop.world() as world:
        for number, (spec, levels) in enumerate(
            (
                (Count(unit="quantity", where=Where(categories=("coffee",))), [(3, 5), (9, 10)]),
                (Streak(unit="day"), [(2, 0), (4, 7)]),
                (Sum(field="points"), [(40, 3)]),
                (Best(field="amount"), [(40_000, 9)]),
            )
        ):
            publish_medal(
                world,
                code=f"m{number}",
                spec=spec,
                levels=levels,
                position=90 + number,
                on_reversal="revoke_if_below",
            )
        touch_definitions(world)
    return shop


def play(anna: Person, story: list[tuple[Any, ...]]) -> list[str]:
    """Let a story happen; the programme may refuse a step, and then nothing of it stays."""
    bought: list[str] = []
    told: list[Callable[[], object]] = []
    for number, step in enumerate(story):
        try:
            _play_step(anna, step, f"s{number}", bought, told)
        except Refusal:
            continue
    return bought


def _play_step(
    anna: Person,
    step: tuple[Any, ...],
    name: str,
    bought: list[str],
    told: list[Callable[[], object]],
) -> None:
    start = anna.shop.when("2026-03-01 00:00")

    def moment(day: int, hour: int = 12) -> str:
        return (start + timedelta(days=day, hours=hour)).strftime("%Y-%m-%d %H:%M")

    match step:
        case ("buy", day, hour, lines, delivery):
            total = delivery and int(sum(float(money) for *_, money in lines)) + 1 + delivery
            told.append(lambda: anna.buy(name, *lines, at=moment(day, hour), total=total))
            told[-1]()
            bought.append(name)
        case ("return", which, quantity, whole, total) if bought:
            of = bought[which % len(bought)]
            lines = [] if whole else [("A", None, str(quantity), "0")]
            told.append(lambda: anna.bring_back(name, *lines, of=of, whole=whole, total=total))
            told[-1]()
        case ("unnamed", day, lines):
            told.append(lambda: anna.bring_back(name, *lines, at=moment(day, 23)))
            told[-1]()
        case ("early_return", which, lines):
            anna.bring_back(name, *lines, of=f"later{which}")
            anna.buy(f"later{which}", *lines)
            bought.append(f"later{which}")
        case ("early_correction", which, lines) if bought:
            anna.bring_back(f"back-{name}", of=name, whole=True, total="0")
            anna.buy(name, *lines, names_id=bought[which % len(bought)])
            bought.append(name)
        case ("file", day, lines):
            receipt = anna.shop.receipt("purchase", name, lines, at=moment(day))
            with anna.shop.world() as world:
                take_page(world.session, world.ids, [(anna.name, [receipt])], brought=world.now)
            bought.append(name)
        case ("again", which) if told:
            told[which % len(told)]()
        case ("spend", points):
            anna.pay(min(points, anna.balance()) or 1, name)
        case _:
            return


def check_any_order(shop: Shop, story: list[tuple[Any, ...]]) -> None:
    anna = shop.join("anna")
    bought = play(anna, story)
    assert [f for f in audit(shop).findings if f.count] == []

    for name in bought:
        try:
            anna.bring_back(f"back-{name}", of=name, whole=True, total="0")
        except Refusal:
            continue

    assert [f for f in audit(shop).findings if f.count] == []
    left = shop.rows(
        "SELECT COALESCE(SUM(a.points_left), 0), COALESCE(SUM(a.base_left), 0) FROM activity a"
        " WHERE a.type = 'purchase'"
    )
    assert left == [(0, 0)]
    loose = shop.rows("SELECT COALESCE(SUM(base_left), 0) FROM activity WHERE type = 'return'")
    assert shop.rows("SELECT COALESCE(SUM(value), 0) FROM day_sum") == loose
    if not any(step[0] == "unnamed" for step in story):
        assert loose == [(0,)]
    kept = shop.rows(
        "SELECT COALESCE(SUM(value), 0) FROM counter c JOIN measure m ON m.id = c.measure_id"
    )
    assert kept == [(0,)]
    lots = shop.rows(
        "SELECT COALESCE(SUM(l.remaining), 0) FROM lot l WHERE l.available_at > 0"
        " AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.kind = 'spend')"
    )
    assert lots == [(0,)]


DELIVERED: list[tuple[Any, ...]] = [
    ("buy", 1, 10, [("A", "tea", "2", "400.00")], 15),
    ("return", 0, 1, False, 7),
    ("return", 0, 1, False, 7),
]
RULES = settings(
    max_examples=400 if FULL else 12,
    deadline=None,
    derandomize=not FULL,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@RULES
@given(story=steps)
@example(story=DELIVERED)
def test_on_sqlite(sqlite_copies: SqliteCopies, story: list[tuple[Any, ...]]) -> None:
    url, drop = sqlite_copies.take()
    engine = make_engine(url)
    try:
        check_any_order(open_shop(engine), story)
    finally:
        engine.dispose()
        drop()


@pytest.mark.pg
@RULES
@given(story=steps)
@example(story=DELIVERED)
def test_on_postgresql(postgres_copies: PostgresCopies, story: list[tuple[Any, ...]]) -> None:
    url, drop = postgres_copies.take()
    engine = make_engine(url)
    try:
        check_any_order(open_shop(engine), story)
    finally:
        engine.dispose()
        drop()
