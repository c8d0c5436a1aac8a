"""Verbs for stories about invitations: people with contacts come, buy, and the clock works."""

from collections.abc import Iterable
from typing import Any

from gamification.commands.contacts import set_contact
from gamification.commands.member import join_member
from gamification.commands.referral_clock import Worker, settle_referrals
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    publish_terms,
)
from gamification.commands.suspicions import note_trace
from tests.shop import Person, Shop

MOST_STEPS = 5_000


def offer(shop: Shop, **changed: Any) -> None:
    """300 for who invites, 200 for who comes, for a basket of 500 kept for 14 days."""
    plan: dict[str, Any] = {"referrer_points": 300, "friend_points": 200, "minimum": 50_000}
    with shop.world() as world:
        publish_terms(world, ReferralTerms(**(plan | changed)))


def come(
    shop: Shop, name: str, *, at: str | None = None, phone: str | None = None,
    email: str | None = None, traces: Iterable[tuple[str, str]] = (),
) -> Person:  # fmt: skip
    """Somebody joins, as they do at the entrance."""
    with shop.world(at) as world:
        member = join_member(world, name=name, phone=phone, email=email)
        assert member.id is not None
        for kind, value in traces:
            note_trace(world, member.id, kind, value)
        return Person(shop, member.id, name)


def bind(
    referrer: Person, friend: Person, *, at: str | None = None, paid_search: bool = False
) -> str:
    """The friend came by the referrer's code."""
    with referrer.shop.world(at) as world:
        code = code_for(world, referrer.id)
    with referrer.shop.world(at) as world:
        return bind_friend(world, friend.id, Invitation(code, paid_search=paid_search))


def move_to(person: Person, kind: str, contact: str, *, at: str | None = None) -> None:
    """The person proves another phone or e-mail."""
    with person.shop.world(at) as world:
        set_contact(world, person.id, kind=kind, contact=contact)


def let_clock_work(shop: Shop, at: str, staff: Iterable[Worker] = ()) -> int:
    """Let the clock work at a moment until nothing is due; answers how many steps."""
    for steps in range(MOST_STEPS):
        with shop.world(at) as world:
            if not settle_referrals(world, lambda _world: tuple(staff)):
                return steps
    raise AssertionError("the clock finds no end")


def state_of(friend: Person) -> tuple[str, str | None]:
    """State and reason of the invitation by which somebody came."""
    sql = "SELECT state, reason FROM referral WHERE friend_id = ?"
    return friend.shop.rows(sql, friend.id)[0]  # type: ignore[return-value]


def fired(friend: Person) -> dict[str, str]:
    """Rules that fired on the invitation by which somebody came, and what each does."""
    sql = (
        "SELECT s.rule, s.action FROM referral_signal s JOIN referral r ON r.id = s.referral_id"
        " WHERE r.friend_id = ?"
    )
    return dict(friend.shop.rows(sql, friend.id))  # type: ignore[arg-type]


def invitation_of(friend: Person) -> int:
    """The id of the invitation by which somebody came."""
    return int(friend.shop.rows("SELECT id FROM referral WHERE friend_id = ?", friend.id)[0][0])


def earned(person: Person) -> int:
    """Points that a person has for invitations and has not lost."""
    rows = person.shop.rows(
        "SELECT COALESCE(SUM(points_left), 0) FROM activity WHERE member_id = ?"
        " AND type IN ('friend_came', 'friend_of_friend', 'invited_bonus', 'welcome_gift')",
        person.id,
    )
    return int(rows[0][0])
