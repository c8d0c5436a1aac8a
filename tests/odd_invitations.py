"""A case for each rule against cheating: lived through, odd or nearly so."""

from collections.abc import Callable

from gamification.commands.referral_clock import Worker
from gamification.commands.suspicions import set_rule
from tests.inviting import bind, come, let_clock_work, move_to
from tests.shop import Person, Shop

BOUGHT, LATER = "2026-03-04 12:00", "2026-03-20 00:00"
STAFF = (Worker("cook@noon.ru", "Pavel"), Worker("bos.s@gmail.com", "Olga"))
CASES: dict[str, Callable[[Shop, bool], list[Person]]] = {}


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
