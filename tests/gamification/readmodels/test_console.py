"""The owner's overview, the review queue and the terms say what the rows say."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.commands.staff import reject_waiting
from gamification.readmodels.console import console_of
from gamification.readmodels.reviews import rejected_receipts, review_queue, waiting_receipt
from gamification.readmodels.terms import RuleTerms, TierTerms, terms_of
from gamification.readmodels.views import ConsoleView, Named, StaffMember
from gamification.refusals import ProgrammeMissing
from gamification.world import World, fixed_clock
from tests.shop import Person, Shop, plain_tiers

NOW = "2026-03-01 12:00"


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    tiers = plain_tiers(("bronze", 0, 500), ("silver", 1_000, 1_000))
    shop = Shop(engine, at=NOW, tiers=tiers)
    shop.at = "2026-01-01 09:00"
    return shop


@pytest.fixture
def anna(shop: Shop) -> Person:
    anna = shop.join("anna")
    shop.at = NOW
    return anna


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements that run inside."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def overview(shop: Shop, at: str | None = None, *, past: bool = False) -> ConsoleView:
    with Session(shop.engine) as session:
        world = World(session, fixed_clock(shop.when(at)), past=past)
        return console_of(world)


def test_an_overview_adds_up(shop: Shop, anna: Person) -> None:
    boris = shop.join("boris")
    anna.spend_money("p-1", "2000", at="2026-02-10 10:00")
    boris.spend_money("p-2", "100")
    anna.spend_money("late", "500", at="2026-01-01 10:00")
    anna.pay(40, "mug")
    shop.at = "2026-03-20 12:00"

    view = overview(shop)

    assert replace(view, newest=()) == ConsoleView(
        today=date(2026, 3, 20),
        currency="RUB",
        members=2,
        claimed=0,
        points_issued=105,
        points_spent=40,
        points_outstanding=65,
        liability_minor=6_500,
        reviews_waiting=1,
        last_import=None,
    )
    faces = [(m.name, m.tier.code, m.balance, m.purchases, m.last_purchase_on) for m in view.newest]
    assert faces == [
        ("boris", "bronze", 5, 1, date(2026, 3, 1)),
        ("anna", "silver", 60, 1, date(2026, 2, 10)),
    ]


def test_an_overview_of_a_past_day_leaves_out_what_came_later(shop: Shop, anna: Person) -> None:
    anna.spend_money("p-1", "2000", at="2026-02-10 10:00")
    shop.at = "2026-03-02 12:00"
    shop.join("boris").spend_money("p-2", "100")
    anna.pay(40, "mug")

    then = overview(shop, NOW, past=True)

    assert (then.members, then.points_issued, then.points_spent) == (1, 100, 0)
    assert then.points_outstanding == 100


def test_the_newest_members_of_a_past_day_stand_as_they_stood_then(
    shop: Shop, anna: Person
) -> None:
    anna.spend_money("p-1", "400", at="2026-02-10 10:00")
    shop.at = "2026-03-20 12:00"
    anna.spend_money("p-2", "2000")
    anna.pay(15, "mug")

    then, now = (overview(shop, at, past=True).newest[0] for at in (NOW, "2026-03-20 12:00"))

    def told(face: StaffMember) -> tuple[object, ...]:
        return face.tier.code, face.balance, face.purchases, face.last_purchase_on

    assert told(then) == ("bronze", 20, 1, date(2026, 2, 10))
    assert told(now) == ("silver", 5, 2, date(2026, 3, 20))


def test_an_overview_without_members_is_all_zeros(shop: Shop) -> None:
    view = overview(shop)

    assert (view.members, view.points_issued, view.points_outstanding, view.newest) == (0, 0, 0, ())


def test_one_member_and_three_cost_the_same(shop: Shop, anna: Person) -> None:
    anna.spend_money("p-1", "2000")
    overview(shop)  # definitions are read once per version
    with shop_statements(shop) as one:
        overview(shop)
    for name in ("boris", "clara"):
        shop.join(name).spend_money(f"p-{name}", "100")
    with shop_statements(shop) as three:
        overview(shop)

    assert len(one) == len(three)


@contextmanager
def shop_statements(shop: Shop) -> Iterator[list[str]]:
    """What a page sends to the database, past SQLAlchemy's events too."""
    from gamification.store import Store

    seen: list[str] = []
    execute = Store._execute

    def note(self: Store, sql: str, params: object) -> None:
        seen.append(sql)
        execute(self, sql, params)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch, counted(shop.engine) as through_alchemy:
        patch.setattr(Store, "_execute", note)
        yield seen
        seen.extend(through_alchemy)


