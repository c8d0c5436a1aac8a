"""Challenges as people live them: reached, paid once, taken back, closed; numbers by hand."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands import challenge_clock
from gamification.commands.challenges import (
    Rung,
    Step,
    cancel_challenge,
    pause_challenge,
    resume_challenge,
    stop_challenge,
)
from gamification.measures.catalogue import Where
from gamification.refusals import MemberBlocked
from gamification.sources import TableSource
from gamification.store import Store
from gamification.world import World
from tests.challenging import entry, launch, rewards, terms, work
from tests.shop import Shop, plain_tiers

START, END = "2026-03-02 00:00", "2026-03-09 00:00"
"""A week from Monday to Monday."""
BREAD = Where(categories=("bread",))


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    """No points for purchases, so that every point comes of a challenge."""
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


def bread(sku: str, money: str = "100") -> tuple[str, str, str, str]:
    return (sku, "bread", "1", money)


def test_three_different_buns_are_paid_once(shop: Shop) -> None:
    kinds = Step(kind="distinct", of="sku", at_least=3, where=BREAD)
    week = launch(shop, terms(kinds), START, END)
    ana = shop.join("Ana")
    ana.buy("r1", bread("BUN"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    ana.buy("r2", bread("BUN"), at="2026-03-03 09:00", now="2026-03-03 09:00")
    assert entry(ana, week)["score"] == 1
    ana.buy("r3", bread("ROLL"), ("TEA", "tea", "1", "50"), at="2026-03-04 09:00",
            now="2026-03-04 09:00")  # fmt: skip
    done = ana.buy("r4", bread("PIE"), at="2026-03-05 09:00", now="2026-03-05 09:00")
    assert done.answer["challenges"][0][1:] == [3, 3]
    assert rewards(ana) == []  # a till never waits for what others share
    assert work(shop, "2026-03-05 09:01") > 0
    assert work(shop, "2026-03-05 09:02") == 0
    assert rewards(ana) == [("challenge_completed", 200)]
    assert entry(ana, week) | {"state": "rewarded", "points": 200, "prize": "paid"} == entry(
        ana, week
    )
    # 14 whole days after the day on which it was reached
    assert ana.balance("2026-03-18 23:59") == 0
    assert ana.balance("2026-03-19 00:00") == 200


def test_the_edges_of_the_time_are_start_inclusive_and_end_exclusive(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=2)), START, END)
    ana = shop.join("Ana")
    ana.buy("early", bread("A"), at="2026-03-01 23:59", now="2026-03-02 00:01")
    assert entry(ana, week) == {}
    ana.buy("first", bread("A"), at="2026-03-02 00:00", now="2026-03-02 00:01")
    ana.buy("after", bread("A"), at="2026-03-09 00:00", now="2026-03-09 00:00")
    assert entry(ana, week)["score"] == 1
    # told late, but it happened in time and the grace lasts two days
    ana.buy("late", bread("A"), at="2026-03-08 23:59", now="2026-03-10 23:59")
    assert entry(ana, week)["score"] == 2
    boris = shop.join("Boris")
    for number in (1, 2):
        boris.buy(f"b{number}", bread("A"), at="2026-03-08 12:00", now="2026-03-11 00:01")
    assert entry(boris, week) == {}


def test_a_return_within_the_hold_takes_it_back_and_buying_again_pays_again(shop: Shop) -> None:
    money = Step(kind="sum", at_least=100_000)
    week = launch(shop, terms(money), START, END)
    ana = shop.join("Ana")
    ana.buy("r1", bread("A", "600"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    ana.buy("r2", bread("B", "500"), at="2026-03-03 09:00", now="2026-03-03 09:00")
    work(shop, "2026-03-03 09:01")
    assert rewards(ana) == [("challenge_completed", 200)]
    ana.bring_back("x1", bread("B", "500"), of="r2", at="2026-03-04 09:00",
                   now="2026-03-04 09:00")  # fmt: skip
    assert entry(ana, week)["score"] == 60_000
    work(shop, "2026-03-04 09:01")
    assert rewards(ana) == [("challenge_completed", 0)]
    assert entry(ana, week)["state"] == "joined"
    ana.buy("r3", bread("B", "400"), at="2026-03-05 09:00", now="2026-03-05 09:00")
    work(shop, "2026-03-05 09:01")
    assert [left for _, left in rewards(ana)] == [0, 200]
    assert entry(ana, week)["points"] == 200
    assert shop.rows("SELECT spent FROM challenge") == [(200,)]


def test_what_was_held_long_enough_stays(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=1), hold_days=3), START, END)
    ana = shop.join("Ana")
    ana.buy("r1", bread("A"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    work(shop, "2026-03-02 09:01")
    ana.bring_back("x1", bread("A"), of="r1", at="2026-03-05 09:01", now="2026-03-05 09:01")
    work(shop, "2026-03-05 09:02")
    assert rewards(ana) == [("challenge_completed", 200)]
    assert entry(ana, week)["state"] == "rewarded"


def test_a_ladder_pays_rung_by_rung(shop: Shop) -> None:
    ladder = (Rung(at=1, points=10), Rung(at=3, points=50), Rung(at=5, points=100))
    days = Step(kind="distinct", of="day", at_least=5)
    week = launch(shop, terms(days, ladder=ladder), START, END)
    ana = shop.join("Ana")
    for day in range(2, 7):
        ana.buy(f"r{day}", bread("A"), at=f"2026-03-0{day} 09:00", now=f"2026-03-0{day} 09:00")
        work(shop, f"2026-03-0{day} 09:01")
    assert rewards(ana) == [
        ("challenge_step", 10),
        ("challenge_step", 50),
        ("challenge_completed", 100),
    ]
    assert entry(ana, week)["points"] == 160


def test_steps_in_order_wait_for_each_other(shop: Shop) -> None:
    tea = Step(kind="count", at_least=1, where=Where(categories=("tea",)))
    buns = Step(kind="count", at_least=1, where=BREAD)
    week = launch(shop, terms(tea, buns, in_order=True), START, END)
    free = launch(shop, terms(tea, buns), START, END)
    ana = shop.join("Ana")
    ana.buy("r1", bread("A"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    ana.buy("r2", ("T", "tea", "1", "50"), at="2026-03-03 09:00", now="2026-03-03 09:00")
    assert entry(ana, week)["score"] == 1
    assert entry(ana, free)["state"] == "completed"
    ana.buy("r3", bread("A"), at="2026-03-04 09:00", now="2026-03-04 09:00")
    assert entry(ana, week)["state"] == "completed"


def test_a_new_shelf_counts_only_what_was_not_bought_lately(shop: Shop) -> None:
    fresh = Step(kind="distinct", of="category", at_least=2, fresh_days=30)
    week = launch(shop, terms(fresh), START, END)
    ana = shop.join("Ana")
    ana.buy("old", bread("A"), at="2026-02-20 09:00", now="2026-02-20 09:00")
    ana.buy("r1", bread("A"), ("T", "tea", "1", "50"), at="2026-03-02 09:00",
            now="2026-03-02 09:00")  # fmt: skip
    assert entry(ana, week)["score"] == 1
    ana.buy("r2", ("C", "cups", "1", "50"), at="2026-03-03 09:00", now="2026-03-03 09:00")
    assert entry(ana, week)["state"] == "completed"


def test_a_week_begins_anew_and_the_cap_for_one_member_holds(shop: Shop) -> None:
    weekly = terms(Step(kind="count", at_least=1), repeat="weekly", most_points=300)
    month = launch(shop, weekly, "2026-03-02 00:00", "2026-03-30 00:00")
    ana = shop.join("Ana")
    for day in ("02", "03", "09", "16"):
        ana.buy(f"r{day}", bread("A"), at=f"2026-03-{day} 09:00", now=f"2026-03-{day} 09:00")
        work(shop, f"2026-03-{day} 09:01")
    assert [left for _, left in rewards(ana)] == [200, 100, 0]
    assert entry(ana, month, "2026-03-16")["prize"] == "cap"


def test_the_budget_lasts_in_the_order_of_completion(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=1)), START, END, budget=400)
    people = [shop.join(name) for name in ("Ana", "Boris", "Cyril")]
    for minute, person in enumerate(reversed(people)):
        moment = f"2026-03-02 09:0{minute}"
        person.buy(f"{person.name}-1", bread("A"), at=moment, now=moment)
    work(shop, "2026-03-02 09:10")
    assert [sum(left for _, left in rewards(p)) for p in people] == [0, 200, 200]
    assert entry(people[0], week)["prize"] == "budget"
    assert shop.rows("SELECT spent FROM challenge") == [(400,)]


def test_the_first_winners_are_known_when_the_grace_is_over(shop: Shop) -> None:
    first = terms(Step(kind="count", at_least=1), max_winners=2)
    week = launch(shop, first, START, END)
    ana, boris, cyril = (shop.join(name) for name in ("Ana", "Boris", "Cyril"))
    ana.buy("a", bread("A"), at="2026-03-05 09:00", now="2026-03-05 09:00")
    boris.buy("b", bread("A"), at="2026-03-04 09:00", now="2026-03-04 09:00")
    work(shop, "2026-03-06 00:00")
    assert rewards(boris) == []
    # told last, but it happened first
    cyril.buy("c", bread("A"), at="2026-03-03 09:00", now="2026-03-10 09:00")
    work(shop, "2026-03-10 12:00")
    assert rewards(cyril) == []
    work(shop, "2026-03-11 00:00")
    assert [entry(p, week)["place"] for p in (cyril, boris, ana)] == [1, 2, 3]
    assert [len(rewards(p)) for p in (cyril, boris, ana)] == [1, 1, 0]
    assert entry(ana, week)["prize"] == "place"
    assert shop.rows("SELECT state FROM challenge") == [("ended",)]


def test_a_pause_holds_rewards_and_loses_nothing(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=1)), START, END, at="2026-03-02 00:00")
    ana = shop.join("Ana")
    with shop.world("2026-03-02 08:00") as world:
        pause_challenge(world, week, reason="prices are wrong", actor="marketer")
    ana.buy("r1", bread("A"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    work(shop, "2026-03-02 09:01")
    assert (entry(ana, week)["state"], rewards(ana)) == ("completed", [])
    with shop.world("2026-03-02 10:00") as world:
        resume_challenge(world, week, actor="marketer")
    work(shop, "2026-03-02 10:01")
    assert rewards(ana) == [("challenge_completed", 200)]


def test_a_stop_ends_it_now_and_a_cancelling_pays_who_had_begun(shop: Shop) -> None:
    two = Step(kind="count", at_least=2)
    stopped = launch(shop, terms(two), START, END, at="2026-03-02 00:00")
    called_off = launch(shop, terms(two), START, END, at="2026-03-02 00:00")
    ana, boris = shop.join("Ana"), shop.join("Boris")
    ana.buy("r1", bread("A"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    with shop.world("2026-03-03 00:00") as world:
        stop_challenge(world, stopped, reason="enough", actor="marketer")
        cancel_challenge(world, called_off, reason="wrong", compensation=30, actor="marketer")
    ana.buy("r2", bread("A"), at="2026-03-03 09:00", now="2026-03-03 09:00")
    boris.buy("r3", bread("A"), at="2026-03-03 09:00", now="2026-03-03 09:00")
    work(shop, "2026-03-05 00:00")
    assert entry(ana, stopped)["state"] == "missed"
    assert (entry(ana, called_off)["state"], rewards(ana)) == (
        "cancelled",
        [("challenge_compensation", 30)],
    )
    assert entry(boris, stopped) == entry(boris, called_off) == {}


def test_what_was_told_after_the_grace_holds_no_reward_up(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=1)), START, END)
    ana = shop.join("Ana")
    ana.buy("r1", bread("A"), at="2026-03-08 09:00", now="2026-03-08 09:00")
    work(shop, "2026-03-08 09:01")
    ana.buy("late", bread("B"), at="2026-03-08 10:00", now="2026-03-12 09:00")
    ana.bring_back("x1", bread("A"), of="r1", at="2026-03-13 09:00", now="2026-03-13 09:00")
    work(shop, "2026-03-13 09:01")
    assert rewards(ana) == [("challenge_completed", 0)]
    assert entry(ana, week)["points"] == 0
    with shop.world("2026-03-13 10:00") as world:
        assert [f for f in run_audit(world, full=True).findings if f.count] == []


def test_a_return_takes_back_what_a_cancelled_challenge_had_paid(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=1)), START, END, at="2026-03-02 00:00")
    ana, boris = shop.join("Ana"), shop.join("Boris")
    ana.buy("r1", bread("A"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    work(shop, "2026-03-02 09:01")
    with shop.world("2026-03-03 00:00") as world:
        cancel_challenge(world, week, reason="wrong", compensation=0, actor="marketer")
    boris.buy("r2", bread("A"), at="2026-03-03 09:00", now="2026-03-03 09:00")
    ana.bring_back("x1", bread("A"), of="r1", at="2026-03-04 09:00", now="2026-03-04 09:00")
    work(shop, "2026-03-04 09:01")
    assert rewards(ana) == [("challenge_completed", 0)]
    assert (entry(boris, week), rewards(boris)) == ({}, [])
    assert shop.rows("SELECT spent FROM challenge") == [(0,)]


def test_the_control_arm_is_counted_and_sees_nothing(shop: Shop) -> None:
    half = terms(Step(kind="count", at_least=1), control_percent=50, medal=True)
    week = launch(shop, half, START, END)
    people = [shop.join(f"P{n}") for n in range(40)]
    for person in people:
        told = person.buy(f"{person.name}-1", bread("A"), at="2026-03-02 09:00",
                          now="2026-03-02 09:00")  # fmt: skip
        assert ("challenges" in told.answer) == (entry(person, week)["arm"] == "treatment")
    work(shop, "2026-03-02 10:00")
    arms = {person.name: entry(person, week)["arm"] for person in people}
    kept = [p for p in people if arms[p.name] == "control"]
    assert 8 <= len(kept) <= 32
    for person in people:
        seen = person in kept
        assert entry(person, week)["state"] == ("completed" if seen else "rewarded")
        assert (rewards(person) == []) == seen
        assert (f"challenge.{_code(shop)}" in person.medals()) != seen
    notices = shop.rows("SELECT DISTINCT member_id FROM notice WHERE kind LIKE 'challenge%'")
    assert not {i for (i,) in notices} & {p.id for p in kept}


def _code(shop: Shop) -> str:
    return str(shop.rows("SELECT code FROM challenge")[0][0])


def test_one_that_cannot_be_paid_does_not_keep_others_waiting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch(shop, terms(Step(kind="count", at_least=1)), START, END)
    ana, boris = shop.join("Ana"), shop.join("Boris")
    for person in (ana, boris):
        person.buy(f"{person.name}-1", bread("A"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    real = challenge_clock.note_reward

    def refusing(world: World, member_id: int, *given: Any, **more: Any) -> Any:
        if member_id == ana.id:
            raise MemberBlocked()
        return real(world, member_id, *given, **more)

    monkeypatch.setattr(challenge_clock, "note_reward", refusing)
    work(shop, "2026-03-02 09:01")
    assert [len(rewards(person)) for person in (ana, boris)] == [0, 1]
    monkeypatch.undo()
    work(shop, "2026-03-02 10:01")
    assert rewards(ana) == [("challenge_completed", 200)]


def test_the_books_hold_after_all_of_it(shop: Shop) -> None:
    money = terms(Step(kind="sum", at_least=50_000), medal=True)
    week = launch(shop, money, START, END)
    ana = shop.join("Ana")
    ana.buy("r1", bread("A", "600"), at="2026-03-02 09:00", now="2026-03-02 09:00")
    work(shop, "2026-03-02 09:01")
    assert any(code.startswith("challenge.") for code in ana.medals())
    ana.bring_back("x1", bread("A", "600"), of="r1", at="2026-03-03 09:00",
                   now="2026-03-03 09:00")  # fmt: skip
    work(shop, "2026-03-03 09:01")
    assert not any(code.startswith("challenge.") for code in ana.medals())
    assert entry(ana, week)["points"] == 0
    with shop.world("2026-03-03 10:00") as world:
        assert [f for f in run_audit(world, full=True).findings if f.count] == []
        assert Store(world.connection).first("SELECT spent FROM challenge")[0] == 0  # type: ignore[index]


def test_who_is_not_meant_is_asked_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(TableSource, "is_meant", lambda *_: asked.append(1))
    week = launch(shop, terms(Step(kind="count", at_least=2), audience={"of": "x"}), START, END)
    ana = shop.join("Ana")
    for number in (1, 2, 3):
        ana.buy(f"r{number}", bread("A"), at=f"2026-03-0{number + 1} 09:00",
                now=f"2026-03-0{number + 1} 09:00")  # fmt: skip
    assert (entry(ana, week)["state"], len(asked)) == ("outside", 1)
