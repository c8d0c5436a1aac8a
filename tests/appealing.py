"""Verbs for stories about stopped invitations: friends are held, Ana objects, people decide."""

from collections.abc import Sequence

from gamification.audit.run import run_audit
from gamification.commands.appeals import appeal
from gamification.commands.decisions import decide_held, undo_decisions
from gamification.commands.suspicions import note_trace
from tests.inviting import bind, come, invitation_of, let_clock_work, state_of
from tests.shop import Person, Shop

JOINED, BOUGHT, KEPT, LATER = (
    "2026-03-02 12:00", "2026-03-04 12:00", "2026-03-20 00:00", "2026-03-21 10:00",
)  # fmt: skip


def buy(friend: Person, money: str = "900", at: str = BOUGHT) -> None:
    friend.spend_money(f"{friend.name}:{at}", money, at=at, now=at)


def ana_of(shop: Shop) -> Person:
    return come(shop, "ana", email="ana@mail.ru")


def held(shop: Shop, ana: Person, *names: str) -> list[Person]:
    """Friends whose browser is Ana's: each waits for a person."""
    friends = []
    for name in names:
        friend = come(shop, name, email=f"{name}@mail.ru", traces=[("device", "tablet")])
        friends.append(friend)
    with shop.world() as world:
        note_trace(world, ana.id, "device", "tablet")
    for friend in friends:
        bind(ana, friend)
        buy(friend)
    let_clock_work(shop, BOUGHT)
    let_clock_work(shop, KEPT)
    assert {state_of(one) for one in friends} == {("in_review", "in_review")}
    return friends


def blocked(shop: Shop, ana: Person) -> Person:
    """A friend with Ana's own mailbox."""
    friend = come(shop, "boris", email="ana+2@mail.ru")
    assert bind(ana, friend) == "blocked"
    return friend


def say(ana: Person, friend: Person, text: str = "", at: str = KEPT) -> str:
    with ana.shop.world(at) as world:
        return appeal(world, ana.id, invitation_of(friend), text)


def decide(
    friends: Sequence[Person], verdict: str, *, at: str = KEPT, batch: int | None = None,
    told: str | None = None,
) -> int:  # fmt: skip
    with friends[0].shop.world(at) as world:
        cases = [invitation_of(one) for one in friends]
        return decide_held(
            world, cases, verdict=verdict, actor="owner", why="looked", batch=batch, told=told
        )


def undo(shop: Shop, *, at: str = LATER, batch: int | None = None) -> int:
    with shop.world(at) as world:
        ids = [row[0] for row in shop.rows("SELECT id FROM referral_decision")]
        return undo_decisions(world, () if batch else ids, batch=batch, actor="vera", why="oops")


def told(person: Person) -> list[str]:
    """Kinds of messages in the inbox, the oldest first."""
    sql = "SELECT kind FROM notice WHERE member_id = ? AND channel = 'inbox' ORDER BY id"
    return [kind for (kind,) in person.shop.rows(sql, person.id) if kind != "medal"]


def appeals(shop: Shop) -> list[tuple[object, ...]]:
    return shop.rows("SELECT text, state, reason FROM referral_appeal ORDER BY referral_id")


def sound(shop: Shop, at: str = LATER) -> None:
    with shop.world(at) as world:
        found = run_audit(world, full=True)
    assert found.is_clean, found
