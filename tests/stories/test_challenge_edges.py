"""Challenges where goods go back late, terms change and ends move; numbers by hand."""

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.challenge_members import join_challenge
from gamification.commands.challenges import (
    Rung,
    Step,
    cancel_challenge,
    lengthen,
    replace_live_terms,
    stop_challenge,
)
from gamification.measures.catalogue import Where
from gamification.readmodels.challenges import challenges_of
from gamification.refusals import InvalidSetting
from tests.challenging import entry, launch, rewards, terms, told, work
from tests.shop import Person, Shop, plain_tiers

START, END = "2026-03-02 00:00", "2026-03-09 00:00"
BUN = ("BUN", "bread", "1", "100")
ONE, TWO = Step(kind="count", at_least=1), Step(kind="count", at_least=2)
TEN_THEN_FIFTY = (Rung(at=1, points=10), Rung(at=2, points=50))


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


@pytest.fixture
def ana(shop: Shop) -> Person:
    return shop.join("Ana")


def buy(person: Person, key: str, at: str, told: str = "") -> None:
    """A receipt and, at once, the clock."""
    person.buy(f"{person.name}-{key}", BUN, at=at, now=told or at)
    work(person.shop, told or at)


def bring_back(person: Person, key: str, at: str) -> None:
    person.bring_back(f"{person.name}-back-{key}", BUN, of=f"{person.name}-{key}", at=at, now=at)
    work(person.shop, at)


def brought(person: Person) -> int:
    return sum(points for _, points in rewards(person))


def code(shop: Shop, challenge_id: int) -> str:
    return str(shop.rows("SELECT code FROM challenge WHERE id = ?", challenge_id)[0][0])


def is_clean(shop: Shop, at: str) -> bool:
    with shop.world(at) as world:
        return not [one for one in run_audit(world, full=True).findings if one.count]


def test_a_ladder_that_goes_back_rung_by_rung_keeps_nothing(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO, ladder=TEN_THEN_FIFTY), START, END)
    buy(ana, "1", "2026-03-02 09:00")
    buy(ana, "2", "2026-03-02 10:00")
    assert brought(ana) == 60

    bring_back(ana, "2", "2026-03-02 11:00")
    assert brought(ana) == 10
    bring_back(ana, "1", "2026-03-02 12:00")
    assert (brought(ana), entry(ana, week)["points"]) == (0, 0)

    buy(ana, "3", "2026-03-02 13:00")
    buy(ana, "4", "2026-03-02 14:00")
    assert (brought(ana), entry(ana, week)["points"]) == (60, 60)
    assert is_clean(shop, "2026-03-02 15:00")


@pytest.mark.parametrize("ladder", [TEN_THEN_FIFTY, (Rung(at=1, points=10), Rung(at=5, points=50))])
def test_rungs_go_back_after_the_closing_too(
    shop: Shop, ana: Person, ladder: tuple[Rung, ...]
) -> None:
    goal = ladder[-1].at
    launch(shop, terms(Step(kind="count", at_least=goal), ladder=ladder), START, END)
    buy(ana, "1", "2026-03-08 09:00")
    buy(ana, "2", "2026-03-08 10:00")
    work(shop, "2026-03-11 09:00")
    assert shop.rows("SELECT state FROM challenge") == [("ended",)]

    bring_back(ana, "2", "2026-03-11 10:00")
    bring_back(ana, "1", "2026-03-11 11:00")

    assert brought(ana) == 0
    assert is_clean(shop, "2026-03-11 12:00")


def test_the_hold_begins_when_a_late_receipt_is_told(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, hold_days=2, grace_hours=14 * 24), START, END)
    buy(ana, "1", "2026-03-02 09:00", told="2026-03-10 09:00")
    assert (brought(ana), ana.balance("2026-03-10 10:00")) == (200, 0)

    bring_back(ana, "1", "2026-03-11 09:00")

    assert brought(ana) == 0
    buy(ana, "2", "2026-03-03 09:00", told="2026-03-11 10:00")
    assert ana.balance("2026-03-13 00:01") == 200
    bring_back(ana, "2", "2026-03-14 10:00")
    assert brought(ana) == 200
    assert is_clean(shop, "2026-03-14 11:00")


