"""Somebody leaves and comes back by an invitation: the same person is new once."""

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.farewell import ask_to_leave, erase_next
from gamification.commands.suspicions import purge_traces
from tests.inviting import bind, come, earned, fired, let_clock_work, offer, state_of
from tests.shop import Person, Shop

PHONE, EMAIL = "+79123450001", "boris.friend@gmail.com"
JOINED, BOUGHT, REWARDED = "2026-03-02 12:00", "2026-03-03 12:00", "2026-03-18 04:00"
LEFT, ERASED, BACK = "2026-03-19 12:00", "2026-04-04 03:30", "2026-04-05 12:00"


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    shop = Shop(engine, at="2026-03-01 12:00", columns={"pending_days": 0})
    offer(shop, welcome_points=100)
    return shop


def leave(person: Person) -> None:
    with person.shop.world(LEFT) as world:
        ask_to_leave(world, person.id)
    with person.shop.world(ERASED) as world:
        gone = erase_next(world)
    assert gone is not None
    assert gone.member_id == person.id


def invited(shop: Shop, anna: Person) -> Person:
    """Boris came by Anna, bought, and both were paid."""
    boris = come(shop, "boris", at=JOINED, phone=PHONE, email=EMAIL)
    assert bind(anna, boris, at=JOINED) == "bound"
    boris.spend_money("b1", "600", at=BOUGHT, now=BOUGHT)
    let_clock_work(shop, REWARDED)
    assert (earned(anna), earned(boris)) == (300, 300)
    return boris


@pytest.mark.parametrize("who", [{"phone": PHONE}, {"email": "BorisFriend+two@googlemail.com"}])
def test_who_was_invited_once_is_nobodys_new_friend_after_leaving(
    shop: Shop, who: dict[str, str]
) -> None:
    anna, vera = (come(shop, name, at=JOINED) for name in ("anna", "vera"))
    leave(invited(shop, anna))

    again = come(shop, "somebody", at=BACK, **who)
    bind(vera, again, at=BACK)
    again.spend_money("b2", "600", at="2026-04-05 13:00", now="2026-04-05 13:00")
    let_clock_work(shop, "2026-04-21 04:00")

    assert state_of(again) == ("blocked", "not_new")
    assert fired(again)["not_new"] == "block"
    assert (earned(vera), earned(again), earned(anna)) == (0, 0, 300)
    with shop.world("2026-04-21 05:00") as world:
        assert [one.id for one in run_audit(world, full=True).findings if one.count] == []


def test_half_a_year_after_leaving_nobody_can_tell(shop: Shop) -> None:
    anna, vera = (come(shop, name, at=JOINED) for name in ("anna", "vera"))
    boris = invited(shop, anna)
    leave(boris)
    kinds = "SELECT kind FROM member_trace WHERE member_id = ? ORDER BY kind"
    assert shop.rows(kinds, boris.id) == [("email",), ("phone",)], "the card is forgotten at once"

    with shop.world("2026-10-01 03:29") as world:
        assert purge_traces(world) == 0
    with shop.world("2026-10-01 03:30") as world:
        assert purge_traces(world) == 2

    assert shop.rows(kinds, boris.id) == []
    again = come(shop, "somebody", at="2026-10-02 12:00", phone=PHONE)
    assert bind(vera, again, at="2026-10-02 12:00") == "bound"


def test_of_who_never_invited_nor_was_invited_nothing_is_kept(shop: Shop) -> None:
    plain = come(shop, "plain", at=JOINED, phone=PHONE, email=EMAIL)

    leave(plain)

    assert shop.rows("SELECT kind FROM member_trace WHERE member_id = ?", plain.id) == []


def test_who_invited_comes_back_as_no_new_friend_of_their_own_friend(shop: Shop) -> None:
    anna = come(shop, "anna", at=JOINED, phone="+79123450002")
    boris = invited(shop, anna)
    leave(anna)

    again = come(shop, "somebody", at=BACK, phone="+79123450002")

    assert bind(boris, again, at=BACK) == "blocked"
