"""Rules on real rows: what makes each fire, what a person decides, and what falls silent."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from gamification.commands.members_intake import MemberEntry, take_members
from gamification.commands.referral_clock import Worker
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
from tests.shop import Person, Shop

BOUGHT, LATER = "2026-03-04 12:00", "2026-03-20 00:00"
STAFF = (Worker("cook@noon.ru", "Pavel"), Worker("bos.s@gmail.com", "Olga"))
CASES: dict[str, Callable[[Shop, bool], list[Person]]] = {}


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at="2026-03-02 12:00", tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


def case(make: Callable[[Shop, bool], list[Person]]) -> Callable[[Shop, bool], list[Person]]:
    CASES[make.__name__] = make
    return make


def buy(friend: Person, money: str = "900", at: str = BOUGHT, **more: str) -> None:
    friend.spend_money(f"{friend.name}:{at}", money, at=at, now=at, **more)


def invite(referrer: Person, *names: str) -> list[Person]:
    friends = [come(referrer.shop, name, email=f"{name}@mail.ru") for name in names]
    for friend in friends:
        bind(referrer, friend)
    return friends


@case
def same_person(shop: Shop, odd: bool) -> list[Person]:
    ana = come(shop, "ana", email="ana@gmail.com")
    boris = come(shop, "boris", email="a.na+2@googlemail.com" if odd else "boris@gmail.com")
    bind(ana, boris)
    return [boris]


@case
def not_new(shop: Shop, odd: bool) -> list[Person]:
    """A number that somebody had before; whoever gets it afterwards proves nothing."""
    ana, vera = come(shop, "ana", email="ana@mail.ru"), come(shop, "vera", email="vera@mail.ru")
    if odd:
        move_to(vera, "phone", "+79120000001")
        move_to(vera, "phone", "+79120000002")
    boris = come(shop, "boris", phone="+79120000001")
    bind(ana, boris)
    if not odd:
        move_to(boris, "phone", "+79120000003")
        move_to(vera, "phone", "+79120000001", at="2026-03-03 12:00")
    return [boris]


@case
def ring(shop: Shop, odd: bool) -> list[Person]:
    ana = come(shop, "ana", email="ana@mail.ru")
    (boris,) = invite(ana, "boris")
    (vera,) = invite(boris, "vera")
    last = come(shop, "last", email="ana+3@mail.ru" if odd else "last@mail.ru")
    bind(vera, last)
    return [boris, vera, last]


@case
def excluded_goods(shop: Shop, odd: bool) -> list[Person]:
    shop.rule("gift_cards", "exclusion", {"categories": ["gift"]})
    friends = invite(come(shop, "ana", email="ana@mail.ru"), "boris")
    card, coffee = ("CARD", "gift", "1", "601" if odd else "600"), ("CAP", "coffee", "2", "600")
    friends[0].buy("b-1", card, coffee, at=BOUGHT, now=BOUGHT)
    return friends


@case
def staff_referrer(shop: Shop, odd: bool) -> list[Person]:
    return invite(
        come(shop, "olga", email="boss+1@googlemail.com" if odd else "boss@mail.ru"), "boris"
    )


@case
def paid_search(shop: Shop, odd: bool) -> list[Person]:
    ana, boris = (come(shop, name, email=f"{name}@mail.ru") for name in ("ana", "boris"))
    bind(ana, boris, paid_search=odd)
    return [boris]


@case
def idle_friends(shop: Shop, odd: bool) -> list[Person]:
    with shop.world() as world:
        set_rule(world, "idle_friends", settings={"days": 15})
    friends = invite(come(shop, "ana", email="ana@mail.ru"), *"abcde")
    for friend in friends:
        buy(friend, "550")
    if not odd:
        buy(friends[0], "90", at="2026-03-19 12:00")
    return friends


@case
def cashier_pattern(shop: Shop, odd: bool) -> list[Person]:
    friends = []
    for n in range(6):
        friends += invite(come(shop, f"host{n}", email=f"host{n}@mail.ru"), f"guest{n}")
    for n, friend in enumerate(friends):
        buy(friend, operator="olga" if odd or n else "ira")
    return friends


@case
def return_rate(shop: Shop, odd: bool) -> list[Person]:
    friends = invite(come(shop, "ana", email="ana@mail.ru"), *"abcde")
    for n, friend in enumerate(friends):
        buy(friend)
        if n < 1 + odd:
            goods = ("GOODS", None, "1", "900")
            of, at = f"{friend.name}:{BOUGHT}", "2026-03-05 12:00"
            friend.bring_back(f"r{n}", goods, of=of, at=at, now=at)
    return friends[2:]


@case
def burst(shop: Shop, odd: bool) -> list[Person]:
    ana = come(shop, "ana", email="ana@mail.ru")
    return invite(ana, *("abcdef" if odd else "abcde"))


@case
def same_device(shop: Shop, odd: bool) -> list[Person]:
    ana = come(shop, "ana", email="ana@mail.ru", traces=[("device", "tablet")])
    tablet = "tablet" if odd else "another"
    boris = come(shop, "boris", email="boris@mail.ru", traces=[("device", tablet)])
    bind(ana, boris)
    return [boris]


@case
def same_till(shop: Shop, odd: bool) -> list[Person]:
    ana = come(shop, "ana", email="ana@mail.ru")
    friends = invite(ana, "boris")
    buy(friends[0], at="2026-03-04 12:00", store="north")
    buy(ana, at="2026-03-04 12:09", store="north" if odd else "south")
    return friends


@case
def disposable_email(shop: Shop, odd: bool) -> list[Person]:
    ana = come(shop, "ana", email="ana@mail.ru")
    boris = come(shop, "boris", email="boris@yopmail.com" if odd else "boris@yopmail.company")
    bind(ana, boris)
    return [boris]


@case
def near_minimum(shop: Shop, odd: bool) -> list[Person]:
    friends = invite(come(shop, "ana", email="ana@mail.ru"), *"abc")
    for friend in friends:
        buy(friend, "525" if odd else "526")
    return friends


@case
def same_network(shop: Shop, odd: bool) -> list[Person]:
    home = [("network", "192.0.2.0")]
    ana = come(shop, "ana", email="ana@mail.ru", traces=home,
               at="2026-03-01 12:00" if odd else "2026-03-01 11:59")  # fmt: skip
    boris = come(shop, "boris", email="boris@mail.ru", traces=home)
    bind(ana, boris)
    return [boris]


ENDS = {"block": "blocked", "hold": "in_review", "flag": "rewarded"}
PASSED_OVER = "excluded_goods"


def settled(shop: Shop, code: str, odd: bool) -> list[Person]:
    """A rule's case, lived through until everything would have been paid."""
    friends = CASES[code](shop, odd)
    for friend in friends:
        if not shop.rows("SELECT 1 FROM activity WHERE member_id = ? AND type = 'purchase'",
                         friend.id):  # fmt: skip
            buy(friend)
    let_clock_work(shop, BOUGHT, STAFF)
    let_clock_work(shop, LATER, STAFF)
    return friends


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