@pytest.mark.parametrize(
    ("repeat", "end"),
    [("weekly", "2026-03-09 00:00"), ("weekly", "2026-03-11 00:00"), ("daily", "2026-03-09 00:00")],
)
def test_a_later_end_lengthens_no_period(shop: Shop, ana: Person, repeat: str, end: str) -> None:
    months = launch(shop, terms(ONE, repeat=repeat), START, end)
    last_day = "2026-03-08" if end < "2026-03-10" else "2026-03-10"
    buy(ana, "1", f"{last_day} 09:00")
    with shop.world(f"{last_day} 10:00") as world:
        lengthen(world, months, ends_at=shop.when("2026-03-30 00:00"), actor="marketer")
    bring_back(ana, "1", f"{last_day} 11:00")

    buy(ana, "2", "2026-03-18 09:00")

    assert brought(ana) == 200
    assert is_clean(shop, "2026-03-18 10:00")


def test_the_cut_week_becomes_whole_with_a_later_end(shop: Shop, ana: Person) -> None:
    weeks = launch(shop, terms(TWO, repeat="weekly"), START, "2026-03-11 00:00")
    buy(ana, "1", "2026-03-10 09:00")
    with shop.world("2026-03-10 10:00") as world:
        lengthen(world, weeks, ends_at=shop.when("2026-03-30 00:00"), actor="marketer")

    buy(ana, "2", "2026-03-15 23:59")

    assert brought(ana) == 200


def test_new_terms_leave_those_who_are_in_it_what_they_joined_for(shop: Shop, ana: Person) -> None:
    bread, tea = Where(categories=("bread",)), Where(categories=("tea",))
    week = launch(shop, terms(Step(kind="count", at_least=2, where=bread)), START, END)
    buy(ana, "1", "2026-03-02 09:00")
    with shop.world("2026-03-02 10:00") as world:
        later = terms(Step(kind="count", at_least=2, where=tea), grace_hours=0)
        replace_live_terms(world, week, later, actor="marketer")

    work(shop, "2026-03-09 00:10")
    buy(ana, "2", "2026-03-08 23:50", told="2026-03-09 00:20")

    assert (entry(ana, week)["score"], brought(ana)) == (2, 200)
    assert is_clean(shop, "2026-03-09 01:00")


def test_a_shorter_time_of_ones_own_is_for_those_who_join_later(shop: Shop, ana: Person) -> None:
    own = {"enrol": "button", "window": "enrolled"}
    week = launch(shop, terms(TWO, days=30, **own), START, END)
    with shop.world("2026-03-08 10:00") as world:
        join_challenge(world, ana.id, code(shop, week))
    buy(ana, "1", "2026-03-08 11:00")
    with shop.world("2026-03-08 12:00") as world:
        replace_live_terms(world, week, terms(TWO, days=1, **own), actor="marketer")
    work(shop, "2026-03-20 10:00")

    buy(ana, "2", "2026-03-20 11:00")

    assert (entry(ana, week)["state"], brought(ana)) == ("rewarded", 200)


def test_new_terms_pass_the_same_gate_as_a_launch(shop: Shop) -> None:
    week = launch(shop, terms(TWO), START, END, budget=1_000)
    for wanted, fault in ((terms(TWO, points=0), "nothing"), (terms(TWO, points=2_000),
                                                              "below_one_reward")):  # fmt: skip
        with (
            shop.world("2026-03-02 10:00") as world,
            pytest.raises(InvalidSetting) as refused,
        ):
            replace_live_terms(world, week, wanted, actor="marketer")
        assert refused.value.values["fault"] == fault
    assert shop.rows("SELECT version FROM challenge") == [(1,)]


def test_a_wider_audience_asks_those_again_who_were_not_meant(shop: Shop, ana: Person) -> None:
    only = {"all": [{"kind": "tier", "tiers": ["nowhere"]}]}
    week = launch(shop, terms(ONE, audience=only), START, END)
    buy(ana, "1", "2026-03-02 09:00")
    assert entry(ana, week)["state"] == "outside"
    with shop.world("2026-03-02 10:00") as world:
        replace_live_terms(world, week, terms(ONE), actor="marketer")

    buy(ana, "2", "2026-03-02 11:00")

    assert brought(ana) == 200


