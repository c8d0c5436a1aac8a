"""Ana invites Boris: the worked numbers of an invitation, kept, returned, capped and taken back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.activities.queries import parsed
from gamification.audit.run import run_audit
from gamification.commands.referral_clock import settle_referral, settle_referrals
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    publish_terms,
)
from gamification.refusals import InvalidSetting
from gamification.store import Store
from tests.counting import asked
from tests.shop import Person, Shop

TERMS = ReferralTerms(
    referrer_points=300, friend_points=200, minimum=200_000, hold_days=14, qualify_days=60
)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    """No points for purchases, so that every point comes of an invitation."""
    found = Shop(engine, at="2025-06-01 12:00", tiers=(), columns={"pending_days": 14})
    offer(found, TERMS)
    return found


def offer(shop: Shop, terms: ReferralTerms, at: str | None = None) -> None:
    with shop.world(at) as world:
        publish_terms(world, terms)


def invite(referrer: Person, friend: Person, at: str) -> str:
    with referrer.shop.world(at) as world:
        return bind_friend(world, friend.id, Invitation(code_for(world, referrer.id)))


def friend_of(referrer: Person, name: str, at: str) -> Person:
    """Somebody who joins by a link at a moment."""
    shop = referrer.shop
    shop.at = at
    friend = shop.join(name)
    assert invite(referrer, friend, at) == "bound"
    return friend


def clock(shop: Shop, at: str) -> int:
    """Let the clock work at a moment until nothing is due; answers how many steps."""
    steps = 0
    while True:
        with shop.world(at) as world:
            if not settle_referrals(world):
                return steps
        steps += 1
        assert steps < 200, "the clock finds an end"


def state(friend: Person) -> tuple[str, int, int, str | None]:
    rows = friend.shop.rows(
        "SELECT state, referrer_points, friend_points, reason FROM referral WHERE friend_id = ?",
        friend.id,
    )
    return rows[0]  # type: ignore[return-value]


def points(person: Person) -> int:
    """All that the person's acts have brought and not lost."""
    rows = person.shop.rows(
        "SELECT COALESCE(SUM(points_left), 0) FROM activity WHERE member_id = ?"
        " AND type <> 'purchase' AND type <> 'return'",
        person.id,
    )
    return int(rows[0][0])


def told(person: Person) -> list[tuple[str, Any]]:
    """What the person's inbox says of their invitation: kinds with payloads."""
    sql = "SELECT kind, payload FROM notice WHERE member_id = ? ORDER BY id"
    rows = [(str(kind), parsed(payload)) for kind, payload in person.shop.rows(sql, person.id)]
    return [row for row in rows if row[0].startswith("referral_")]


def sound(shop: Shop, at: str) -> None:
    with shop.world(at) as world:
        assert run_audit(world, full=True).is_clean


