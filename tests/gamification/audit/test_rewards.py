"""Books of rewards that agree with themselves and with no promise: the audit names each."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from gamification.audit.run import run_audit
from gamification.challenges.arms import arm_of
from gamification.challenges.tables import Challenge
from gamification.columns import to_micros
from gamification.commands.acts import note_reward
from gamification.commands.challenges import Rung, Step, cancel_challenge, replace_live_terms
from gamification.referrals.fund import COUNT, FUND_ACTS
from gamification.store import Store
from tests.challenging import entry, launch, rewards, terms, work
from tests.inviting import bind, come, invitation_of, let_clock_work, offer, state_of
from tests.shop import Person, Shop, plain_tiers

START, END, OVER = "2026-03-02 00:00", "2026-03-09 00:00", "2026-03-12 09:00"
BOUGHT = "2026-03-02 09:00"
ONE, TWO = Step(kind="count", at_least=1), Step(kind="count", at_least=2)
LADDER = (Rung(at=1, points=10), Rung(at=2, points=50))
BUN = ("BUN", "bread", "1", "1000")


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    """Purchases bring nothing, so that all points come of rewards."""
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


@pytest.fixture
def ana(shop: Shop) -> Person:
    return come(shop, "ana", email="ana@mail.ru")


def broken(shop: Shop, at: str = OVER) -> set[str]:
    with shop.world(at) as world:
        return {one.id for one in run_audit(world, full=True).findings if one.count}


def named(shop: Shop, code: str, at: str = OVER) -> tuple[int, ...]:
    with shop.world(at) as world:
        return next(f.first_ids for f in run_audit(world, full=True).findings if f.id == code)


def forge(shop: Shop, sql: str, *params: Any) -> None:
    """Change the books behind the programme's back."""
    with shop.world() as world:
        assert Store(world.connection).run(sql, *params) > 0


def buy(person: Person, key: str, at: str = BOUGHT) -> None:
    person.buy(f"{person.name}-{key}", BUN, at=at, now=at)
    work(person.shop, at)


def brought(person: Person) -> int:
    return sum(points for _, points in rewards(person))


def entry_id(person: Person) -> int:
    sql = "SELECT MAX(id) FROM challenge_entry WHERE member_id = ?"
    return int(person.shop.rows(sql, person.id)[0][0])


def forge_reward(person: Person, key: str, points: int, code: str) -> None:
    """Pay and write it down wherever sums are compared."""
    with person.shop.world(OVER) as world:
        note_reward(world, person.id, code, key=key, points=points, at=world.now)
    forge(person.shop, "UPDATE challenge SET spent = spent + ?", points)
    sql = "UPDATE challenge_entry SET points = points + ? WHERE id = ?"
    forge(person.shop, sql, points, entry_id(person))


def change_terms(shop: Shop, challenge_id: int, **changed: Any) -> None:
    with Session(shop.engine) as session:
        found = session.exec(select(Challenge).where(Challenge.id == challenge_id)).one()
        found.terms = found.terms | changed
        session.add(found)
        session.commit()


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("{entry}:1:9", "challenge_step"),
        ("{entry}:2:9", "challenge_completed"),
        ("{entry}:3:0", "challenge_completed"),
        ("{entry}", "challenge_compensation"),
        ("0:2:0", "challenge_completed"),
        ("twice", "challenge_completed"),
    ],
)
def test_a_reward_that_no_rung_explains_is_named(
    shop: Shop, ana: Person, key: str, code: str
) -> None:
    launch(shop, terms(TWO, ladder=LADDER), START, END)
    buy(ana, "1")
    buy(ana, "2")
    assert (brought(ana), broken(shop)) == (60, set())

    forge_reward(ana, key.format(entry=entry_id(ana)), 10, code)

    assert (brought(ana), broken(shop)) == (70, {"C7"})
    assert named(shop, "C7") == (entry_id(ana),)


def test_a_rung_that_was_paid_too_dearly_is_named(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE), START, END)
    change_terms(shop, week, ladder=[{"at": 1, "points": 201}])
    buy(ana, "1")
    assert (brought(ana), broken(shop)) == (201, set())

    change_terms(shop, week, ladder=[{"at": 1, "points": 200}])

    assert broken(shop) == {"C7"}


def test_terms_of_those_who_joined_earlier_are_theirs(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE), START, END)
    buy(ana, "1")
    shop.at = "2026-03-03 09:00"
    with shop.world() as world:
        replace_live_terms(world, week, terms(ONE, points=5), actor="marketer")
    boris = shop.join("boris")
    buy(boris, "1", shop.at)
    assert (brought(ana), brought(boris), broken(shop)) == (200, 5, set())

    forge(shop, "UPDATE challenge_entry SET version = 2 WHERE id = ?", entry_id(ana))

    assert broken(shop) == {"C7"}
    assert named(shop, "C7") == (entry_id(ana),)


