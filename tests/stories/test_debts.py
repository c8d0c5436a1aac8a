"""Semantics 3: a debt is repaid by the next award, whoever tells of it; numbers by hand."""

from typing import Literal

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.acts import note_act, set_act_terms
from gamification.commands.intake import take_page
from gamification.commands.members_intake import take_members
from gamification.members.arrivals import MemberEntry
from gamification.readmodels.till import member_at_till
from tests.counting import asked
from tests.shop import Person, Shop, plain_tiers

Teller = Literal["till", "file"]


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    columns = {"negative_policy": "unlimited", "pending_days": 0}
    return Shop(engine, tiers=plain_tiers(("base", 0, 1_000)), columns=columns)


@pytest.fixture
def anna(shop: Shop) -> Person:
    """She has 40 points, 181 are taken back: 141 are owed."""
    anna = shop.join("anna")
    anna.spend_money("r-1", "1810")
    anna.pay(141, "spent")
    anna.bring_back("b-1", of="r-1", whole=True, total="0")
    assert worth(anna) == (0, 141)
    return anna


def worth(person: Person) -> tuple[int, int]:
    """Points that can be spent, and points that are owed."""
    with person.shop.world() as world:
        found = member_at_till(world, "external_id", person.name)
    return found.balance, found.debt


def is_clean(shop: Shop) -> bool:
    with shop.world() as world:
        return run_audit(world, full=True).is_clean


def tell(person: Person, teller: Teller, *money: str) -> None:
    """Purchases of so much, one after another."""
    shop = person.shop
    told = [
        shop.receipt("purchase", f"later-{n}", [("GOODS", None, "1", one)])
        for n, one in enumerate(money)
    ]
    if teller == "till":
        for one in told:
            person.tell(one)
        return
    with shop.world() as world:
        take_page(world.session, world.ids, [(person.name, told)], brought=world.now)


@pytest.mark.parametrize("teller", ["till", "file"])
def test_a_receipt_repays_first(shop: Shop, anna: Person, teller: Teller) -> None:
    tell(anna, teller, "2000")

    assert worth(anna) == (59, 0)
    assert is_clean(shop)


@pytest.mark.parametrize("teller", ["till", "file"])
def test_receipts_repay_one_after_another(shop: Shop, anna: Person, teller: Teller) -> None:
    tell(anna, teller, "1000", "300", "200")

    assert worth(anna) == (9, 0)
    repaid = shop.rows("SELECT points FROM transfer WHERE kind = 'repayment' ORDER BY id")
    assert repaid == [(100,), (30,), (11,)]
    assert is_clean(shop)


def test_a_file_brings_a_debt_and_repays_it(shop: Shop) -> None:
    boris = shop.join("boris")
    boris.spend_money("r-1", "1000")
    boris.pay(60, "spent")
    goods = [("GOODS", None, "1", "500")]
    page = [
        shop.receipt("return", "b-1", [], names_id="r-1", whole=True, total="0"),
        shop.receipt("purchase", "r-2", goods, at="2026-01-01 12:01"),
        shop.receipt("return", "b-2", [], names_id="r-2", whole=True, total="0",
                     at="2026-01-01 12:02"),
        shop.receipt("purchase", "r-3", goods, at="2026-01-01 12:03"),
        shop.receipt("purchase", "r-4", goods, at="2026-01-01 12:04"),
    ]  # fmt: skip

    with shop.world("2026-01-01 12:05") as world:
        take_page(world.session, world.ids, [("boris", page)], brought=world.now)

    shop.at = "2026-01-01 12:05"
    assert worth(boris) == (40, 0)
    assert is_clean(shop)


def test_an_act_and_an_opening_repay_too(shop: Shop, anna: Person) -> None:
    with shop.world() as world:
        set_act_terms(world, "profile_completed", points=41)
    with shop.world("2026-01-01 13:00") as world:
        note_act(world, anna.id, "profile_completed")
    assert worth(anna) == (0, 100)

    with shop.world() as world:
        take_members(world, [(1, MemberEntry(external_id="anna", opening=130))])

    assert worth(anna) == (30, 0)
    assert is_clean(shop)


@pytest.mark.parametrize(("policy", "more"), [("unlimited", 1), ("within_balance", 0)])
def test_debts_cost_a_page_one_statement(engine: sa.Engine, policy: str, more: int) -> None:
    shop = Shop(engine, columns={"negative_policy": policy})
    names = [f"m{n}" for n in range(5)]
    for name in names:
        shop.join(name).spend_money(name, "100")
    page = [
        (name, [shop.receipt("purchase", f"{name}-2", [("GOODS", None, "1", "100")])])
        for name in names
    ]

    with shop.world() as world, asked(engine) as seen:
        take_page(world.session, world.ids, page)

    assert sum("'repayment'" in one for one in seen) == more
