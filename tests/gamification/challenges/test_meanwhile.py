"""A till and the desk at the same moment: one after the other, nothing is overwritten."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.challenge_clock import advance_challenges, close_challenges
from gamification.commands.challenges import (
    Step,
    cancel_challenge,
    lengthen,
    stop_challenge,
)
from gamification.commands.till import MemberRef, record_receipt
from tests.challenging import entry, launch, rewards, terms, work
from tests.shop import Person, Shop, plain_tiers

START, END = "2026-03-02 00:00", "2026-03-09 00:00"
BUN = ("BUN", "bread", "1", "100")
TWO = Step(kind="count", at_least=2)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


def buy(person: Person, key: str, at: str) -> None:
    person.buy(f"{person.name}-{key}", BUN, at=at, now=at)


@contextmanager
def receipt_under_way(person: Person, kind: str, key: str, at: str, **more: Any) -> Iterator[None]:
    """A till has written a receipt and has not committed yet."""
    receipt = person.shop.receipt(kind, f"{person.name}-{key}", [BUN], at=at, **more)
    with person.shop.world(at) as world:
        record_receipt(world, receipt, MemberRef(member_id=person.id))
        yield


class Other:
    """Somebody else's job: it begins now and has to wait; `done` waits for its end."""

    def __init__(self, job: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._job = self._pool.submit(job)
        assert wait([self._job], timeout=0.3).not_done, "it had to wait"

    def done(self) -> None:
        self._job.result(20)
        self._pool.shutdown()


def at_the_desk(shop: Shop, at: str, what: Callable[..., None], ident: int, **how: Any) -> None:
    with shop.world(at) as world:
        what(world, ident, actor="marketer", **how)


def is_clean(shop: Shop, at: str) -> bool:
    with shop.world(at) as world:
        return not [one for one in run_audit(world, full=True).findings if one.count]


def test_a_purchase_while_it_is_called_off(shop: Shop) -> None:
    week, ana = launch(shop, terms(TWO), START, END), shop.join("Ana")
    buy(ana, "1", "2026-03-03 09:00")

    def off() -> None:
        at_the_desk(shop, "2026-03-03 10:00", cancel_challenge, week, reason="x", compensation=50)

    buys_meanwhile(ana, "2026-03-03 10:00", off)
    work(shop, "2026-03-03 10:01")

    assert rewards(ana) == [("challenge_compensation", 50)]
    assert is_clean(shop, "2026-03-03 11:00")


def buys_meanwhile(person: Person, at: str, job: Callable[[], None]) -> None:
    """A purchase is under way; a job begins, and ends after it."""
    with receipt_under_way(person, "purchase", "meanwhile", at):
        other = Other(job)
    other.done()


def test_a_purchase_while_it_is_lengthened(shop: Shop) -> None:
    week, ana = launch(shop, terms(Step(kind="count", at_least=3)), START, END), shop.join("Ana")
    buy(ana, "1", "2026-03-03 09:00")

    def later() -> None:
        end = shop.when("2026-03-20 00:00")
        at_the_desk(shop, "2026-03-03 10:00", lengthen, week, ends_at=end)

    buys_meanwhile(ana, "2026-03-03 10:00", later)
    buy(ana, "3", "2026-03-12 09:00")

    assert entry(ana, week)["score"] == 3


def test_a_purchase_while_it_is_stopped(shop: Shop) -> None:
    week, ana = launch(shop, terms(Step(kind="count", at_least=3)), START, END), shop.join("Ana")
    work(shop, START)
    buy(ana, "1", "2026-03-03 09:00")

    def now() -> None:
        at_the_desk(shop, "2026-03-03 10:00", stop_challenge, week, reason="x")

    buys_meanwhile(ana, "2026-03-03 09:59", now)
    buy(ana, "3", "2026-03-04 09:00")

    assert entry(ana, week)["score"] == 2


def test_a_return_while_places_are_given(shop: Shop) -> None:
    week = launch(shop, terms(Step(kind="count", at_least=1), max_winners=1), START, END)
    ana, boris = shop.join("Ana"), shop.join("Boris")
    for person, at in ((ana, "09:00"), (boris, "10:00")):
        buy(person, "1", f"2026-03-04 {at}")
    buy(ana, "2", "2026-03-04 09:30")
    now = "2026-03-11 00:01"
    with receipt_under_way(ana, "return", "back", now, names_id="Ana-1"):
        other = Other(lambda: close(shop, now))
    other.done()
    work(shop, "2026-03-11 00:02")

    assert (entry(ana, week)["place"], entry(ana, week)["points"]) == (1, 200)
    assert entry(boris, week)["points"] == 0
    assert is_clean(shop, "2026-03-11 01:00")


def close(shop: Shop, at: str) -> None:
    """The clock ends and closes what is over, and pays nothing."""
    for step in (advance_challenges, close_challenges):
        busy = 1
        while busy:
            with shop.world(at) as world:
                busy = step(world)


def test_a_till_waits_for_the_desk(shop: Shop) -> None:
    week, ana = launch(shop, terms(TWO), START, END), shop.join("Ana")
    buy(ana, "1", "2026-03-03 09:00")
    with shop.world("2026-03-03 10:00") as world:
        cancel_challenge(world, week, reason="x", compensation=50, actor="marketer")
        till = Other(lambda: buy(ana, "2", "2026-03-03 10:00"))
    till.done()
    work(shop, "2026-03-03 10:01")

    assert rewards(ana) == [("challenge_compensation", 50)]
    assert entry(ana, week)["state"] == "cancelled"
