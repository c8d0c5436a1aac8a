"""A farm signs up by script beside honest pairs: the farm earns nothing, nobody else pays for it.

Six ways of cheating: spellings of one phone, plus addresses, dots of one mailbox, rings, the
smallest baskets that go back once paid for, and a cashier who rings all of it up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands.suspicions import decide_held, note_trace
from gamification.readmodels.referral_reviews import held_count, review_groups
from gamification.refusals import AlreadyTaken
from tests.inviting import bind, come, earned, fired, let_clock_work, move_to, offer, state_of
from tests.shop import Person, Shop

FIRST_DAY = "2026-03-02 09:00"
DAYS = 20
CASHIER_DAY = 22
LAST_CLOCK, AFTERWARDS = 40, 41
HOME = ("network", "198.51.100.0")
SPELLINGS = (
    "+7 9{0}", "8 9{0}", "8-9{0}", "+79{0}", "8 (9{1}) {2}", "+7 (9{1}) {2}", "7 9{0}",
)  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """How many sign-ups each code of a way gets, and how many honest pairs there are."""

    codes: dict[str, list[int]]
    pairs: int

    @property
    def sign_ups(self) -> int:
        return sum(sum(sizes) for sizes in self.codes.values())


SMALL = Scale(
    {"phones": [4], "plus": [4], "dots": [4], "rings": [5], "baskets": [5], "cashier": [8]}, 20
)
WHOLE = Scale(
    {"phones": [15] * 4, "plus": [15] * 4, "dots": [15] * 3, "rings": [15] * 3,
     "baskets": [15] * 3, "cashier": [15] * 3}, 100,
)  # fmt: skip


@dataclass
class Town:
    """Everybody's plans by the minute, and who turned out to exist."""

    shop: Shop
    chance: Random = field(default_factory=lambda: Random(20260302))
    plans: list[tuple[int, int, Callable[[str], None]]] = field(default_factory=list)
    farm: list[Person] = field(default_factory=list)
    invited_farm: list[Person] = field(default_factory=list)
    pairs: list[tuple[Person, Person]] = field(default_factory=list)
    attempts: int = 0
    refused: int = 0

    def on(self, day: int, plan: Callable[[str], None], minute: int | None = None) -> None:
        """Plan something for a day, at a minute of its opening hours."""
        at = self.chance.randrange(60, 700) if minute is None else minute
        self.plans.append((day, at, plan))

    def live(self) -> None:
        """Let everything happen in its order; the clock works every evening."""
        for day in range(LAST_CLOCK + 1):
            while todays := [plan for plan in self.plans if plan[0] == day]:
                first = min(todays, key=lambda plan: plan[1])
                self.plans.remove(first)
                first[2](self.at(day, first[1]))
            let_clock_work(self.shop, self.at(day, 750))

    def at(self, day: int, minute: int = 0) -> str:
        moment = self.shop.when(FIRST_DAY) + timedelta(days=day, minutes=minute)
        return f"{moment:%Y-%m-%d %H:%M}"


# The farm.


def sign_up(town: Town, referrer: Person, at: str, **who: object) -> Person | None:
    """One scripted sign-up by a code; None where the entrance refuses it."""
    town.attempts += 1
    try:
        person = come(town.shop, f"farm{town.attempts}", at=at, **who)  # type: ignore[arg-type]
    except AlreadyTaken:
        town.refused += 1
        return None
    town.farm.append(person)
    if bind(referrer, person, at=at) in ("bound", "blocked"):
        town.invited_farm.append(person)
    return person


def shop_for(person: Person, at: str, money: int, operator: str, store: str = "south") -> None:
    receipt = f"{person.name}:{at}"
    person.spend_money(receipt, str(money), at=at, now=at, operator=operator, store=store)


def look_in(person: Person, at: str, trace: tuple[str, str]) -> None:
    """Somebody opens their page, at home as always."""
    with person.shop.world(at) as world:
        note_trace(world, person.id, *trace)


def plan_phones(town: Town, owner: Person, number: int, size: int) -> None:
    """The owner's former number in every spelling; each account moves on and frees it."""
    rest = f"{100_000_000 + number:09d}"
    spellings = [text.format(rest, rest[:2], rest[2:]) for text in SPELLINGS]
    move_to(owner, "phone", f"+79{rest}", at=town.at(0))
    move_to(owner, "phone", f"+798{number:08d}", at=town.at(0, 1))
    last: list[Person] = []

    def one(n: int, at: str) -> None:
        found = sign_up(town, owner, at, phone=spellings[n % len(spellings)])
        if found is not None:
            last.append(found)
        if last and n % 3 != 1:  # some stay, and the next spelling is refused at the door
            move_to(last.pop(), "phone", f"+797{number * 100 + n:08d}", at=at)

    for n in range(size):
        town.on(1 + n % DAYS, lambda at, n=n: one(n, at))  # type: ignore[misc]