def test_stopping_counts_what_was_told_and_nothing_later(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO), START, END)
    buy(ana, "1", "2026-03-03 09:00")
    buy(ana, "2", "2026-03-03 09:06", told="2026-03-03 09:02")
    assert brought(ana) == 200
    with shop.world("2026-03-03 09:03") as world:
        stop_challenge(world, week, reason="enough", actor="marketer")
    work(shop, "2026-03-03 09:10")
    assert (brought(ana), is_clean(shop, "2026-03-03 09:20")) == (200, True)

    work(shop, "2026-03-05 09:10")

    assert shop.rows("SELECT state FROM challenge") == [("ended",)]


@pytest.mark.parametrize("window", ["enrolled", "joined"])
def test_stopping_ends_everybodys_own_time(shop: Shop, ana: Person, window: str) -> None:
    own = {"window": window, "days": 30, "enrol": "button" if window == "enrolled" else "auto"}
    week = launch(shop, terms(ONE, **own), START, END)
    work(shop, "2026-03-02 00:01")
    boris = None
    with shop.world("2026-03-03 10:00") as world:
        if window == "enrolled":
            join_challenge(world, ana.id, code(shop, week))
    shop.at = "2026-03-03 11:00"
    boris = shop.join("Boris")
    with shop.world("2026-03-04 10:00") as world:
        stop_challenge(world, week, reason="enough", actor="marketer")

    for person in (ana, boris):
        buy(person, "1", "2026-03-05 09:00")
    work(shop, "2026-03-06 10:01")

    assert (brought(ana), brought(boris)) == (0, 0)
    assert shop.rows("SELECT state FROM challenge") == [("ended",)]


def test_calling_off_a_daily_challenge_thanks_each_member_once(shop: Shop, ana: Person) -> None:
    days = launch(shop, terms(TWO, repeat="daily"), START, END)
    for day in (2, 3, 4, 5):
        buy(ana, str(day), f"2026-03-0{day} 09:00")
    boris = shop.join("Boris")
    buy(boris, "1", "2026-03-02 09:00", told="2026-03-02 10:00")
    with shop.world("2026-03-05 10:00") as world:
        cancel_challenge(world, days, reason="rain", compensation=50, actor="marketer")
    work(shop, "2026-03-05 10:01")

    assert (rewards(ana), rewards(boris)) == ([("challenge_compensation", 50)], [])
    assert is_clean(shop, "2026-03-05 11:00")


def test_a_call_off_thanks_those_of_earlier_terms_as_well(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO), START, END)
    buy(ana, "1", "2026-03-02 09:00")
    with shop.world("2026-03-03 09:00") as world:
        replace_live_terms(world, week, terms(TWO, points=5), actor="marketer")
    with shop.world("2026-03-03 10:00") as world:
        cancel_challenge(world, week, reason="rain", compensation=50, actor="marketer")

    work(shop, "2026-03-03 10:01")

    assert rewards(ana) == [("challenge_compensation", 50)]
    assert is_clean(shop, "2026-03-03 11:00")


def test_a_member_who_is_let_in_again_is_paid(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE), START, END)
    ana.buy("r1", BUN, at="2026-03-02 09:00", now="2026-03-02 09:00")
    set_status(shop, ana, "blocked")
    work(shop, "2026-03-02 09:01")
    set_status(shop, ana, "active")

    work(shop, "2026-03-02 10:30")

    assert brought(ana) == 200


def test_nobody_loses_a_place_to_who_is_gone(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE, max_winners=1), START, END)
    boris = shop.join("Boris")
    buy(ana, "1", "2026-03-02 09:00")
    buy(boris, "1", "2026-03-02 10:00")
    set_status(shop, ana, "blocked")

    work(shop, "2026-03-12 10:00")

    assert (brought(boris), entry(boris, week)["place"]) == (200, 1)
    assert (brought(ana), entry(ana, week)["prize"]) == (0, "gone")