@pytest.mark.parametrize("also", ["", "email"])
def test_friends_who_pay_with_one_card_wait_for_a_person(shop: Shop, also: str) -> None:
    ana = come(shop, "ana", email="ana@mail.ru")
    boris = come(shop, "boris", email="ana+1@mail.ru" if also else "boris@mail.ru")
    bind(ana, boris)
    buy(ana, "300", payment="fp_1")

    buy(boris, payment="fp_1")
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert fired(boris) == {"same_person": "block" if also else "hold"}
    assert state_of(boris)[0] == ("blocked" if also else "in_review")


def test_cards_that_differ_in_capitals_are_two(shop: Shop) -> None:
    ana = come(shop, "ana", email="ana@mail.ru")
    (boris,) = invite(ana, "boris")
    buy(ana, "300", payment="fp_a")

    buy(boris, payment="fp_A")
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)[0]) == ({}, "rewarded")


def test_after_a_purchase_of_gift_cards_another_one_may_count(shop: Shop) -> None:
    (boris,) = settled(shop, "excluded_goods", odd=True)
    assert state_of(boris) == ("registered", "excluded")

    buy(boris, "900", at="2026-03-21 12:00")
    let_clock_work(shop, "2026-03-21 12:01")
    assert state_of(boris) == ("purchased", None)
    let_clock_work(shop, "2026-04-04 00:00")

    assert state_of(boris) == ("rewarded", None)
    kept = shop.rows("SELECT rule, state, decided_by, evidence FROM referral_signal")
    assert [row[:3] for row in kept] == [("excluded_goods", "confirmed", "engine")]


