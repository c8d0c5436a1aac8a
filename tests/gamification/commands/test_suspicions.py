"""Rules on real rows: what makes each fire, what a person decides, and what falls silent."""

import pytest
import sqlalchemy as sa

from gamification.commands.members_intake import MemberEntry, take_members
from gamification.commands.suspicions import (
    RULES,
    decide_held,
    expire_flags,
    note_trace,
    rules_now,
    set_rule,
)
from gamification.readmodels.referral_reviews import held_count, review_groups
from gamification.refusals import InvalidSetting
from tests.counting import asked
from tests.inviting import (
    bind,
    come,
    earned,
    fired,
    invitation_of,
    let_clock_work,
    move_to,
    offer,
    state_of,
)
from tests.odd_invitations import BOUGHT, LATER, buy, invite, settled
from tests.shop import Person, Shop


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at="2026-03-02 12:00", tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


ENDS = {"block": "blocked", "hold": "in_review", "flag": "rewarded"}
PASSED_OVER = "excluded_goods"


@pytest.mark.parametrize("code", RULES)
def test_a_rule_fires_and_does_what_it_is_to(shop: Shop, code: str) -> None:
    friends = settled(shop, code, odd=True)

    assert all(code in fired(friend) for friend in friends)
    last = friends[-1]
    assert fired(last)[code] == RULES[code].action
    ends = "registered" if code == PASSED_OVER else ENDS[RULES[code].action]
    assert state_of(last)[0] == ends
    assert (earned(last) > 0) == (RULES[code].action == "flag")


@pytest.mark.parametrize("code", RULES)
def test_what_is_nearly_odd_is_paid(shop: Shop, code: str) -> None:
    friends = settled(shop, code, odd=False)

    assert [(fired(friend), state_of(friend)) for friend in friends] == [
        ({}, ("rewarded", None)) for _ in friends
    ]


@pytest.mark.parametrize("code", RULES)
def test_a_rule_that_is_off_sees_nothing(shop: Shop, code: str) -> None:
    with shop.world() as world:
        set_rule(world, code, action="off")

    friends = settled(shop, code, odd=True)

    assert [friend.name for friend in friends if code in fired(friend)] == []


def test_who_stands_in_a_ring_without_closing_it_waits_for_a_person(shop: Shop) -> None:
    boris, vera, last = settled(shop, "ring", odd=True)

    assert [state_of(one) for one in (boris, vera, last)] == [
        ("in_review", "in_review"),
        ("in_review", "in_review"),
        ("blocked", "not_new"),
    ]
    assert fired(last) == {"ring": "block", "not_new": "block"}
    assert fired(boris) == {"ring": "hold"}


def test_a_flag_of_a_household_beside_another_flag_waits(shop: Shop) -> None:
    home = [("network", "192.0.2.0")]
    ana = come(shop, "ana", email="ana@mail.ru", traces=home)
    friends = [come(shop, name, email=f"{name}@mail.ru", traces=home) for name in "abc"]
    for friend in friends:
        bind(ana, friend)
        buy(friend, "510")

    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert {state_of(friend)[0] for friend in friends} == {"in_review"}
    assert fired(friends[0]) == {"same_network": "flag", "near_minimum": "flag"}


def test_a_person_lets_it_pass_and_it_is_paid_once(shop: Shop) -> None:
    friends = settled(shop, "burst", odd=True)
    held = [invitation_of(friend) for friend in friends]

    with shop.world(LATER) as world:
        assert held_count(world) == 6
        (group,) = review_groups(world)
        assert (group.referrer_name, group.rule) == ("ana", "burst")
        assert {one.referral_id for one in group.cases} == set(held)
        first = group.cases[0]
        assert (first.friend_name, str(first.joined_on), first.bought_minor, first.evidence) == (
            "a", "2026-03-02", 90_000, {"day": 6, "week": 6},
        )  # fmt: skip
        assert decide_held(world, held[:4], verdict="pay", actor="owner", why="a birthday") == 4
        assert decide_held(world, held[4:], verdict="reject", actor="owner") == 2
    let_clock_work(shop, LATER)
    with shop.world(LATER) as world:
        assert decide_held(world, held, verdict="pay", actor="owner") == 0
        assert (held_count(world), review_groups(world)) == (0, ())
    let_clock_work(shop, "2026-03-21 00:00")

    assert [state_of(friend) for friend in friends] == [
        *[("rewarded", None)] * 4,
        *[("blocked", "rejected")] * 2,
    ]
    assert [earned(friend) for friend in friends] == [200, 200, 200, 200, 0, 0]
    kept = shop.rows("SELECT DISTINCT state, decided_by, why FROM referral_signal ORDER BY state")
    assert kept == [("confirmed", "owner", ""), ("dismissed", "owner", "a birthday")]


def test_a_verdict_that_is_none_is_refused(shop: Shop) -> None:
    with shop.world() as world, pytest.raises(InvalidSetting):
        decide_held(world, [1], verdict="perhaps", actor="owner")