def test_more_than_the_cap_of_a_member_is_named(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(ONE, repeat="daily", most_points=450), START, END)
    for day in (2, 3, 4):
        buy(ana, f"{day}", f"2026-03-0{day} 09:00")
    assert (brought(ana), broken(shop)) == (450, set())

    change_terms(shop, week, most_points=449)

    assert broken(shop) == {"C7"}
    assert named(shop, "C7") == (entry_id(ana),)


def test_what_a_budget_or_a_return_left_is_no_violation(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, points=300), START, END, budget=500)
    boris = shop.join("boris")
    buy(ana, "1")
    buy(boris, "1")
    assert (brought(ana), brought(boris), broken(shop)) == (300, 0, set())

    ana.bring_back("back", BUN, of="ana-1", at="2026-03-03 09:00", now="2026-03-03 09:00")
    work(shop, "2026-03-03 09:00")
    buy(ana, "2", "2026-03-03 10:00")

    assert (brought(ana), broken(shop)) == (300, set())


def test_a_compensation_is_what_was_said_when_it_was_called_off(shop: Shop, ana: Person) -> None:
    week = launch(shop, terms(TWO, compensation=500), START, END)
    buy(ana, "1")
    with shop.world("2026-03-03 09:00") as world:
        cancel_challenge(world, week, reason="rain", compensation=30, actor="marketer")
    work(shop, "2026-03-03 09:01")
    assert (brought(ana), broken(shop)) == (30, set())

    change_terms(shop, week, compensation=29)

    assert broken(shop) == {"C7"}


@pytest.mark.parametrize("place", [1, 2])
def test_more_winners_than_places_are_named(shop: Shop, ana: Person, place: int) -> None:
    launch(shop, terms(ONE, max_winners=1), START, END)
    boris = shop.join("boris")
    buy(ana, "1")
    buy(boris, "1", "2026-03-03 09:00")
    work(shop, OVER)
    assert (brought(ana), brought(boris), broken(shop)) == (200, 0, set())

    due = to_micros(shop.when(OVER))
    sql = "UPDATE challenge_entry SET place = ?, prize = 'waiting', due_at = ? WHERE place = 2"
    forge(shop, sql, place, due)
    work(shop, OVER)

    assert (brought(boris), broken(shop)) == (200, {"C9"})
    assert entry_id(boris) in named(shop, "C9")


def test_a_winner_without_a_place_is_named(shop: Shop, ana: Person) -> None:
    launch(shop, terms(ONE, max_winners=1), START, END)
    buy(ana, "1")

    due = to_micros(shop.when(BOUGHT))
    forge(shop, "UPDATE challenge_entry SET due_at = ? WHERE id = ?", due, entry_id(ana))
    work(shop, BOUGHT)

    assert (brought(ana), broken(shop, BOUGHT)) == (200, {"C9"})


def test_who_is_only_watched_and_was_paid_is_named(shop: Shop) -> None:
    week = launch(shop, terms(ONE, control_percent=50), START, END)
    ((code,),) = shop.rows("SELECT code FROM challenge")
    people = [shop.join(f"p{n}") for n in range(12)]
    watched = [one for one in people if arm_of(code, one.id, 50) == "control"]
    assert 0 < len(watched) < len(people), "one in two thousand draws is all of one kind"
    for one in people:
        buy(one, "1")
    assert (brought(watched[0]), broken(shop)) == (0, set())

    due = to_micros(shop.when(OVER))
    sql = "UPDATE challenge_entry SET arm = 'treatment', due_at = ? WHERE id = ?"
    forge(shop, sql, due, entry_id(watched[0]))
    work(shop, OVER)

    assert entry(watched[0], week)["points"] == 200
    assert broken(shop) == {"C8"}
    assert named(shop, "C8") == (entry_id(watched[0]),)


def friend(referrer: Person, name: str, at: str = BOUGHT) -> Person:
    """A friend who has bought for 1,000 at once; without a hold they are rewarded at once."""
    found = come(referrer.shop, name, email=f"{name}@mail.ru", at=at)
    assert bind(referrer, found, at=at) == "bound"
    found.buy(f"{name}-1", BUN, at=at, now=at)
    let_clock_work(referrer.shop, at)
    return found


@pytest.mark.parametrize("side", ["referrer_points", "friend_points"])
def test_an_invitation_paid_more_than_its_terms_is_named(
    shop: Shop, ana: Person, side: str
) -> None:
    offer(shop, hold_days=0)
    forge(shop, f"UPDATE referral_terms SET {side} = 3000")
    boris = friend(ana, "boris")
    assert (state_of(boris), broken(shop)) == (("rewarded", None), set())

    forge(shop, f"UPDATE referral_terms SET {side} = 100")

    assert broken(shop) == {"G5", "G6"}
    assert named(shop, "G5") == (invitation_of(boris),)