def test_gift_cards_that_went_back_spoil_nothing(shop: Shop) -> None:
    shop.rule("gift_cards", "exclusion", {"categories": ["gift"]})
    (boris,) = invite(come(shop, "ana", email="ana@mail.ru"), "boris")
    coffee = ("CAP", "coffee", "2", "600")
    boris.buy("b-1", ("CARD", "gift", "1", "900"), coffee, at=BOUGHT, now=BOUGHT)
    later = "2026-03-05 12:00"
    boris.bring_back("r-1", ("CARD", "gift", "1", "900"), of="b-1", at=later, now=later)

    let_clock_work(shop, later)
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)) == ({}, ("rewarded", None))


@pytest.mark.parametrize(("action", "ends"), [("hold", "in_review"), ("flag", "rewarded")])
def test_a_purchase_of_gift_cards_may_count_and_be_looked_at(
    shop: Shop, action: str, ends: str
) -> None:
    with shop.world() as world:
        set_rule(world, "excluded_goods", action=action)

    (boris,) = settled(shop, "excluded_goods", odd=True)

    assert (fired(boris), state_of(boris)[0]) == ({"excluded_goods": action}, ends)


def test_a_worker_who_rings_up_their_friends_is_told(shop: Shop) -> None:
    friends = invite(come(shop, "olga", email="boss@gmail.com"), "boris", "vera")
    for friend, operator in zip(friends, (" OLGA ", "till 2"), strict=True):
        buy(friend, operator=operator)

    let_clock_work(shop, BOUGHT, STAFF)
    let_clock_work(shop, LATER, STAFF)

    with shop.world(LATER) as world:
        (group,) = review_groups(world)
    assert group.rule == "staff_referrer"
    assert sorted(tuple(one.evidence.values()) for one in group.cases) == [
        (False, ""), (True, " OLGA "),
    ]  # fmt: skip


EARLIER = "2026-03-01 12:00"


@pytest.mark.parametrize("told_first", [True, False])
@pytest.mark.parametrize("action", ["block", "hold", "off"])
def test_who_bought_before_joining_is_not_new_whenever_the_receipt_comes(
    shop: Shop, told_first: bool, action: str
) -> None:
    with shop.world() as world:
        set_rule(world, "not_new", action=action)
    ana, boris = (come(shop, name, email=f"{name}@mail.ru") for name in ("ana", "boris"))
    steps = [lambda: bind(ana, boris), lambda: buy_earlier(boris)]
    for step in steps if told_first else reversed(steps):
        step()

    buy(boris)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert fired(boris) == ({} if action == "off" else {"not_new": action})
    ends = {"block": "blocked", "hold": "in_review", "off": "rewarded"}
    assert state_of(boris)[0] == ends[action]


def buy_earlier(person: Person) -> None:
    """A receipt from the day before joining that the till tells now."""
    person.spend_money(f"early:{person.name}", "900", at=EARLIER, now="2026-03-02 12:00")


def test_the_receipt_with_which_the_card_was_given_makes_nobody_old(shop: Shop) -> None:
    ana, boris = (come(shop, name, email=f"{name}@mail.ru") for name in ("ana", "boris"))
    boris.spend_money("b-1", "900", at="2026-03-02 11:58", now="2026-03-02 12:00")

    assert bind(ana, boris, at="2026-03-02 12:00") == "bound"
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)) == ({}, ("rewarded", None))


def test_a_purchase_between_joining_and_the_code_that_came_late_is_seen(shop: Shop) -> None:
    ana, boris = (come(shop, name, email=f"{name}@mail.ru") for name in ("ana", "boris"))
    bind(ana, boris, at="2026-03-04 10:00")
    boris.spend_money("b-1", "900", at="2026-03-03 12:00", now="2026-03-05 12:00")
    buy(boris, at="2026-03-05 13:00")

    let_clock_work(shop, "2026-03-05 14:00")
    let_clock_work(shop, LATER)

    assert (fired(boris), state_of(boris)) == ({"not_new": "block"}, ("blocked", "not_new"))
