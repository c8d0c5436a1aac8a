"""The report of invitations, against a story that was added up by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.commands.referral_clock import settle_referrals
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    note_visits,
    owner_of,
    publish_terms,
)
from gamification.readmodels import referral_report as module
from gamification.readmodels.referral_report import (
    Cell,
    Cost,
    Ended,
    ReferralReport,
    Referrer,
    Spending,
    Steps,
    Suspected,
    referral_report,
)
from gamification.store import Store
from tests.shop import Person, Shop

TERMS = ReferralTerms(
    referrer_points=300, friend_points=200, welcome_points=50, minimum=200_000, hold_days=14,
    second_percent=10,
)  # fmt: skip
FIRST_WEEK, SECOND_WEEK = date(2025, 6, 2), date(2025, 6, 9)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at="2025-06-02 09:00", tiers=(), columns={"pending_days": 14})
    with found.world() as world:
        publish_terms(world, TERMS)
    return found


def invited(referrer: Person, name: str, at: str, **how: Any) -> Person:
    """Somebody who joins by an invitation."""
    shop = referrer.shop
    shop.at = at
    friend = shop.join(name)
    with shop.world() as world:
        told = Invitation(code_for(world, referrer.id), **how)
        assert bind_friend(world, friend.id, told) == "bound"
    return friend


def opened(referrer: Person, day: str, channel: str, more: int) -> None:
    with referrer.shop.world() as world:
        owner = owner_of(world, code_for(world, referrer.id))
        assert owner is not None
        note_visits(world, [(owner.code_id, date.fromisoformat(day), channel, more)])


def settle(shop: Shop, at: str) -> None:
    for _ in range(50):
        with shop.world(at) as world:
            if not settle_referrals(world):
                return
    raise AssertionError("the clock finds an end")


def report(shop: Shop, at: str, weeks: int = 4) -> ReferralReport:
    with shop.world(at) as world:
        return referral_report(world, weeks=weeks)


def story(shop: Shop) -> dict[str, Person]:
    """Zoya brings Ana; Ana brings Boris, who stays, Vera, who buys too little, and Gleb."""
    zoya = shop.join("zoya")
    ana = invited(zoya, "ana", "2025-06-02 10:00", channel="telegram")
    opened(ana, "2025-06-03", "telegram", 5)
    opened(ana, "2025-06-08", "qr", 2)
    boris = invited(ana, "boris", "2025-06-03 10:00", channel="telegram")
    vera = invited(ana, "vera", "2025-06-08 23:30", how="code")
    gleb = invited(ana, "gleb", "2025-06-09 00:30", channel="qr")
    boris.spend_money("b1", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")
    vera.spend_money("v1", "1000", at="2025-06-11 12:00", now="2025-06-11 12:00")
    settle(shop, "2025-06-25 12:00")
    return {"zoya": zoya, "ana": ana, "boris": boris, "vera": vera, "gleb": gleb}


def test_the_way_of_friends_by_channel_and_week(shop: Shop) -> None:
    """Half past eleven on Sunday and half past midnight on Monday are different weeks."""
    story(shop)

    found = report(shop, "2025-06-25 12:00")

    assert found.cells == (
        Cell(FIRST_WEEK, "code", Steps(joined=1, bought=1)),
        Cell(FIRST_WEEK, "qr", Steps(opened=2)),
        Cell(FIRST_WEEK, "telegram", Steps(opened=5, joined=2, bought=1, qualified=1, paid=1)),
        Cell(SECOND_WEEK, "qr", Steps(joined=1)),
    )
    assert found.total() == Steps(opened=7, joined=4, bought=2, qualified=1, paid=1)
    assert [(name, steps.joined) for name, steps in found.by_channel()] == [
        ("telegram", 2), ("qr", 1), ("code", 1),
    ]  # fmt: skip
    assert [steps.joined for _, steps in found.by_week()] == [3, 1, 0, 0]
    assert report(shop, "2025-06-25 12:00", weeks=2).cells == ()


def test_a_qualified_friend_costs_what_all_of_them_brought(shop: Shop) -> None:
    """300 to Ana, 200 to Boris, four gifts of 50, a tenth of 300 to Zoya: 730 for one."""
    story(shop)

    found = report(shop, "2025-06-25 12:00")

    assert found.cost == Cost(
        referrers=300, friends=200, welcome=200, shares=0, second=30, total=730, each=730,
        point_worth=100,
    )  # fmt: skip
    assert report(shop, "2025-06-25 12:00", weeks=2).cost.total == 0


def test_what_the_fund_did_not_pay_is_no_cost(shop: Shop) -> None:
    """Of 720 points four gifts and the rewards of Ana and Boris are paid, nothing to Zoya."""
    with shop.world() as world:
        publish_terms(world, replace(TERMS, budget=720))
    story(shop)

    found = report(shop, "2025-06-25 12:00")

    assert found.cost == Cost(
        referrers=300, friends=200, welcome=200, shares=0, second=0, total=700, each=700,
        point_worth=100,
    )  # fmt: skip


def test_an_act_that_somebody_else_told_is_no_cost(shop: Shop) -> None:
    """A till may call its own act as it likes: only the programme's acts name invitations."""
    story(shop)
    with shop.world("2025-06-25 12:00") as world:
        Store(world.session.connection()).run(
            "UPDATE activity SET source = 'till-9', external_id = 'x' WHERE type = 'friend_came'"
        )

    assert report(shop, "2025-06-25 12:00").cost.total == 430


