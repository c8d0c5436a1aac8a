"""The overview's people, challenges, invitations and decisions, added up by hand."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.commands.challenges import Step
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    publish_terms,
)
from gamification.readmodels.books import books_of
from gamification.readmodels.console_lists import MOVES, people_of, postings_of
from gamification.readmodels.dashboard import Count, Dashboard, Funnel, Waiting, dashboard_of
from gamification.world import World, fixed_clock
from tests.challenging import launch, terms, work
from tests.gamification.readmodels.test_console import shop_statements
from tests.shop import Person, Shop

NOW = "2026-03-31 12:00"


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-01-01 09:00", columns={"pending_days": 0})


def dashboard(shop: Shop, days: int = 30, at: str = NOW, *, past: bool = False) -> Dashboard:
    with Session(shop.engine) as session:
        return dashboard_of(World(session, fixed_clock(shop.when(at)), past=past), days)


@pytest.fixture
def people(shop: Shop) -> list[Person]:
    """Anna buys in both periods, Boris returns what he bought, Vera joins and buys twice."""
    anna, boris = shop.join("anna"), shop.join("boris")
    anna.spend_money("a1", "1000", at="2026-02-10 10:00", now="2026-02-10 10:00")
    anna.spend_money("a2", "1000", at="2026-03-02 00:00", now="2026-03-02 00:00")
    boris.spend_money("b1", "500", at="2026-03-01 23:59", now="2026-03-01 23:59")
    boris.spend_money("b2", "500", at="2026-03-10 10:00", now="2026-03-10 10:00")
    boris.bring_back("b3", ("GOODS", None, "1", "500"), of="b2", at="2026-03-11 10:00",
                     now="2026-03-11 10:00")  # fmt: skip
    shop.at = "2026-03-20 10:00"
    vera = shop.join("vera")
    vera.spend_money("v1", "300")
    vera.spend_money("v2", "300", at="2026-03-21 10:00", now="2026-03-21 10:00")
    return [anna, boris, vera]


def test_each_active_member_is_counted_once(shop: Shop, people: list[Person]) -> None:
    found = dashboard(shop)

    assert (found.period.first, found.period.today) == (date(2026, 3, 2), date(2026, 3, 31))
    assert found.active == Count(now=2, before=2)
    assert found.joined == Count(now=1, before=0)
    assert found.members == 3
    by_day = {found.period.columns[n]: c for n, c in enumerate(found.active_by_column) if c}
    assert by_day == {date(2026, 3, 2): 1, date(2026, 3, 20): 1, date(2026, 3, 21): 1}
    assert found.is_comparable
    assert not dashboard(shop, 90).is_comparable


def test_columns_are_days_weeks_or_months(shop: Shop, people: list[Person]) -> None:
    weeks, year = dashboard(shop, 90).period, dashboard(shop, 365).period

    assert weeks.columns[:3] == (date(2026, 1, 1), date(2026, 1, 7), date(2026, 1, 14))
    assert (len(weeks.columns), weeks.last_of(12)) == (13, date(2026, 3, 31))
    assert year.columns[0] == date(2025, 4, 1)
    assert year.columns[1:3] == (date(2025, 5, 1), date(2025, 6, 1))
    assert len(year.columns) == 12
    assert sum(dashboard(shop, 90).active_by_column) == 4


def test_a_past_day_leaves_out_what_came_later(shop: Shop, people: list[Person]) -> None:
    then = dashboard(shop, at="2026-03-15 12:00", past=True)

    assert (then.members, then.active.now) == (2, 2)


def test_lists_stand_behind_the_numbers(shop: Shop, people: list[Person]) -> None:
    with shop.world(NOW) as world:
        active, joined = people_of(world, 30, "active"), people_of(world, 30, "joined")
        books = books_of(world, 30)
        told = {move: postings_of(world, 30, move) for move in MOVES}

    assert [(r.name, r.purchases, r.kept, r.last_on) for r in active.rows] == [
        ("anna", 1, 100_000, date(2026, 3, 2)),
        ("vera", 2, 60_000, date(2026, 3, 21)),
    ]
    assert [(r.name, r.joined_on, r.purchases) for r in joined.rows] == [
        ("vera", date(2026, 3, 20), 2)
    ]
    sums = {move: sum(row.points for row in rows.rows) for move, rows in told.items()}
    assert {move: points for move, points in sums.items() if points} == {
        **books.now.issued, "taken": books.now.taken,
    }  # fmt: skip


def test_long_lists_come_in_pages(
    shop: Shop, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gamification.readmodels.console_lists.SHOWN", 1)
    with shop.world(NOW) as world:
        first = people_of(world, 30, "active")
        second = people_of(world, 30, "active", after=first.after or 0)
        latest = postings_of(world, 30, "purchase")
        older = postings_of(world, 30, "purchase", after=latest.after or 0)

    assert [[row.name for row in one.rows] for one in (first, second)] == [["anna"], ["vera"]]
    assert second.after is None
    assert latest.rows[0].id > older.rows[0].id


def test_challenges_tell_their_budget_and_time(shop: Shop) -> None:
    anna = shop.join("anna")
    goal = terms(Step(kind="count", at_least=1), points=90)
    first = launch(shop, goal, "2026-03-01 00:00", "2026-04-03 00:00", at="2026-03-01 00:00",
                   budget=100)  # fmt: skip
    launch(shop, goal, "2026-05-01 00:00", "2026-06-01 00:00", at="2026-03-01 00:00")
    work(shop, "2026-03-01 00:05")
    anna.spend_money("a1", "100", at="2026-03-05 10:00", now="2026-03-05 10:00")
    work(shop, "2026-03-06 00:00")

    found = dashboard(shop)

    live, later = found.challenges
    assert (live.id, live.state, live.spent, live.budget) == (first, "live", 90, 100)
    assert (live.days_left, live.ends_on, live.share) == (3, date(2026, 4, 2), 90)
    assert (live.entered, live.completed) == (1, 1)
    assert live.is_almost_spent
    assert (later.state, later.starts_on) == ("scheduled", date(2026, 5, 1))
    assert found.waiting == Waiting(receipts=0, invitations=0, appeals=0, budgets=1)


def test_what_waits_is_counted(shop: Shop, people: list[Person]) -> None:
    people[0].spend_money("late", "500", at="2026-01-01 10:00", now="2026-03-30 10:00")

    assert dashboard(shop).waiting.total == 1


def test_friends_are_counted_by_when_they_were_invited(shop: Shop) -> None:
    with shop.world() as world:
        publish_terms(world, ReferralTerms(minimum=100, hold_days=1))
    ana = shop.join("ana")
    for name, at in (("boris", "2026-02-20 10:00"), ("vera", "2026-03-20 10:00")):
        shop.at = at
        friend = shop.join(name)
        with shop.world() as world:
            assert bind_friend(world, friend.id, Invitation(code_for(world, ana.id))) == "bound"
        if name == "vera":
            friend.spend_money("v1", "300")

    none = Count()
    assert dashboard(shop).friends == Funnel(none, Count(1, 1), Count(1, 0), none, none)


def test_one_member_and_three_cost_the_same(shop: Shop, people: list[Person]) -> None:
    dashboard(shop)
    with shop_statements(shop) as one:
        dashboard(shop)
    for name in ("gleb", "dina"):
        shop.join(name).spend_money(f"p-{name}", "100")
    with shop_statements(shop) as three:
        dashboard(shop)

    assert len(one) == len(three) <= 10


def test_a_shop_that_begins_knows_its_steps(shop: Shop) -> None:
    found = dashboard(shop)

    assert [step for step, done in found.set_up.items() if done] == ["shop", "tiers"]
    assert (found.members, found.active, found.began) == (0, Count(), None)
    with shop.world() as world:
        assert people_of(world, 7, "active").rows == ()