@pytest.fixture
def paid(engine: sa.Engine) -> Shop:
    """Top invited Ana, who invited Vera: both gifts, both sides, a share, the second level."""
    tiers = plain_tiers(("base", 0, 1000))
    shop = Shop(engine, at="2026-03-01 12:00", tiers=tiers)
    offer(shop, hold_days=0, welcome_points=50, share_percent=10, second_percent=10)
    friend(friend(come(shop, "top", email="top@mail.ru"), "ana"), "vera")
    codes = "SELECT type FROM activity WHERE source = '@laurel' AND points_left > 0 ORDER BY id"
    assert {code for (code,) in shop.rows(codes)} == set(FUND_ACTS)
    assert broken(shop) == set()
    return shop


@pytest.mark.parametrize("less", ["welcome_points", "share_percent", "second_percent"])
def test_gifts_and_shares_beyond_the_terms_are_named(paid: Shop, less: str) -> None:
    forge(paid, f"UPDATE referral_terms SET {less} = {less} - 1")

    assert broken(paid) == {"G6"}


@pytest.mark.parametrize("code", FUND_ACTS)
def test_acts_that_no_invitation_explains_are_named(paid: Shop, code: str) -> None:
    """Their points are counted by the fund: sums agree."""
    ((one, who, bought),) = paid.rows(
        "SELECT r.id, a.member_id, r.purchase_id FROM referral r JOIN activity a ON a.type = ?"
        " AND a.points_left > 0 AND a.external_id LIKE '%:' || CAST(r.id AS TEXT) || '%'"
        " ORDER BY r.id LIMIT 1",
        code,
    )
    forged = []
    for key in (f"{one}.1", f"{one}.0", "again", "0", f"{one}:{bought}.1"):
        with paid.world(OVER) as world:
            told = note_reward(world, who, code, key=key, points=1, at=world.now)
        forged.append(told.activity_id)

    assert broken(paid) == {"G6"}
    assert named(paid, "G6") == tuple(forged)


def test_an_act_of_somebody_else_is_named(paid: Shop) -> None:
    stranger = come(paid, "stranger", email="s@mail.ru")
    ((one,),) = paid.rows("SELECT MAX(id) FROM referral")
    with paid.world(OVER) as world:
        note_reward(world, stranger.id, "welcome_gift", key=f"{one}", points=1, at=world.now)

    assert broken(paid) == {"G6"}


def test_a_fund_that_paid_more_than_it_had_is_named(shop: Shop, ana: Person) -> None:
    offer(shop, hold_days=0, budget=700)
    boris = friend(ana, "boris")
    with shop.world() as world:
        Store(world.connection).run(COUNT, -500)  # forgotten for a moment
    vera = friend(ana, "vera", "2026-03-03 09:00")
    with shop.world() as world:
        Store(world.connection).run(COUNT, 500)
    assert [state_of(one) for one in (boris, vera)] == [("rewarded", None)] * 2

    assert broken(shop) == {"G7"}
    ((last,),) = shop.rows("SELECT MAX(id) FROM activity WHERE type = 'invited_bonus'")
    assert named(shop, "G7") == (last,)


def test_a_limit_that_was_lowered_and_raised_again_makes_nobody_guilty(
    shop: Shop, ana: Person
) -> None:
    steps = [(None, "03-02"), (600, "03-05"), (1_500, "03-08"), (10, "03-11"), (None, "03-14")]
    friends: list[Person] = []
    for n, (budget, day) in enumerate(steps):
        shop.at = f"2026-{day} 09:00"
        offer(shop, hold_days=0, budget=budget)
        friends += [friend(ana, f"{name}{n}", f"2026-{day} 10:00") for name in "ab"]

    paid = [state_of(one)[0] == "rewarded" for one in friends]
    assert paid == [True, True, False, False, True, False, False, False, True, True]
    assert broken(shop, "2026-03-20 09:00") == set()


def test_what_came_back_to_the_fund_may_be_paid_again(shop: Shop, ana: Person) -> None:
    offer(shop, hold_days=0, budget=500)
    boris = friend(ana, "boris")
    boris.bring_back("back", BUN, of="boris-1", at="2026-03-02 10:00", now="2026-03-02 10:00")
    let_clock_work(shop, "2026-03-02 10:00")

    vera = friend(ana, "vera", "2026-03-02 10:00")

    assert (state_of(boris)[0], state_of(vera)[0]) == ("reversed", "rewarded")
    assert broken(shop) == set()
