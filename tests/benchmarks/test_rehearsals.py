"""E11: a rule and a scheme of tiers rehearsed on a wholesaler's year: 25,000 receipts."""

import json
import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gamification.columns import to_micros
from gamification.definitions import current_definitions
from gamification.members.newcomers import new_member_row
from gamification.readmodels.rule_rehearsal import RuleDraft, rehearse_rule
from gamification.readmodels.tier_rehearsal import rehearse_tiers, scheme_now
from gamification.store import Store
from tests.benchmarks.meters import report
from tests.rehearsing import TIERS
from tests.shop import Shop

pytestmark = pytest.mark.bench
MEMBERS, RECEIPTS, LINES = 4_300, 25_000, 540_000
GOAL = 10.0
"""Seconds for either."""
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
GOODS = tuple(f"category {n}" for n in range(40))


def fill(shop: Shop) -> None:
    """A year of receipts, as the tables keep them; nobody's balance is booked."""
    draw = random.Random(11)
    with shop.world() as world:
        store = Store(world.connection)
        definitions = current_definitions(world.session)
        versions = list(definitions.rules.at(to_micros(BEGIN)).versions)
        tier = definitions.tiers[0]
        people = [
            new_member_row(external_id=f"m{n}", joined_at=BEGIN, origin="signup", name=f"M {n}")
            for n in range(MEMBERS)
        ]
        store.insert("member", [tuple(p.values()) for p in people], columns=tuple(people[0]))
        ids = [int(i) for (i,) in store.rows("SELECT id FROM member ORDER BY id")]
        store.insert(
            "standing", [(i, tier.id, "2026-01-01", None, None, "2026-01-01") for i in ids]
        )
        sums: dict[tuple[int, str], int] = {}
        activities, lines = [], []
        for n in range(1, RECEIPTS + 1):
            member, at = draw.choice(ids), BEGIN + timedelta(minutes=draw.randrange(500_000))
            basket = [
                (draw.choice(GOODS), draw.randrange(100, 5_000)) for _ in range(LINES // RECEIPTS)
            ]
            lines += [
                (n, k, f"S{k}", category, 1000, 1000, money, 0, money, str(money), None)
                for k, (category, money) in enumerate(basket, 1)
            ]
            amount, day = sum(money for _, money in basket), at.date().isoformat()
            points = amount * 3 // 10_000
            line = {"code": "base", "tier": tier.code, "rate": 300, "on": amount}
            judged = {
                "tier": tier.code, "rate": 300, "worth": 100, "combine": "best",
                "rules": versions, "trace": [line | {"points": points * 100}],
            }  # fmt: skip
            sums[member, day] = sums.get((member, day), 0) + amount
            activities.append((
                n, "file", f"R{n}", member, "purchase", "counted", to_micros(at), to_micros(at),
                "UTC", day, at.hour * 60 + at.minute, amount, amount, amount, amount, points,
                points, 0, len(basket), "", json.dumps(judged),
            ))  # fmt: skip
        names = ("id", "source", "external_id", "member_id", "type", "state", "occurred_at",
                 "recorded_at", "zone", "local_date", "local_minute", "amount", "amount_left",
                 "base", "base_left", "points", "points_left", "points_paid", "line_count",
                 "body_hash", "judged")  # fmt: skip
        store.insert("activity", activities, columns=names)
        for start in range(0, len(lines), 50_000):
            store.insert("activity_line", lines[start : start + 50_000])
        measure = definitions.tier_measure
        store.insert("day_sum", [(i, measure, day, n) for (i, day), n in sums.items()])


@pytest.fixture
def wholesaler(engine: sa.Engine) -> Shop:
    shop = Shop(engine, at="2027-01-01 12:00", zone="UTC", tiers=TIERS)
    fill(shop)
    return shop


def test_both_rehearsals_take_seconds(wholesaler: Shop) -> None:
    span = (BEGIN, BEGIN + timedelta(days=366))
    drafts = {
        "categories": RuleDraft("more", "multiplier", {"percent": 200, "categories": GOODS[:5]}),
        "all_goods": RuleDraft("more", "multiplier", {"percent": 200}),
        "exclusion": RuleDraft("out", "exclusion", {"categories": GOODS[:2]}),
    }
    took: dict[str, float] = {}

    with wholesaler.world() as world:
        definitions, store = current_definitions(world.session), Store(world.connection)
        for name, draft in drafts.items():
            began, cpu = time.perf_counter(), time.process_time()
            found = rehearse_rule(store, definitions, draft, span)
            took[name] = round(time.perf_counter() - began, 2)
            took[f"{name}_cpu"] = round(time.process_time() - cpu, 2)
            assert found.receipts == RECEIPTS
        scheme = replace(
            scheme_now(definitions),
            tiers=tuple(
                replace(t, threshold=t.threshold // 2) for t in scheme_now(definitions).tiers
            ),
        )
        began, cpu = time.perf_counter(), time.process_time()
        rehearse_tiers(store, definitions, scheme, span, world.now)
        took["tiers"] = round(time.perf_counter() - began, 2)
        took["tiers_cpu"] = round(time.process_time() - cpu, 2)

    report(f"rehearsals, {wholesaler.engine.dialect.name}", **took)
    assert max(took.values()) < GOAL