def test_a_welcome_gift_waits_where_something_looks_odd(shop: Shop) -> None:
    offer(shop, welcome_points=50)
    friends = settled(shop, "same_device", odd=True)
    assert earned(friends[0]) == 0

    with shop.world(LATER) as world:
        decide_held(world, [invitation_of(friends[0])], verdict="pay", actor="owner")
    let_clock_work(shop, LATER)

    assert earned(friends[0]) == 250


def test_flags_that_nobody_answers_go_after_thirty_days(shop: Shop) -> None:
    test_a_flag_of_a_household_beside_another_flag_waits(shop)

    with shop.world("2026-04-01 11:59") as world:
        assert expire_flags(world) == 0
    with shop.world("2026-04-01 12:00") as world:
        assert expire_flags(world) == 3
    let_clock_work(shop, "2026-04-01 12:01")

    assert set(shop.rows("SELECT state, reason FROM referral")) == {("rewarded", None)}


@pytest.mark.parametrize(
    ("code", "change", "field"),
    [
        ("nobody", {}, "code"),
        ("same_network", {"action": "hold"}, "action"),
        ("burst", {"action": "perhaps"}, "action"),
        ("burst", {"settings": {"day": 0}}, "day"),
        ("burst", {"settings": {"day": True}}, "day"),
        ("burst", {"settings": {"minutes": 5}}, "minutes"),
        ("ring", {"settings": {"steps": 5}}, "steps"),
    ],
)
def test_what_a_rule_cannot_be_is_refused(
    shop: Shop, code: str, change: dict[str, object], field: str
) -> None:
    with shop.world() as world, pytest.raises(InvalidSetting) as refused:
        set_rule(world, code, **change)  # type: ignore[arg-type]

    assert refused.value.values["field"] == field
    assert shop.rows("SELECT code FROM referral_rule") == []


def test_a_rule_keeps_what_was_not_said(shop: Shop) -> None:
    with shop.world() as world:
        set_rule(world, "burst", settings={"day": 9})
        set_rule(world, "burst", action="flag")

    with shop.world() as world:
        (now,) = [rule for rule in rules_now(world) if rule.code == "burst"]

    assert (now.action, now.settings) == ("flag", {"day": 9, "week": 20})
    assert (now.fired_at, now.silent) == (None, False)


def test_a_rule_that_falls_silent_among_many_friends_is_told(shop: Shop) -> None:
    with shop.world() as world:
        set_rule(world, "ring", action="off")
    for n in range(25):
        host = come(shop, f"host{n}", email=f"host{n}@mail.ru")
        tablet = [("device", "tablet")] if n == 0 else []
        guest = come(shop, f"guest{n}", email=f"guest{n}@mail.ru", traces=tablet)
        other = come(shop, f"other{n}", email=f"other{n}@mail.ru")
        if tablet:
            with shop.world() as world:
                note_trace(world, host.id, "device", "tablet")
        bind(host, guest)
        if n < 24:
            bind(host, other)
    with shop.world() as world:
        assert {rule.code for rule in rules_now(world) if rule.silent} == set()
    bind(host, other)

    with shop.world() as world:
        found = {rule.code: rule for rule in rules_now(world)}

    assert {code for code, rule in found.items() if not rule.silent} == {"ring", "same_device"}
    assert found["same_device"].fired_at == shop.when()


def test_a_file_of_members_leaves_traces_too(shop: Shop) -> None:
    entry = MemberEntry("crm-1", "Vera", phone="+79120000001", email="ve.ra@gmail.com",
                        cards=("C-1",))  # fmt: skip
    with shop.world() as world:
        take_members(world, [(1, entry)])
    vera = shop.rows("SELECT id FROM member WHERE external_id = 'crm-1'")[0][0]
    move_to(Person(shop, vera, "vera"), "phone", "+79120000009")

    kinds = shop.rows("SELECT kind FROM member_trace WHERE member_id = ? ORDER BY kind", vera)

    assert [kind for (kind,) in kinds] == ["card", "email", "phone", "phone"]


def test_judging_costs_as_many_statements_for_many_friends_as_for_one(shop: Shop) -> None:
    counts = []
    ana = come(shop, "ana", email="ana@mail.ru")
    for names in ("a", "bc"):
        invite(ana, *names)
        newcomer = come(shop, f"new{names}", email=f"new{names}@mail.ru")
        with asked(shop.engine) as seen:
            bind(ana, newcomer)
        counts.append(sum("member_trace" in sql or "referral" in sql for sql in seen))

    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_nothing_comes_by_a_second_account_that_was_blocked(shop: Shop) -> None:
    offer(shop, second_percent=10)
    ana = come(shop, "ana", email="ana@mail.ru")
    alter, dima = come(shop, "alter", email="ana+2@mail.ru"), come(shop, "dima", email="d@mail.ru")
    assert bind(ana, alter) == "blocked"
    bind(alter, dima)
    buy(dima)

    let_clock_work(shop, LATER)

    assert (earned(alter), earned(ana)) == (300, 0)
