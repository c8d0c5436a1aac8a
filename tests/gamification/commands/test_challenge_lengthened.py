"""Who gets more time for a challenge is reminded of the later end."""

import pytest
import sqlalchemy as sa

from gamification.commands.challenge_members import choose_reminder
from gamification.commands.challenge_messages import remind_members
from gamification.commands.challenge_reminders import remind_of_challenges
from gamification.commands.challenges import Step, lengthen
from tests.challenging import launch, terms, told, work
from tests.shop import Person, Shop, plain_tiers

START, END = "2026-03-02 00:00", "2026-03-09 00:00"
THREE = Step(kind="count", at_least=3)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


def clock(shop: Shop, at: str) -> None:
    """The clock works at a moment until nothing is left to do."""
    work(shop, at)
    for step in (remind_of_challenges, remind_members):
        for _ in range(50):
            with shop.world(at) as world:
                if not step(world):
                    break


def longer(shop: Shop, challenge: int, until: str, at: str) -> None:
    with shop.world(at) as world:
        lengthen(world, challenge, ends_at=shop.when(until), actor="marketer")


def player(shop: Shop) -> Person:
    ana = shop.join("Ana")
    work(shop, "2026-03-02 00:01")
    ana.spend_money("a-1", "100", at="2026-03-03 09:00", now="2026-03-03 09:00")
    return ana


def test_reminders_before_the_end_come_for_the_later_end_too(shop: Shop) -> None:
    week = launch(shop, terms(THREE, remind_days=(1,)), START, END)
    ana = player(shop)
    clock(shop, "2026-03-07 12:00")
    clock(shop, "2026-03-07 12:05")
    assert [x["until"] for x in told(ana, "challenge_reminder")] == ["2026-03-08"]

    longer(shop, week, "2026-03-20 00:00", at="2026-03-07 13:00")
    clock(shop, "2026-03-17 12:00")
    assert len(told(ana, "challenge_reminder")) == 1
    clock(shop, "2026-03-18 12:00")
    clock(shop, "2026-03-18 12:05")

    found = told(ana, "challenge_reminder")
    assert [x["until"] for x in found] == ["2026-03-08", "2026-03-19"]


def test_a_few_hours_more_on_the_same_day_are_no_news(shop: Shop) -> None:
    week = launch(shop, terms(THREE, remind_days=(1,)), START, "2026-03-08 12:00")
    ana = player(shop)
    clock(shop, "2026-03-07 12:00")

    longer(shop, week, END, at="2026-03-07 13:00")
    clock(shop, "2026-03-07 14:00")

    assert len(told(ana, "challenge_reminder")) == 1


def test_who_asked_hears_of_the_last_day_of_the_later_end(shop: Shop) -> None:
    week = launch(shop, terms(THREE), START, END)
    ana = player(shop)
    with shop.world("2026-03-03 10:00") as world:
        code = str(shop.rows("SELECT code FROM challenge WHERE id = ?", week)[0][0])
        choose_reminder(world, ana.id, code, wanted=True)
    clock(shop, "2026-03-08 09:05")
    clock(shop, "2026-03-08 09:10")
    assert [x["on"] for x in told(ana, "challenge_ends")] == ["2026-03-08"]

    longer(shop, week, "2026-03-20 00:00", at="2026-03-08 10:00")
    clock(shop, "2026-03-18 09:05")
    clock(shop, "2026-03-19 09:05")

    assert [x["on"] for x in told(ana, "challenge_ends")] == ["2026-03-08", "2026-03-19"]