def test_a_kept_purchase_is_worth_something_when_its_window_ends(shop: Shop) -> None:
    """Semantics 6: 3 June, 10 June 2,500 ₽, qualified 24 June 00:00, Ana +300, Boris +200."""
    ana = shop.join("ana")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    boris.spend_money("b1", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")
    clock(shop, "2025-06-10 12:00")
    assert state(boris) == ("purchased", 0, 0, None)

    clock(shop, "2025-06-23 23:59")
    assert state(boris)[0] == "purchased"
    clock(shop, "2025-06-24 00:00")

    assert state(boris) == ("rewarded", 300, 200, None)
    assert (points(ana), points(boris)) == (300, 200)
    at = shop.rows("SELECT qualified_at FROM referral")[0][0]
    assert at == int(shop.when("2025-06-24 00:00").timestamp() * 1_000_000)
    assert clock(shop, "2025-06-25 00:00") == 0, "paid once"
    assert (points(ana), points(boris)) == (300, 200)


def test_a_return_within_the_window_leads_back_to_the_start(shop: Shop) -> None:
    """Semantics 6: 1,000 ₽ back on 20 June; 5 July 2,200 ₽; qualified 19 July."""
    ana = shop.join("ana")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    goods = (("A", None, "1", "1500"), ("B", None, "1", "1000"))
    boris.buy("b1", *goods, at="2025-06-10 12:00", now="2025-06-10 12:00")
    boris.bring_back("r1", ("B", None, "1", "1000"), of="b1", at="2025-06-20 12:00",
                     now="2025-06-20 12:00")  # fmt: skip
    clock(shop, "2025-06-24 00:00")
    assert state(boris) == ("registered", 0, 0, "returned")
    assert told(boris) == [], "the clock had not come by before the return"

    boris.spend_money("b2", "2200", at="2025-07-05 12:00", now="2025-07-05 12:00")
    clock(shop, "2025-07-18 23:59")
    assert state(boris) == ("purchased", 0, 0, None)
    clock(shop, "2025-07-19 00:00")

    assert state(boris) == ("rewarded", 300, 200, None)


@pytest.mark.parametrize("back", [("B",), ("A", "B")])
def test_who_came_reads_once_that_another_purchase_may_count(
    shop: Shop, back: tuple[str, ...]
) -> None:
    ana = shop.join("ana")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    goods = {"A": ("A", None, "1", "1500"), "B": ("B", None, "1", "1000")}
    boris.buy("b1", *goods.values(), at="2025-06-10 12:00", now="2025-06-10 12:00")
    clock(shop, "2025-06-10 12:00")
    boris.bring_back("r1", *(goods[one] for one in back), of="b1", at="2025-06-20 12:00",
                     now="2025-06-20 12:00")  # fmt: skip

    clock(shop, "2025-06-20 12:00")
    clock(shop, "2025-06-24 00:00")

    assert state(boris) == ("registered", 0, 0, "returned")
    assert told(boris) == [("referral_waits", {"minimum": 200_000, "until": "2025-08-02"})]
    assert points(ana) == points(boris) == 0
    clock(shop, "2025-08-03 00:00")
    assert state(boris) == ("expired", 0, 0, "too_late")


def test_a_purchase_that_was_too_small_from_the_start_is_no_return(shop: Shop) -> None:
    boris = friend_of(shop.join("ana"), "boris", "2025-06-03 10:00")
    goods = (("A", None, "1", "1500"), ("B", None, "1", "100"))
    boris.buy("b1", *goods, at="2025-06-10 12:00", now="2025-06-10 12:00")
    boris.bring_back("r1", goods[1], of="b1", at="2025-06-20 12:00", now="2025-06-20 12:00")

    clock(shop, "2025-06-20 12:00")

    assert (state(boris), told(boris)) == (("registered", 0, 0, None), [])


def test_the_last_day_is_the_second_of_august(shop: Shop) -> None:
    ana = shop.join("ana")
    boris, vera = (friend_of(ana, n, "2025-06-03 10:00") for n in ("boris", "vera"))
    assert shop.rows("SELECT DISTINCT qualify_by FROM referral") == [("2025-08-02",)]
    boris.spend_money("b1", "2500", at="2025-08-02 23:00", now="2025-08-02 23:00")
    vera.spend_money("v1", "2500", at="2025-08-03 01:00", now="2025-08-03 01:00")

    clock(shop, "2025-08-20 00:00")

    assert state(boris)[0] == "rewarded"
    assert state(vera) == ("expired", 0, 0, "too_late")


def test_the_eleventh_friend_in_thirty_days_brings_nothing_and_says_why(shop: Shop) -> None:
    ana = shop.join("ana")
    days = [f"2025-06-0{3 + n // 4} 10:00" for n in range(11)]  # eleven on one day would be odd
    friends = [friend_of(ana, f"friend{n}", day) for n, day in enumerate(days)]
    for n, friend in enumerate(friends):
        friend.spend_money(f"f{n}", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")

    clock(shop, "2025-06-24 00:00")

    last = [state(friend) for friend in friends]
    assert last.count(("rewarded", 300, 200, None)) == 10
    assert last.count(("qualified", 0, 200, "cap")) == 1
    assert (points(ana), sum(points(friend) for friend in friends)) == (3_000, 2_200)


def test_the_cap_looks_back_thirty_local_dates(shop: Shop) -> None:
    offer(shop, ReferralTerms(**{**terms_as_dict(TERMS), "cap": 1}))
    ana = shop.join("ana")
    first = friend_of(ana, "first", "2025-06-01 12:30")
    second = friend_of(ana, "second", "2025-06-01 12:30")
    third = friend_of(ana, "third", "2025-06-01 12:30")
    for who, day in ((first, "02"), (second, "30")):
        who.spend_money(who.name, "2500", at=f"2025-06-{day} 12:00", now=f"2025-06-{day} 12:00")
    third.spend_money("third", "2500", at="2025-07-02 12:00", now="2025-07-02 12:00")

    clock(shop, "2025-07-20 00:00")

    assert [state(x)[1] for x in (first, second, third)] == [300, 0, 300]


def terms_as_dict(terms: ReferralTerms) -> dict[str, object]:
    return {name: getattr(terms, name) for name in ReferralTerms.__dataclass_fields__}


def test_a_second_level_gives_a_tenth_to_who_invited_ana(shop: Shop) -> None:
    offer(shop, ReferralTerms(**{**terms_as_dict(TERMS), "second_percent": 10}))
    olga = shop.join("olga")
    ana = friend_of(olga, "ana", "2025-06-02 10:00")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    boris.spend_money("b1", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")

    clock(shop, "2025-06-24 00:00")

    assert (points(olga), points(ana), points(boris)) == (30, 300, 200)


def test_a_return_after_the_reward_takes_it_back_as_a_new_entry(shop: Shop) -> None:
    ana = shop.join("ana")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    boris.spend_money("b1", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")
    clock(shop, "2025-06-24 00:00")
    boris.bring_back("r1", ("GOODS", None, "1", "2500"), of="b1", at="2025-07-01 12:00",
                     now="2025-07-01 12:00")  # fmt: skip

    clock(shop, "2025-07-01 12:00")

    assert state(boris) == ("reversed", 0, 0, "returned")
    assert (points(ana), points(boris)) == (0, 0)
    kinds = shop.rows("SELECT type FROM activity WHERE member_id = ? ORDER BY id", ana.id)
    assert [kind for (kind,) in kinds] == ["friend_joined", "friend_came", "cancellation"]
    sound(shop, "2025-07-02 12:00")


def test_a_correction_of_the_purchase_is_no_return(shop: Shop) -> None:
    ana = shop.join("ana")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    boris.spend_money("b1", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")
    clock(shop, "2025-06-24 00:00")
    boris.spend_money("b2", "2400", names_id="b1", at="2025-06-25 12:00", now="2025-06-25 12:00")

    clock(shop, "2025-06-25 12:00")

    assert state(boris)[0] == "rewarded"


def test_a_share_of_what_friends_buy_comes_purchase_by_purchase(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2025-06-01 12:00", columns={"pending_days": 14})
    offer(shop, ReferralTerms(**{**terms_as_dict(TERMS), "share_percent": 10, "share_days": 30}))
    ana = shop.join("ana")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    boris.spend_money("b1", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")  # 125 points
    boris.spend_money("b2", "1000", at="2025-06-20 12:00", now="2025-06-20 12:00")  # 50

    clock(shop, "2025-06-24 00:00")
    assert points(ana) == 300 + 12
    clock(shop, "2025-07-04 00:00")
    assert points(ana) == 300 + 12 + 5
    boris.spend_money("b3", "9000", at="2025-07-04 12:00", now="2025-07-04 12:00")  # too late
    clock(shop, "2025-09-01 00:00")
    assert points(ana) == 300 + 12 + 5

    boris.bring_back("r2", ("GOODS", None, "1", "1000"), of="b2", at="2025-09-02 12:00",
                     now="2025-09-02 12:00")  # fmt: skip
    clock(shop, "2025-09-02 12:00")
    assert points(ana) == 300 + 12
    sound(shop, "2025-09-03 12:00")


def test_shares_that_were_noted_cost_the_clock_no_statement_each(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2025-06-01 12:00", columns={"pending_days": 14})
    offer(shop, ReferralTerms(**{**terms_as_dict(TERMS), "share_percent": 10, "share_days": 90}))
    boris = friend_of(shop.join("ana"), "boris", "2025-06-03 10:00")
    counts = []
    for n, many in enumerate((2, 8)):
        for each in range(many):
            at = f"2025-06-{10 + n:02} {8 + each:02}:00"
            boris.spend_money(f"b{n}-{each}", "2500", at=at, now=at)
        clock(shop, "2025-07-01 12:00")  # everything so far is noted
        (referral_id,) = shop.rows("SELECT id FROM referral")[0]
        with shop.world("2025-07-01 12:00") as world, asked(engine) as seen:
            settle_referral(world, referral_id)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_budget_is_never_overspent(shop: Shop) -> None:
    offer(shop, ReferralTerms(**{**terms_as_dict(TERMS), "budget": 900}))
    ana = shop.join("ana")
    friends = [friend_of(ana, f"friend{n}", "2025-06-03 10:00") for n in range(3)]
    for n, friend in enumerate(friends):
        friend.spend_money(f"f{n}", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")

    clock(shop, "2025-06-24 00:00")

    states = [state(friend) for friend in friends]
    assert states.count(("rewarded", 300, 200, None)) == 1
    assert states.count(("qualified", 0, 0, "budget")) == 2


@pytest.mark.parametrize("case", ["own", "already", "late", "bought", "loop", "unknown", "expired"])
def test_who_is_not_bound(shop: Shop, case: str) -> None:
    ana, vera = shop.join("ana"), shop.join("vera")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    with shop.world("2025-06-03 10:00") as world:
        code = code_for(world, {"loop": boris, "own": boris}.get(case, vera).id)
    friend, at = boris, "2025-06-03 11:00"
    if case in ("late", "bought", "unknown", "expired"):
        friend = shop.join("gleb")
    if case == "late":
        at = "2025-06-10 11:00"
    if case == "bought":
        friend.spend_money("g1", "10", at=at, now=at)
    if case == "loop":
        friend = ana
    opened = shop.when(at) - timedelta(days=31) if case == "expired" else None
    with shop.world(at) as world:
        told = Invitation("NOBODY99" if case == "unknown" else code, opened_at=opened)
        found = bind_friend(world, friend.id, told)

    assert found == {"bought": "late"}.get(case, case)
    assert len(shop.rows("SELECT id FROM referral")) == 1


def test_terms_out_of_bounds_are_refused(shop: Shop) -> None:
    for name, value in (("minimum", 0), ("cap", 0), ("link_days", 91), ("budget", 0),
                        ("bind", "any"), ("second_percent", 51)):  # fmt: skip
        with shop.world() as world, pytest.raises(InvalidSetting) as refused:
            publish_terms(world, ReferralTerms(**{**terms_as_dict(TERMS), name: value}))
        assert refused.value.values["field"] == name


def test_later_terms_change_nothing_for_who_was_invited_before(shop: Shop) -> None:
    ana = shop.join("ana")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    offer(shop, ReferralTerms(**{**terms_as_dict(TERMS), "referrer_points": 1}), "2025-06-04 10:00")
    boris.spend_money("b1", "2500", at="2025-06-10 12:00", now="2025-06-10 12:00")

    clock(shop, "2025-06-24 00:00")

    assert state(boris) == ("rewarded", 300, 200, None)
    with shop.world() as world:
        assert Store(world.connection).first("SELECT COUNT(*) FROM referral_terms")[0] == 2


def test_without_a_hold_a_purchase_counts_when_it_is_made(shop: Shop) -> None:
    offer(shop, ReferralTerms(**{**terms_as_dict(TERMS), "hold_days": 0}))
    ana = shop.join("ana")
    boris = friend_of(ana, "boris", "2025-06-03 10:00")
    boris.spend_money("b1", "2000", at="2025-06-03 11:00", now="2025-06-03 11:00")

    clock(shop, "2025-06-03 11:00")

    assert state(boris) == ("rewarded", 300, 200, None), "exactly the minimum is enough"
    at = shop.rows("SELECT qualified_at FROM referral")[0][0]
    assert at == int(shop.when("2025-06-03 11:00").timestamp() * 1_000_000)


def test_a_late_receipt_under_wider_terms_takes_nobodys_place(shop: Shop) -> None:
    """An offline till tells of a day before the one that filled the narrower cap."""
    offer(shop, replace(TERMS, cap=1, cap_days=30), "2025-06-01 12:00")
    anna = shop.join("anna")
    first = friend_of(anna, "first", "2025-06-01 12:00")
    first.spend_money("f1", "2500", at="2025-06-01 13:00", now="2025-06-01 13:00")
    offer(shop, replace(TERMS, cap=5, cap_days=30, hold_days=0), "2025-06-03 10:00")
    second = friend_of(anna, "second", "2025-06-05 10:00")
    clock(shop, "2025-06-15 09:00")

    second.spend_money("s1", "2500", at="2025-06-06 10:00", now="2025-06-20 10:00")
    clock(shop, "2025-06-20 11:00")

    paid = "SELECT state, referrer_points FROM referral ORDER BY id"
    assert shop.rows(paid) == [("rewarded", 300), ("rewarded", 300)]
    with shop.world("2025-06-20 12:00") as world:
        assert run_audit(world, full=True).is_clean
