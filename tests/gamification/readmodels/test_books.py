"""The books add up to the last point, whatever happened and wherever a period begins."""

import random
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.audit.run import run_audit
from gamification.commands.acts import check_in
from gamification.commands.challenges import Step
from gamification.commands.clockwork import expire_points
from gamification.readmodels.books import SOURCES, Books, Moved, books_of
from gamification.refusals import ProgrammeMissing, Refusal
from gamification.world import World, fixed_clock
from tests.challenging import launch, terms, work
from tests.gamification.readmodels.test_console import shop_statements
from tests.shop import Good, Person, Shop
from webapp.db import read_only

YEAR = (7, 30, 90, 365)


def books(shop: Shop, at: str, days: int, *, past: bool = False) -> Books:
    with Session(shop.engine) as session:
        return books_of(World(session, fixed_clock(shop.when(at)), past=past), days)


def audited(shop: Shop, at: str) -> int:
    with shop.engine.connect() as plain:
        world = World(connection=read_only(plain), clock=fixed_clock(shop.when(at)))
        report = run_audit(world)
        world.close()
    return report.outstanding


def some_day(dice: random.Random, low: int, high: int) -> str:
    """A moment within a span of days of the year 2026."""
    day = date.fromordinal(date(2026, 1, 1).toordinal() + dice.randint(low, high))
    return f"{day.isoformat()} {dice.randint(0, 23):02d}:{dice.randint(0, 59):02d}"


def goods_of(number: int) -> Good:
    """What stands on the receipt of a number."""
    return ("MUG", "mugs", str(1 + number % 3), str(100 + 37 * number % 800))


def one_step(
    dice: random.Random, who: Person, number: int, day: int, bought: list[tuple[Person, int]]
) -> None:
    """Something happens to somebody; what the programme refuses changes nothing."""
    shop, goods = who.shop, goods_of(number)
    shop.at = some_day(dice, day, day)
    late = some_day(dice, max(day - 25, 0), max(day - 1, 0))
    deed = dice.choice(("buy", "buy", "late", "paid", "back", "strange", "give", "pay", "act"))
    if deed in ("buy", "late"):
        who.buy(f"r{number}", goods, at=late if deed == "late" else None)
        bought.append((who, number))
    elif deed == "paid":
        who.buy(f"r{number}", goods, points_paid=dice.randint(1, 30))
        bought.append((who, number))
    elif deed == "back" and bought:
        buyer, receipt = bought.pop(dice.randrange(len(bought)))
        buyer.bring_back(f"r{number}", goods_of(receipt), of=f"r{receipt}")
    elif deed == "strange":
        who.bring_back(f"r{number}", goods)
    elif deed == "give":
        until = some_day(dice, day + 1, day + 40) if dice.random() < 0.7 else None
        who.give(dice.randint(1, 90), some_day(dice, 0, day), until, f"g{number}")
    elif deed == "pay":
        who.pay(dice.randint(1, 20), f"p{number}")
    else:
        with shop.world() as world:
            check_in(world, who.id)


def a_history(engine: sa.Engine, seed: int, policy: str) -> tuple[Shop, str]:
    """Four months of three people, with a challenge, lapses and late news; and its end."""
    dice = random.Random(seed)
    columns = {"pending_days": dice.choice((0, 14)), "negative_policy": policy}
    shop = Shop(engine, at="2026-01-01 00:00", columns=columns)
    goal = terms(Step(kind="count", at_least=2), points=25)
    launch(shop, goal, "2026-01-01 00:00", "2026-03-01 00:00")
    people = [shop.join(name) for name in ("anna", "boris", "vera")]
    bought: list[tuple[Person, int]] = []
    for number in range(40):
        try:
            one_step(dice, dice.choice(people), number, 3 * number, bought)
        except Refusal:
            continue
        if number % 9 == 8:
            work(shop, shop.at)
            with shop.world() as world:
                expire_points(world)
    return shop, some_day(dice, 121, 124)


@pytest.mark.parametrize("policy", ["within_balance", "unlimited", "only_pending"])
@pytest.mark.parametrize("seed", [1, 2])
def test_opening_and_movements_come_to_what_the_lots_hold(
    engine: sa.Engine, seed: int, policy: str
) -> None:
    shop, end = a_history(engine, seed, policy)
    whole = audited(shop, end)

    for days in (*YEAR, 1, 17, 61):
        found = books(shop, end, days)

        assert found.opening + found.now.change == found.closing == whole
        assert found.ages.owed + found.ages.lapsed == whole
        assert found.outstanding()[-1] == whole
        assert set(found.now.issued) <= set(SOURCES)
        eve = f"{date.fromordinal(found.period.first.toordinal() - 1).isoformat()} 23:59:59.999999"
        then = books(shop, eve, days, past=True)
        assert then.closing == found.opening, "what the lots held then is where we begin"
        assert then.opening + then.now.change == then.closing
        assert then.now == found.before
    year = books(shop, end, 365).now
    assert year.came > 0
    assert year.spent > 0
    assert year.taken + year.written_off > 0


def test_each_point_is_told_by_where_it_came_from_and_went(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-01-10 12:00", columns={"pending_days": 0})
    anna = shop.join("anna")
    anna.give(40, "2026-01-10", "2026-02-20", "old")
    anna.spend_money("p-0", "2000")
    shop.at = "2026-03-01 12:00"
    anna.spend_money("p-1", "1000")
    anna.pay(30, "mug")
    anna.bring_back("r-1", ("GOODS", None, "1", "1000"), of="p-1")
    with shop.world() as world:
        expire_points(world)

    found = books(shop, "2026-03-02 12:00", 30)

    assert (found.opening, found.closing) == (140, 70)
    assert found.now == Moved({"purchase": 50}, spent=30, taken=50, lapsed=40)
    assert found.before == Moved({"opening": 40, "purchase": 100})
    assert books(shop, "2026-03-02 12:00", 90).now == Moved(
        {"opening": 40, "purchase": 150}, spent=30, taken=50, lapsed=40
    )
    assert found.liability_minor == 7_000
    assert found.ages.by_age == (0, 70, 0, 0, 0)


def test_what_has_lapsed_is_not_owed_even_before_the_night_books_it(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-01-10 12:00", columns={"pending_days": 14})
    anna = shop.join("anna")
    anna.give(40, "2026-01-10", "2026-02-20", "old")
    anna.give(7, "2026-01-10", "2026-03-20", "soon")
    shop.at = "2026-03-01 12:00"
    anna.spend_money("p-1", "1000")

    found = books(shop, "2026-03-01 13:00", 7)

    assert (found.closing, found.ages.owed, found.ages.lapsed) == (97, 57, 40)
    assert (found.ages.on_the_way, found.ages.soon) == (50, 7)
    assert audited(shop, "2026-03-01 13:00") == 97
    assert found.outstanding() == (47, 47, 47, 47, 47, 47, 97)


def test_the_books_cost_the_same_for_one_and_three(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    shop.join("anna").spend_money("p-1", "1000")
    books(shop, "2026-03-02 12:00", 30)
    with shop_statements(shop) as one:
        books(shop, "2026-03-02 12:00", 30)
    for name in ("boris", "vera"):
        shop.join(name).spend_money(f"p-{name}", "1000")
    with shop_statements(shop) as three:
        books(shop, "2026-03-02 12:00", 30)

    assert len(one) == len(three) <= 5


def test_without_a_programme_there_are_no_books(engine: sa.Engine) -> None:
    with Session(engine) as session, pytest.raises(ProgrammeMissing):
        books_of(World(session), 30)