def plan_addresses(town: Town, owner: Person, size: int, spell: Callable[[int], str]) -> None:
    """One mailbox written in many ways; each account buys at once."""

    def one(n: int, at: str) -> None:
        person = sign_up(town, owner, at, email=spell(n))
        if person is not None:
            shop_for(person, at, 600, "zoya")

    for n in range(size):
        town.on(1 + n % DAYS, lambda at, n=n: one(n, at))  # type: ignore[misc]


def dotted(box: str, n: int) -> str:
    """The n-th way to write a mailbox with dots."""
    dots = ["." if n + 1 >> place & 1 else "" for place in range(len(box) - 1)]
    name = "".join(letter + dot for letter, dot in zip(box, [*dots, ""], strict=True))
    return f"{name}@{('gmail.com', 'googlemail.com')[n % 2]}"


def plan_rings(town: Town, owner: Person, number: int, size: int) -> None:
    """Somebody fresh in between, or two, and then the owner again under another address."""
    lengths = [2] * ((size - 3) // 2) + [3] if size % 2 else [2] * (size // 2)
    for n, length in enumerate(lengths):

        def one(at: str, n: int = n, length: int = length) -> None:
            above = owner
            for step in range(length):
                last = step == length - 1
                email = f"ring{number}+{n}@mail.ru" if last else f"hop{number}-{n}-{step}@mail.ru"
                found = sign_up(town, above, at, email=email)
                assert found is not None
                shop_for(found, at, 700, "zoya")
                above = found

        town.on(1 + n * 2, one)


def plan_baskets(town: Town, owner: Person, number: int, size: int) -> None:
    """Fresh mailboxes from one network; the smallest basket, brought back when it has paid."""
    for n in range(size):

        def one(at: str, n: int = n) -> None:
            email = f"basket{number}-{n}@mail.ru"
            look_in(owner, at, ("network", f"n{number}"))
            person = sign_up(town, owner, at, email=email, traces=[("network", f"n{number}")])
            assert person is not None
            shop_for(person, at, 500 + n % 20, "zoya")
            if n % 2:
                town.on(18 + n // 3, lambda late: give_back(person, at, 500 + n % 20, late))

        town.on(1 + n // 3, one)


def give_back(person: Person, bought: str, money: int, at: str) -> None:
    goods = ("GOODS", None, "1", str(money))
    person.bring_back(f"r:{person.name}", goods, of=f"{person.name}:{bought}", at=at, now=at)


def plan_cashier(town: Town, owner: Person, number: int, size: int) -> None:
    """Fresh mailboxes and fair baskets, all rung up by one cashier on one day."""
    for n in range(size):

        def one(at: str, n: int = n) -> None:
            person = sign_up(town, owner, at, email=f"till{number}-{n}@mail.ru")
            assert person is not None
            town.on(CASHIER_DAY, lambda day: shop_for(person, day, 650 + 20 * n, "olga"))

        town.on(1 + n // 2, one)


def plan_farm(town: Town, scale: Scale) -> None:
    number = 0
    for way, sizes in scale.codes.items():
        for size in sizes:
            number += 1
            box = f"farmer{chr(96 + number)}"
            own = {
                "plus": f"plus{number}@mail.ru",
                "dots": f"{box}@gmail.com",
                "rings": f"ring{number}@mail.ru",
            }
            email = own.get(way, f"owner{number}@mail.ru")
            home = [("network", f"n{number}")] if way == "baskets" else []
            owner = come(town.shop, f"owner{number}", at=town.at(0), email=email, traces=home)
            town.farm.append(owner)
            plan_way(town, way, owner, number, size, box)


def plan_way(town: Town, way: str, owner: Person, number: int, size: int, box: str) -> None:
    if way == "phones":
        plan_phones(town, owner, number, size)
    elif way == "plus":
        plan_addresses(town, owner, size, lambda n: f"Plus{number}+{n}@mail.ru")
    elif way == "dots":
        plan_addresses(town, owner, size, lambda n: dotted(box, n))
    elif way == "rings":
        plan_rings(town, owner, number, size)
    elif way == "baskets":
        plan_baskets(town, owner, number, size)
    else:
        plan_cashier(town, owner, number, size)


# The honest.


def plan_pair(town: Town, referrer: Person, name: str, day: int, **how: object) -> None:
    """A friend joins on a day and buys within the week, alone."""
    traces = how.get("traces", ())

    def join(at: str) -> None:
        phone = f"+7916{len(town.pairs):07d}"
        if traces:
            look_in(referrer, at, HOME)
        friend = come(town.shop, name, at=at, email=f"{name}@mail.ru", phone=phone,
                      traces=traces)  # type: ignore[arg-type]  # fmt: skip
        assert bind(referrer, friend, at=at) == "bound"
        town.pairs.append((referrer, friend))
        later = int(how.get("buys", day + town.chance.randrange(1, 7)))  # type: ignore[call-overload]
        money = town.chance.randrange(530, 4_000)
        operator = str(how.get("operator") or town.chance.choice(("ira", "vera", "petr", "egor")))
        town.on(later, lambda at: buy_beside(town, referrer, friend, money, operator, how, at))

    town.on(day, join)


def buy_beside(
    town: Town, referrer: Person, friend: Person, money: int, operator: str,
    how: dict[str, object], at: str,
) -> None:  # fmt: skip
    """The friend buys; some go shopping together, some bring it back and buy again."""
    shop_for(friend, at, money, operator, "north")
    if how.get("together"):
        shop_for(referrer, at, 300, operator, "north")
    if how.get("again"):
        goods = ("GOODS", None, "1", str(money))
        friend.bring_back(f"r:{friend.name}", goods, of=f"{friend.name}:{at}", at=at, now=at)
        day = int(how["again"])  # type: ignore[call-overload]
        town.on(day, lambda late: shop_for(friend, late, money, operator, "north"))


def plan_household(town: Town, size: int) -> None:
    """Three people of one home invite everybody else in it; some share a tablet or a trolley."""
    tablet = ("device", "tablet")
    hosts = [
        come(town.shop, name, at=town.at(0), email=f"{name}@mail.ru", traces=[HOME, tablet])
        for name in ("mother", "father", "grandmother")
    ]
    for n in range(size):
        how: dict[str, object] = {"traces": [HOME, tablet] if n < 2 else [HOME]}
        how["together"] = n in (2, 3)
        plan_pair(town, hosts[n % 3], f"relative{n}", 1 + n, **how)


def plan_honest(town: Town, pairs: int, household: int) -> None:
    plan_household(town, household)
    for n in range(pairs - household):
        # Dots tell two mailboxes of mail.ru apart: these are two people.
        name, other = f"anna.b{n}", f"annab{n}"
        referrer = come(town.shop, name, at=town.at(0), email=f"{name}@mail.ru")
        how: dict[str, object] = {"again": 23 + n // 40 if n % 20 == 3 else None}
        if n == 0:
            how |= {"operator": "olga", "buys": CASHIER_DAY}
        plan_pair(town, referrer, other, 1 + n % DAYS, **how)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at=FIRST_DAY, tiers=(), columns={"pending_days": 14})
    offer(found)
    return found


SCALES = [
    pytest.param(SMALL, 6, id="small"),
    pytest.param(WHOLE, 12, id="whole", marks=pytest.mark.heavy),
]


@pytest.mark.parametrize(("scale", "household"), SCALES)
def test_a_farm_earns_nothing_and_nobody_honest_pays_for_it(
    shop: Shop, scale: Scale, household: int
) -> None:
    town = Town(shop)
    plan_farm(town, scale)
    plan_honest(town, scale.pairs, household)

    town.live()

    assert (town.attempts, len(town.pairs)) == (scale.sign_ups, scale.pairs)
    assert town.refused > 0, "a spelling of a phone that is in use is refused at the door"
    assert [one.name for one in town.farm if earned(one)] == []
    friends = [friend for _, friend in town.pairs]
    ends = [state_of(friend)[0] for friend in friends]
    assert set(ends) == {"rewarded", "in_review"}
    held = {one.name: fired(one) for one in friends if state_of(one)[0] == "in_review"}
    assert len(held) <= 5, held
    clicks = settle_queue(town)
    assert clicks < 20
    let_clock_work(shop, town.at(AFTERWARDS))
    assert [one.name for one in town.farm if earned(one)] == []
    assert {state_of(friend) for friend in friends} == {("rewarded", None)}
    assert all(earned(friend) == 200 for friend in friends)
    assert not {state_of(one)[0] for one in town.invited_farm} & {"rewarded", "qualified"}
    with shop.world(town.at(AFTERWARDS)) as world:
        assert held_count(world) == 0
        assert run_audit(world, full=True).is_clean


def settle_queue(town: Town) -> int:
    """Somebody in the shop decides group by group, by who invites; answers how many clicks."""
    farmers = {person.id for person in town.farm}
    at = town.at(LAST_CLOCK, 760)
    with town.shop.world(at) as world:
        groups = review_groups(world)
    for group in groups:
        cases: Sequence[int] = [case.referral_id for case in group.cases]
        verdict = "reject" if group.referrer_id in farmers else "pay"
        with town.shop.world(at) as world:
            decided = decide_held(world, cases, verdict=verdict, actor="owner", why="looked at it")
        assert decided == len(cases)
    return len(groups)
