"""Staff who are slow cost nobody a reward: what was told in time counts when it is accepted."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.activities.queries import parsed
from gamification.columns import to_micros
from gamification.commands.challenge_clock import advance_challenges
from gamification.commands.challenge_members import join_challenge, leave_challenge
from gamification.commands.challenges import (
    ChallengeTerms,
    Rung,
    Step,
    cancel_challenge,
    replace_live_terms,
)
from gamification.commands.farewell import erase_member
from gamification.commands.staff import accept_waiting
from tests.challenging import entry, launch, rewards, terms, work
from tests.shop import Person, Shop, plain_tiers
from tests.stories.test_challenge_edges import (
    END,
    ONE,
    START,
    TEN_THEN_FIFTY,
    TWO,
    brought,
    buy,
    code,
    is_clean,
)

BIG = ("CAKE", "bread", "1", "5000")
IN_TIME, TOO_LATE = "2026-03-10 09:00", "2026-03-11 09:00"
"""The grace lasts until 11 March, 00:00."""
DECIDED = "2026-03-25 09:00"


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    tiers = plain_tiers(("base", 0, 0))
    return Shop(engine, at="2026-03-01 12:00", tiers=tiers, columns={"review_over": 300_000})


@pytest.fixture
def ana(shop: Shop) -> Person:
    return shop.join("Ana")


def wait(person: Person, at: str = "2026-03-08 09:00", told: str = IN_TIME) -> int:
    """A receipt that waits for a person."""
    outcome = person.buy(f"{person.name}-big-{at}", BIG, at=at, now=told)
    assert outcome.status == "under_review"
    return outcome.activity_id


def accept(shop: Shop, activity_id: int, at: str) -> dict[str, Any]:
    """Somebody accepts it, and the clock works."""
    with shop.world(at) as world:
        answer = accept_waiting(world, activity_id, "account:1").answer
    work(shop, at)
    return answer


def close(shop: Shop) -> None:
    work(shop, START)
    work(shop, "2026-03-12 09:00")
    assert {state for (state,) in shop.rows("SELECT state FROM challenge")} == {"ended"}


def test_told_in_time_and_accepted_after_the_closing_is_paid(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO, hold_days=3), START, END)
    buy(ana, "1", "2026-03-03 09:00")
    waiting = wait(ana)
    close(shop)
    assert entry(ana, week)["state"] == "missed"

    answer = accept(shop, waiting, DECIDED)

    assert (entry(ana, week)["state"], brought(ana)) == ("rewarded", 200)
    assert len(answer["challenges_done"]) == 1
    assert (ana.balance("2026-03-27 23:59"), ana.balance("2026-03-28 00:00")) == (0, 200)
    assert is_clean(shop, "2026-03-28 09:00")


def test_whoever_had_no_entry_gets_one(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE), START, END)
    waiting = wait(ana)
    close(shop)
    assert entry(ana, week) == {}

    accept(shop, waiting, DECIDED)

    assert (entry(ana, week)["state"], brought(ana)) == ("rewarded", 200)
    assert is_clean(shop, DECIDED)


def test_what_is_not_enough_stays_missed(shop: Shop, ana: Person) -> None:
    three = Step(kind="count", at_least=3)
    week = launch(shop, terms(three), START, END)
    boris = shop.join("Boris")
    buy(ana, "1", "2026-03-03 09:00")
    two = [wait(person) for person in (ana, boris)]
    close(shop)

    for one in two:
        accept(shop, one, DECIDED)

    states = [(entry(x, week)["state"], entry(x, week)["score"]) for x in (ana, boris)]
    assert (states, brought(ana), brought(boris)) == ([("missed", 2), ("missed", 1)], 0, 0)
    assert is_clean(shop, DECIDED)


def test_a_rung_is_paid_and_goes_back_with_the_goods(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO, ladder=TEN_THEN_FIFTY, hold_days=3), START, END)
    first, second = wait(ana), wait(ana, "2026-03-08 10:00")
    close(shop)

    accept(shop, first, DECIDED)
    assert (entry(ana, week)["state"], brought(ana)) == ("missed", 10)
    accept(shop, second, DECIDED)
    assert (entry(ana, week)["state"], brought(ana)) == ("rewarded", 60)
    at = "2026-03-26 09:00"
    ana.bring_back("back", BIG, of="Ana-big-2026-03-08 10:00", at=at, now=at)
    work(shop, at)

    assert (entry(ana, week)["state"], brought(ana)) == ("missed", 10)
    assert is_clean(shop, at)


def test_told_after_the_grace_counts_nowhere_whenever_it_is_accepted(
    shop: Shop, ana: Person
) -> None:
    week = launch(shop, terms(ONE), START, END)
    waiting = wait(ana, told=TOO_LATE)
    close(shop)

    accept(shop, waiting, DECIDED)

    assert (entry(ana, week), rewards(ana)) == ({}, [])


def test_accepted_between_grace_and_closing_counts_for_a_place(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE, max_winners=1), START, END)
    boris = shop.join("Boris")
    work(shop, START)
    waiting = wait(ana, "2026-03-07 09:00")
    buy(boris, "1", "2026-03-08 09:00")
    with shop.world("2026-03-11 00:10") as world:
        accept_waiting(world, waiting, "account:1")

    work(shop, "2026-03-11 00:20")

    assert (entry(ana, week)["place"], brought(ana), brought(boris)) == (1, 200, 0)


def test_places_that_are_given_stay(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE, max_winners=1), START, END)
    boris, carl = shop.join("Boris"), shop.join("Carl")
    waiting = [wait(ana, "2026-03-07 09:00"), wait(carl)]
    buy(boris, "1", "2026-03-08 09:00")
    close(shop)
    assert brought(boris) == 200

    for one in waiting:
        accept(shop, one, DECIDED)

    assert (entry(ana, week), entry(carl, week), entry(boris, week)["place"]) == ({}, {}, 1)
    assert (brought(boris), brought(ana), is_clean(shop, DECIDED)) == (200, 0, True)


def test_what_was_called_off_stays_so(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE), START, END)
    work(shop, START)
    waiting = wait(ana, "2026-03-02 09:00", "2026-03-02 09:05")
    with shop.world("2026-03-03 09:00") as world:
        cancel_challenge(world, week, reason="rain", compensation=30, actor="marketer")

    accept(shop, waiting, "2026-03-04 09:00")

    assert (entry(ana, week), rewards(ana)) == ({}, [])


def test_who_was_not_meant_is_not_in_it(shop: Shop, ana: Person) -> None:
    only = {"all": [{"kind": "tier", "tiers": ["nowhere"]}]}
    week = launch(shop, terms(ONE, audience=only), START, END)
    days = launch(shop, terms(ONE, ladder=(Rung(at=1, points=5),), repeat="daily"), START, END)
    waiting = wait(ana)
    close(shop)

    accept(shop, waiting, DECIDED)

    assert (entry(ana, week)["state"], entry(ana, week)["score"]) == ("outside", 0)
    assert (entry(ana, days, "2026-03-08")["state"], brought(ana)) == ("rewarded", 5)


def test_the_books_of_who_is_gone_still_say_when_it_was_told(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, hold_days=3), START, END)
    waiting = wait(ana)
    close(shop)
    accept(shop, waiting, DECIDED)

    with shop.world(DECIDED) as world:
        erase_member(world, ana.id)

    ((body,),) = shop.rows("SELECT body FROM activity WHERE id = ?", waiting)
    assert parsed(body) == {"told": to_micros(shop.when(IN_TIME))}
    assert is_clean(shop, DECIDED)


def test_who_left_stays_away(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE, enrol="button"), START, END)
    work(shop, START)
    for act in (join_challenge, leave_challenge):
        with shop.world("2026-03-03 09:00") as world:
            act(world, ana.id, code(shop, week))
    waiting = wait(ana)
    close(shop)

    accept(shop, waiting, DECIDED)

    assert (entry(ana, week)["state"], brought(ana)) == ("left", 0)


@pytest.mark.parametrize(
    "later", [terms(ONE, points=5), terms(Step(kind="count", at_least=9))], ids=["less", "more"]
)
def test_whoever_is_taken_in_late_has_the_terms_of_the_telling(
    shop: Shop, ana: Person, later: ChallengeTerms
) -> None:
    week = launch(shop, terms(ONE), START, END)
    work(shop, START)
    waits = wait(ana, "2026-03-03 09:00", "2026-03-03 09:05")
    with shop.world("2026-03-04 09:00") as world:
        replace_live_terms(world, week, later, actor="vera")

    accept(shop, waits, "2026-03-05 09:00")
    work(shop, "2026-03-05 09:01")

    assert brought(ana) == 200
    assert is_clean(shop, "2026-03-05 10:00")


@pytest.mark.parametrize("is_parked", [True, False], ids=["while it waited", "right after"])
def test_what_went_back_before_the_clock_paid_is_not_paid(
    shop: Shop, ana: Person, is_parked: bool
) -> None:
    week = launch(shop, terms(TWO, ladder=TEN_THEN_FIFTY, hold_days=3), START, END)
    waiting = wait(ana, "2026-03-03 09:00", "2026-03-03 09:05")
    big = f"{ana.name}-big-2026-03-03 09:00"
    if is_parked:
        ana.bring_back("b", of=big, whole=True, at="2026-03-04 09:00", now="2026-03-04 09:00")
    close(shop)

    with shop.world(DECIDED) as world:
        accept_waiting(world, waiting, "account:1")
    if not is_parked:
        ana.bring_back("b", of=big, whole=True, at=DECIDED, now=DECIDED)
    work(shop, DECIDED)

    assert (entry(ana, week)["score"], brought(ana)) == (0, 0)
    assert is_clean(shop, DECIDED)


def test_a_challenge_is_not_put_away_while_a_reward_of_it_may_go_back(
    shop: Shop, ana: Person
) -> None:
    launch(shop, terms(ONE, hold_days=14), START, END)
    work(shop, START)
    big = wait(ana)
    work(shop, "2026-03-12 09:00")
    accept(shop, big, "2026-06-08 08:00")

    work(shop, "2026-06-12 09:00")  # 90 days after the end are over
    assert (brought(ana), shop.rows("SELECT state FROM challenge")) == (200, [("ended",)])
    then = "2026-06-13 09:00"
    ana.bring_back("b", of="Ana-big-2026-03-08 09:00", whole=True, at=then, now=then)
    work(shop, "2026-06-13 09:01")

    assert brought(ana) == 0
    work(shop, "2026-06-21 23:00")
    assert shop.rows("SELECT state FROM challenge") == [("ended",)]
    work(shop, "2026-06-22 09:00")
    assert shop.rows("SELECT state FROM challenge") == [("archived",)]
    assert is_clean(shop, "2026-06-22 10:00")


def test_nor_while_one_is_still_to_be_paid(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, hold_days=14), START, END)
    work(shop, START)
    big = wait(ana)
    work(shop, "2026-03-12 09:00")
    with shop.world("2026-06-08 23:59") as world:
        accept_waiting(world, big, "account:1")

    with shop.world("2026-06-12 09:00") as world:
        assert advance_challenges(world) == 0
    work(shop, "2026-06-12 09:00")

    assert (brought(ana), shop.rows("SELECT state FROM challenge")) == (200, [("ended",)])