def set_status(shop: Shop, person: Person, status: str) -> None:
    with shop.world("2026-03-02 09:00") as world:
        sql = sa.text("UPDATE member SET status = :status WHERE id = :id")
        world.connection.execute(sql, {"status": status, "id": person.id})


def test_ones_own_limit_is_not_an_empty_budget(shop: Shop, ana: Person) -> None:
    days = launch(shop, terms(ONE, repeat="daily", most_points=200), START, END)
    for day in (2, 3):
        buy(ana, str(day), f"2026-03-0{day} 09:00")

    assert brought(ana) == 200
    assert entry(ana, days, "2026-03-03")["prize"] == "cap"


def test_nothing_can_be_spent_that_can_still_go_back(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, hold_days=3), START, END)
    buy(ana, "1", "2026-03-03 23:00")
    assert (ana.balance("2026-03-05 23:59"), ana.balance("2026-03-06 00:00")) == (0, 200)

    bring_back(ana, "1", "2026-03-05 23:59")
    assert brought(ana) == 0
    buy(ana, "2", "2026-03-06 10:00")
    bring_back(ana, "2", "2026-03-09 00:00")

    assert brought(ana) == 200
    assert is_clean(shop, "2026-03-09 00:10")


def test_a_challenge_never_begins_before_its_launch(shop: Shop, ana: Person) -> None:
    buy(ana, "1", "2026-03-02 09:00")
    week = launch(shop, terms(ONE), START, END, at="2026-03-02 12:00")
    buy(ana, "2", "2026-03-02 11:00", told="2026-03-02 12:30")
    assert entry(ana, week) == {}
    with shop.world("2026-03-02 12:40") as world:
        shown = challenges_of(world, ana.id).current
    assert [(one.score, one.state) for one in shown] == [(0, "going")]

    buy(ana, "3", "2026-03-02 13:00")

    assert brought(ana) == 200


def test_what_was_told_of_the_added_time_counts(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO), START, END)
    work(shop, START)
    buy(ana, "1", "2026-03-03 09:00")
    buy(ana, "2", "2026-03-09 00:02", told="2026-03-08 23:58")
    assert entry(ana, week)["score"] == 1
    with shop.world("2026-03-08 23:59") as world:
        lengthen(world, week, ends_at=shop.when("2026-03-20 00:00"), actor="marketer")
    work(shop, "2026-03-09 00:10")

    assert brought(ana) == 200
    assert is_clean(shop, "2026-03-09 00:20")


def test_back_and_bought_again_before_the_clock_looks(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE), START, END)
    buy(ana, "1", "2026-03-03 09:00")
    ana.bring_back("x", BUN, of="Ana-1", at="2026-03-03 10:00", now="2026-03-03 10:00")
    ana.buy("Ana-2", BUN, at="2026-03-03 10:00", now="2026-03-03 10:00")
    work(shop, "2026-03-03 10:01")

    assert (entry(ana, week)["state"], brought(ana)) == ("rewarded", 200)


def test_a_budget_for_one_goes_to_who_was_first_not_to_whose_receipt_was(shop: Shop) -> None:
    launch(shop, terms(ONE), START, END, budget=200)
    late, early = shop.join("Late"), shop.join("Early")
    early.buy("e", BUN, at="2026-03-03 09:00", now="2026-03-03 10:01")
    late.buy("l", BUN, at="2026-03-03 10:00", now="2026-03-03 10:00")

    work(shop, "2026-03-03 10:02")

    assert (brought(early), brought(late)) == (200, 0)


def test_who_came_after_the_last_place_hears_by_how_many(shop: Shop) -> None:
    people = [shop.join(f"P{n}") for n in range(4)]
    launch(shop, terms(ONE, max_winners=2), START, END)
    for n, person in enumerate(people):
        buy(person, "1", f"2026-03-03 1{n}:00")
    work(shop, "2026-03-11 00:00")

    heard = [[(x["unit"], x["left"]) for x in told(one, "challenge_ended")] for one in people]
    assert heard == [[], [], [("place", 1)], [("place", 2)]]
    assert [brought(person) for person in people] == [200, 200, 0, 0]