def test_the_queue_tells_what_waits_and_why(shop: Shop, anna: Person) -> None:
    anna.spend_money("late", "500", at="2026-01-01 10:00")
    anna.spend_money("early", "700", at="2026-03-02 12:00")
    anna.bring_back("r-1", ("MUG", None, "1", "400"), of="nowhere")

    with shop.world() as world:
        queue = review_queue(world)

    assert [(r.receipt, r.why, r.amount_minor, r.member_name) for r in queue.reviews] == [
        ("late", "too_late", 50_000, "anna"),
        ("early", "from_the_future", 70_000, "anna"),
    ]
    assert [(r.receipt, r.why, r.names, r.kind) for r in queue.parked] == [
        ("r-1", "purchase_unknown", "nowhere", "return")
    ]
    assert queue.parked[0].waits_until == shop.when("2026-03-31 12:00")
    assert queue.after is None


def test_a_long_queue_comes_in_pages(
    shop: Shop, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gamification.readmodels.reviews.SHOWN", 2)
    for name in ("a", "b", "c"):
        anna.spend_money(name, "500", at="2026-01-01 10:00")

    with shop.world() as world:
        first = review_queue(world)
        second = review_queue(world, after=first.after or 0)

    assert [r.receipt for r in first.reviews] == ["a", "b"]
    assert [r.receipt for r in second.reviews] == ["c"]
    assert second.after is None


def test_the_queue_costs_the_same_for_one_and_three(shop: Shop, anna: Person) -> None:
    anna.spend_money("a", "500", at="2026-01-01 10:00")
    with shop_statements(shop) as one, shop.world() as world:
        review_queue(world)
    for name in ("b", "c"):
        anna.spend_money(name, "500", at="2026-01-01 10:00")
    with shop_statements(shop) as three, shop.world() as world:
        review_queue(world)

    assert len(one) == len(three)


def test_one_receipt_shows_its_lines_and_what_was_decided(shop: Shop, anna: Person) -> None:
    told = anna.buy("late", ("MUG", "mugs", "2", "500"), at="2026-01-01 10:00")
    with shop.world() as world:
        reject_waiting(world, told.activity_id, "a test receipt", "account:7")

    with shop.world() as world:
        found = waiting_receipt(world, told.activity_id)
        rejected = rejected_receipts(world)

    assert found is not None
    lines = [(x.number, x.sku, x.category, x.quantity, x.amount_minor) for x in found.lines]
    assert lines == [(1, "MUG", "mugs", 2_000, 50_000)]
    assert (found.state, found.reason) == ("rejected", "a test receipt")
    decided = [(one.by, one.decision, one.at) for one in found.decisions]
    assert decided == [("account:7", "rejected", shop.when(NOW))]
    assert [one.receipt for one in rejected] == ["late"]


def test_a_counted_receipt_is_not_shown_as_waiting(shop: Shop, anna: Person) -> None:
    told = anna.spend_money("p-1", "500")

    with shop.world() as world:
        assert waiting_receipt(world, told.activity_id) is None
        assert waiting_receipt(world, 1) is None


def test_terms_are_those_in_force_today(shop: Shop) -> None:
    shop.rule(
        "spring", "multiplier", {"percent": 200, "weekdays": [6, 7]}, since="2026-02-01 00:00"
    )
    shop.rule("never", "bonus", {"threshold": 1, "points": 1}, since="2026-05-01 00:00")
    shop.rule("gifts", "exclusion", {"categories": ["gift cards"]})

    with shop.world(NOW) as world:
        terms = terms_of(world)

    assert terms.tiers == (
        TierTerms(Named("bronze", {"en": "bronze", "ru": "bronze"}), 1, 2, 500, 0),
        TierTerms(Named("silver", {"en": "silver", "ru": "silver"}), 2, 2, 1_000, 100_000),
    )
    spring, gifts = terms.rules
    assert (spring.code, spring.times_pct, spring.span.weekdays) == ("spring", 200, (6, 7))
    assert spring.since == date(2026, 2, 1)
    assert gifts == RuleTerms(
        "gifts", "exclusion", Named("gifts"), date(1970, 1, 1), categories=("gift cards",)
    )
    assert terms.medals == 20


def test_without_a_programme_there_is_nothing_to_show(engine: sa.Engine) -> None:
    with Session(engine) as session, pytest.raises(ProgrammeMissing):
        console_of(World(session))