def test_what_went_back_costs_nothing_and_says_so(shop: Shop) -> None:
    people = story(shop)
    people["boris"].bring_back(
        "r1", ("GOODS", None, "1", "2500"), of="b1", at="2025-06-26 12:00", now="2025-06-26 12:00"
    )
    settle(shop, "2025-06-26 12:00")

    found = report(shop, "2025-06-26 12:00")

    assert found.cost.total == 200  # the gifts stay
    assert found.cost.each is None
    assert found.total() == Steps(opened=7, joined=4, bought=2)
    assert found.ended == (Ended("reversed", "returned", 1),)


def test_friends_are_compared_with_newcomers_of_the_same_weeks(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Friends kept 0, 0, 1,000 and 2,500 ₽; Zoya 0 and Dina 700 ₽; Egor came in another week."""
    monkeypatch.setattr(module, "LEAST_COMPARED", 2)
    shop.at = "2025-06-05 12:00"
    dina = shop.join("dina")
    shop.at = "2025-06-17 12:00"
    egor = shop.join("egor")
    shop.at = "2025-06-02 09:00"
    story(shop)
    dina.spend_money("d1", "700", at="2025-06-06 12:00", now="2025-06-06 12:00")
    dina.spend_money("d2", "9000", at="2025-07-18 12:00", now="2025-07-18 12:00")  # too late
    egor.spend_money("e1", "8000", at="2025-06-18 12:00", now="2025-06-18 12:00")

    found = report(shop, "2025-07-20 12:00", weeks=8)

    assert found.friends == Spending(4, 50_000, 87_500)
    assert found.others == Spending(2, 35_000, 35_000)


def test_few_people_are_counted_and_not_compared(shop: Shop) -> None:
    story(shop)

    assert report(shop, "2025-06-25 12:00").friends == Spending(0, None, None)
    found = report(shop, "2025-07-20 12:00", weeks=8)
    assert (found.friends, found.others) == (Spending(4, None, None), Spending(1, None, None))


def test_those_who_bring_most_come_first(shop: Shop) -> None:
    people = story(shop)

    found = report(shop, "2025-06-25 12:00")

    assert found.referrers == (
        Referrer(people["ana"].id, "ana", 3, 1, 0, 0, 300),
        Referrer(people["zoya"].id, "zoya", 1, 0, 0, 0, 0),
    )


def test_held_rejected_and_unpaid_ones_are_told_with_their_reasons(shop: Shop) -> None:
    people = story(shop)
    ways = {
        "vera": ("in_review", "in_review"), "gleb": ("blocked", "same_person"),
        "ana": ("qualified", "cap"),
    }  # fmt: skip
    with shop.world("2025-06-25 12:00") as world:
        store = Store(world.session.connection())
        for name, (state, reason) in ways.items():
            store.run(
                "UPDATE referral SET state = ?, reason = ? WHERE friend_id = ?",
                state, reason, people[name].id,
            )  # fmt: skip
        ids = dict(store.rows("SELECT friend_id, id FROM referral"))
        columns = ("id", "referral_id", "rule", "action", "evidence", "state", "created_at")
        row = (1, ids[people["gleb"].id], "ring", "block", "{}", "open", 0)
        store.insert("referral_signal", [row], columns=columns)

    found = report(shop, "2025-06-25 12:00")

    assert found.ended == (
        Ended("in_review", "in_review", 1),
        Ended("blocked", "same_person", 1),
        Ended("qualified", "cap", 1),
    )
    assert found.suspected == (Suspected("ring", "open", 1),)
    ana = found.referrers[0]
    assert (ana.joined, ana.qualified, ana.held, ana.rejected) == (3, 1, 1, 1)


@contextmanager
def statements(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    seen: list[str] = []
    execute = Store._execute

    def noted(self: Store, sql: str, params: Any) -> None:
        seen.append(sql)
        execute(self, sql, params)

    with patch.context() as inner:
        inner.setattr(Store, "_execute", noted)
        yield seen


def test_one_friend_and_many_cost_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    zoya = shop.join("zoya")
    invited(zoya, "one", "2025-06-02 10:00", channel="qr")
    report(shop, "2025-06-25 12:00")
    with statements(monkeypatch) as few:
        report(shop, "2025-06-25 12:00")

    story_of = invited(zoya, "two", "2025-06-03 10:00", channel="vk")
    invited(story_of, "three", "2025-06-12 10:00", how="till")
    with statements(monkeypatch) as many:
        report(shop, "2025-06-25 12:00")

    assert len(few) == len(many) == 6
