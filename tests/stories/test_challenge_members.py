"""What a member sees of challenges and says to them; numbers by hand."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.activities.queries import parsed
from gamification.audit.run import run_audit
from gamification.commands.challenge_members import (
    choose_reminder,
    join_challenge,
    leave_challenge,
    look_at_challenges,
    mark_seen,
)
from gamification.commands.challenge_messages import remind_members
from gamification.commands.challenge_reminders import remind_of_challenges
from gamification.commands.challenges import Rung, Step, cancel_challenge, pause_challenge
from gamification.readmodels.celebration import celebration_of
from gamification.readmodels.challenges import (
    ChallengePage,
    ChallengesPage,
    ChallengeView,
    challenge_of,
    challenges_of,
)
from gamification.readmodels.member import home_of
from gamification.readmodels.till import member_at_till
from gamification.refusals import ChallengeClosed, PrizesGone, UnknownChallenge
from gamification.sources import TableSource
from gamification.world import World
from tests.challenging import entry, launch, rewards, terms, work
from tests.counting import statements
from tests.shop import Person, Shop, plain_tiers

START, END = "2026-03-02 00:00", "2026-03-09 00:00"
BUN = ("BUN", "bread", "1", "100")
TWO = Step(kind="count", at_least=2)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


def code(shop: Shop, challenge_id: int) -> str:
    return str(shop.rows("SELECT code FROM challenge WHERE id = ?", challenge_id)[0][0])


def page(person: Person, at: str) -> ChallengesPage:
    with person.shop.world(at) as world:
        return challenges_of(world, person.id)


def one(person: Person, challenge_id: int, at: str) -> ChallengeView | None:
    with person.shop.world(at) as world:
        found: ChallengePage | None = challenge_of(
            world, person.id, code(person.shop, challenge_id)
        )
        return found and found.challenge


def say(person: Person, what: Any, challenge_id: int, at: str, **more: Any) -> Any:
    with person.shop.world(at) as world:
        return what(world, person.id, code(person.shop, challenge_id), **more)


def asks(world: World, person: Person) -> bool:
    contest = home_of(world, person.id).contest
    return contest is not None and contest.asks


def buy(person: Person, key: str, at: str) -> None:
    person.buy(f"{person.name}-{key}", BUN, at=at, now=at)


def test_what_was_bought_after_the_goal_is_not_listed_as_counted(shop: Shop) -> None:
    launch(shop, terms(TWO), START, END)
    ana = shop.join("Ana")
    for n in range(1, 6):
        buy(ana, f"r{n}", f"2026-03-02 09:0{n}")

    found = page(ana, "2026-03-02 10:00")
    [seen] = [*found.current, *found.over]

    assert seen.completed_at is not None
    assert [one.at.minute for one in seen.counted] == [2, 1]


def test_a_challenge_comes_runs_and_is_over(shop: Shop) -> None:
    launch(shop, terms(TWO), START, END)
    ana = shop.join("Ana")
    early = page(ana, "2026-03-01 13:00")
    assert [v.state for v in early.coming] == ["coming"]
    assert early.current == early.over == ()
    running = page(ana, "2026-03-02 08:00").current[0]
    assert (running.state, running.score, running.may_leave) == ("going", 0, True)
    assert running.ends == shop.when(END)
    buy(ana, "r1", "2026-03-02 09:00")
    half = page(ana, "2026-03-02 09:01").current[0]
    assert (half.score, [c.amount_minor for c in half.counted]) == (1, [10_000])
    assert half.counted[0].brought == ("bread",)
    waits = page(ana, "2026-03-09 00:00").current[0]
    assert waits.state == "counting"
    work(shop, "2026-03-11 00:01")
    missed = page(ana, "2026-03-11 00:02")
    assert missed.current == ()
    assert [(v.state, v.score) for v in missed.over] == [("missed", 1)]


def test_joining_by_the_button_counts_from_the_start_and_only_once(shop: Shop) -> None:
    week = launch(shop, terms(TWO, enrol="button"), START, END)
    ana = shop.join("Ana")
    with pytest.raises(ChallengeClosed):
        say(ana, join_challenge, week, "2026-03-01 13:00")
    buy(ana, "r1", "2026-03-02 09:00")
    assert entry(ana, week) == {}
    before = page(ana, "2026-03-02 10:00").current[0]
    assert (before.state, before.may_join, before.may_leave) == ("open", True, False)
    assert say(ana, join_challenge, week, "2026-03-02 10:00") is True
    assert say(ana, join_challenge, week, "2026-03-02 10:00") is False
    assert entry(ana, week)["score"] == 1
    buy(ana, "r2", "2026-03-03 09:00")
    work(shop, "2026-03-03 09:01")
    assert rewards(ana) == [("challenge_completed", 200)]
    with pytest.raises(ChallengeClosed):
        say(shop.join("Late"), join_challenge, week, "2026-03-09 00:00")


def test_it_may_count_from_the_joining_and_give_days_of_ones_own(shop: Shop) -> None:
    from_now = launch(shop, terms(TWO, enrol="button", count_from="enrolled"), START, END)
    own = launch(shop, terms(TWO, enrol="button", window="enrolled", days=3), START, END)
    ana = shop.join("Ana")
    buy(ana, "r1", "2026-03-02 09:00")
    for challenge in (from_now, own):
        say(ana, join_challenge, challenge, "2026-03-08 10:00")
        assert entry(ana, challenge)["score"] == 0
    found = one(ana, own, "2026-03-08 10:00")
    assert found is not None
    # the rest of the day and three whole days
    assert found.ends == shop.when("2026-03-12 00:00")
    buy(ana, "r2", "2026-03-10 09:00")
    assert (entry(ana, from_now)["score"], entry(ana, own)["score"]) == (0, 1)


def test_leaving_costs_nothing_and_one_may_come_back(shop: Shop) -> None:
    week = launch(shop, terms(TWO), START, END)
    ana = shop.join("Ana")
    assert say(ana, leave_challenge, week, "2026-03-02 08:00") is True
    assert say(ana, leave_challenge, week, "2026-03-02 08:00") is False
    buy(ana, "r1", "2026-03-02 09:00")
    assert (entry(ana, week)["state"], entry(ana, week)["score"]) == ("left", 0)
    assert page(ana, "2026-03-02 10:00").current[0].state == "left"
    assert say(ana, join_challenge, week, "2026-03-03 08:00") is True
    assert (entry(ana, week)["state"], entry(ana, week)["score"]) == ("joined", 1)
    buy(ana, "r2", "2026-03-03 09:00")
    with pytest.raises(ChallengeClosed):  # a return would have to take it back
        say(ana, leave_challenge, week, "2026-03-03 09:01")
    work(shop, "2026-03-03 09:02")
    assert rewards(ana) == [("challenge_completed", 200)]
    with shop.world("2026-03-03 10:00") as world:
        assert [f for f in run_audit(world, full=True).findings if f.count] == []


def test_prizes_that_are_gone_are_said_before_joining(shop: Shop) -> None:
    one_bun = Step(kind="count", at_least=1)
    week = launch(shop, terms(one_bun, enrol="button"), START, END, budget=300)
    ana, boris = shop.join("Ana"), shop.join("Boris")
    say(ana, join_challenge, week, "2026-03-02 08:00")
    buy(ana, "r1", "2026-03-02 09:00")
    work(shop, "2026-03-02 09:01")
    shown = page(boris, "2026-03-02 10:00").current[0]
    assert (shown.prizes_gone, shown.may_join) == (True, False)
    with pytest.raises(PrizesGone):
        say(boris, join_challenge, week, "2026-03-02 10:00")


def test_who_is_not_meant_or_only_counted_sees_nothing_anywhere(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    week = launch(shop, terms(TWO, audience={"of": "some"}, enrol="button"), START, END)
    half = launch(shop, terms(Step(kind="count", at_least=1), control_percent=50), START, END)
    people = [shop.join(f"P{n}") for n in range(12)]
    meant = {person.id for person in people[:6]}
    monkeypatch.setattr(TableSource, "is_meant", lambda self, _a, _at: self._member_id in meant)
    for person in people:
        with shop.world("2026-03-02 08:00") as world:
            assert challenges_of(world, person.id).asks
            assert asks(world, person)
            assert look_at_challenges(world, person.id) == 1
            assert look_at_challenges(world, person.id) == 0
            assert not asks(world, person)
        assert (one(person, week, "2026-03-02 08:01") is not None) == (person.id in meant)
        state = entry(person, week)["state"]
        assert state == ("left" if person.id in meant else "outside")
        buy(person, "r1", "2026-03-02 09:00")
    kept = [p for p in people if entry(p, half)["arm"] == "control"]
    assert 0 < len(kept) < 12
    work(shop, "2026-03-02 09:01")
    for person in people:
        seen = page(person, "2026-03-02 10:00")
        codes = {v.code for v in (*seen.current, *seen.coming, *seen.over)}
        assert (code(shop, half) in codes) == (person not in kept)
        assert (code(shop, week) in codes) == (person.id in meant)
        for hidden in ([week] if person.id not in meant else []) + (
            [half] if person in kept else []
        ):
            assert one(person, hidden, "2026-03-02 10:00") is None
            for what in (join_challenge, leave_challenge):
                with pytest.raises(UnknownChallenge):
                    say(person, what, hidden, "2026-03-02 10:00")
            with pytest.raises(UnknownChallenge):
                say(person, choose_reminder, hidden, "2026-03-02 10:00", wanted=True)


def test_a_pure_newcomer_of_the_control_arm_has_nothing_to_see(shop: Shop) -> None:
    week = launch(shop, terms(TWO, control_percent=50), START, END)
    people = [shop.join(f"P{n}") for n in range(20)]
    seen = {p.id for p in people if one(p, week, "2026-03-02 08:00")}
    with shop.world("2026-03-02 08:00") as world:
        told = {p.id for p in people if member_at_till(world, "external_id", p.name).challenges}
    assert told == seen
    for person in people:
        buy(person, "r1", "2026-03-02 09:00")
    assert seen == {p.id for p in people if entry(p, week)["arm"] == "treatment"}
    assert 0 < len(seen) < 20


def test_the_scene_is_shown_once_and_not_for_what_went_back(shop: Shop) -> None:
    launch(shop, terms(Step(kind="count", at_least=1), medal=True), START, END)
    ana, boris = shop.join("Ana"), shop.join("Boris")
    for person in (ana, boris):
        buy(person, "r1", "2026-03-02 09:00")
    work(shop, "2026-03-02 09:01")
    boris.bring_back("x1", BUN, of="Boris-r1", at="2026-03-02 10:00", now="2026-03-02 10:00")
    work(shop, "2026-03-02 10:01")
    with shop.world("2026-03-02 11:00") as world:
        scene = celebration_of(world, ana.id)
        assert scene is not None
        assert [(w.name.names["en"], w.points) for w in scene.won] == [("Week", 200)]
        # the medal of the challenge is told with it, not beside it
        assert not any(p.tile.code.startswith("challenge.") for p in scene.prizes)
        mark_seen(world, ana.id, [w.entry_id for w in scene.won])
        again = celebration_of(world, ana.id)
        assert again is not None
        assert again.won == ()
        other = celebration_of(world, boris.id)
        assert other is not None
        assert other.won == ()


def test_a_reminder_is_a_choice_that_stays(shop: Shop) -> None:
    week = launch(shop, terms(TWO), START, END)
    asked = launch(shop, terms(TWO, remind_days=(1,)), START, END)
    ana = shop.join("Ana")
    assert [one(ana, c, "2026-03-01 13:00").reminds for c in (week, asked)] == [False, True]  # type: ignore[union-attr]
    say(ana, choose_reminder, week, "2026-03-01 13:00", wanted=True)
    say(ana, choose_reminder, asked, "2026-03-01 13:00", wanted=False)
    say(ana, choose_reminder, asked, "2026-03-01 13:00", wanted=False)
    assert [one(ana, c, "2026-03-01 13:00").reminds for c in (week, asked)] == [True, False]  # type: ignore[union-attr]


def test_a_cancelled_one_stays_with_who_had_begun(shop: Shop) -> None:
    week = launch(shop, terms(TWO), START, END, at="2026-03-02 00:00")
    ana, boris = shop.join("Ana"), shop.join("Boris")
    buy(ana, "r1", "2026-03-02 09:00")
    with shop.world("2026-03-03 00:00") as world:
        cancel_challenge(world, week, reason="no", compensation=30, actor="m")
    work(shop, "2026-03-03 00:01")
    assert [(v.state, v.points) for v in page(ana, "2026-03-03 01:00").over] == [("cancelled", 30)]
    assert page(boris, "2026-03-03 01:00").over == ()
    with pytest.raises(ChallengeClosed):
        say(ana, join_challenge, week, "2026-03-03 01:00")
    with pytest.raises(UnknownChallenge):
        say(boris, join_challenge, week, "2026-03-03 01:00")


def test_home_shows_the_nearest_then_the_soonest(shop: Shop) -> None:
    far = launch(shop, terms(Step(kind="count", at_least=9)), START, END)
    near = launch(shop, terms(TWO), START, END)
    soon = launch(shop, terms(Step(kind="count", at_least=9)), START, "2026-03-05 00:00")
    ana = shop.join("Ana")
    with shop.world("2026-03-02 08:00") as world:
        shown = home_of(world, ana.id).contest
    assert shown is not None
    assert shown.challenge is not None
    assert (shown.challenge.id, shown.running) == (soon, 3)
    buy(ana, "r1", "2026-03-02 09:00")
    with shop.world("2026-03-02 10:00") as world:
        shown = home_of(world, ana.id).contest
    assert shown is not None
    assert shown.challenge is not None
    assert (shown.challenge.id, shown.challenge.score) == (near, 1)
    assert far != near


def test_one_step_from_the_goal_it_is_the_next_step_of_home(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=4)), START, END)
    ana = shop.join("Ana")
    for number, done in ((1, ""), (2, ""), (3, "challenge"), (4, "")):
        buy(ana, f"r{number}", f"2026-03-02 1{number}:00")
        with shop.world(f"2026-03-02 1{number}:30") as world:
            step = home_of(world, ana.id).step
        assert ((step and step.code) == "challenge") is bool(done), number
        if step and step.challenge:
            assert (step.challenge.id, step.challenge.score) == (week, 3)


def test_what_is_paused_is_nobodys_next_step(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=4)), START, END)
    ana = shop.join("Ana")
    for number in (1, 2, 3):
        buy(ana, f"r{number}", f"2026-03-02 1{number}:00")
    work(shop, "2026-03-02 13:30")
    with shop.world("2026-03-02 14:00") as world:
        pause_challenge(world, week, reason="holiday", actor="test")
        step = home_of(world, ana.id).step
    assert step is None or step.code != "challenge"


def test_it_costs_the_same_for_one_and_for_fifty(shop: Shop) -> None:
    ladder = (Rung(at=3, points=10), Rung(at=60, points=20))

    def more(count: int) -> None:
        for _ in range(count):
            launch(shop, terms(Step(kind="count", at_least=60), ladder=ladder), START, END)

    def cost(at: str = "2026-03-03 10:00") -> list[int]:
        first = str(shop.rows("SELECT code FROM challenge ORDER BY id")[0][0])
        return [
            statements(ana, lambda world: home_of(world, ana.id), at),
            statements(ana, lambda world: challenges_of(world, ana.id), at),
            statements(ana, lambda world: challenge_of(world, ana.id, first), at),
        ]

    more(1)
    ana = shop.join("Ana")
    for n in range(3):
        buy(ana, f"r{n}", f"2026-03-02 09:0{n}")
    few = cost()
    more(49)
    buy(ana, "r9", "2026-03-02 10:00")
    assert len(page(ana, "2026-03-03 10:00").current) == 50
    assert (few, cost()) == ([4, 5, 5], [4, 5, 5])


def test_a_reminder_comes_once_to_whoever_wants_it(shop: Shop) -> None:
    week = launch(shop, terms(TWO, remind_days=(1,)), START, END)
    plain = launch(shop, terms(TWO), START, END)
    ana, boris, vera = shop.join("Ana"), shop.join("Boris"), shop.join("Vera")
    say(boris, choose_reminder, plain, "2026-03-01 13:00", wanted=True)
    work(shop, "2026-03-02 08:00")
    for person in (ana, boris):
        buy(person, "r1", "2026-03-02 09:00")
    say(boris, choose_reminder, week, "2026-03-02 10:00", wanted=False)
    say(vera, choose_reminder, plain, "2026-03-02 10:00", wanted=True)

    def told(at: str) -> list[tuple[str, int, int]]:
        before = {row[0] for row in shop.rows("SELECT id FROM notice")}
        while True:
            with shop.world(at) as world:
                if not remind_of_challenges(world) and not remind_members(world):
                    break
        rows = shop.rows("SELECT id, kind, member_id, payload FROM notice ORDER BY id")
        names = {code(shop, c): c for c in (week, plain)}
        return sorted(
            (kind, member, names[parsed(payload)["challenge"]])
            for i, kind, member, payload in rows
            if i not in before
        )

    begins = [("challenge_begins", person.id, plain) for person in (boris, vera)]
    assert told("2026-03-02 11:00") == sorted(begins)
    assert told("2026-03-02 11:05") == []
    assert told("2026-03-06 09:05") == []
    assert told("2026-03-07 10:05") == [("challenge_reminder", ana.id, week)]
    assert told("2026-03-07 10:06") == []
    ends = [("challenge_ends", person.id, plain) for person in (boris, vera)]
    assert told("2026-03-08 09:05") == sorted(ends)
