"""Who brought whom in the story: two of the main people invite guests who came late."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from gamification.commands.member import ConsentAnswer, find_member
from gamification.commands.preferences import answer_questions
from gamification.commands.referral_clock import settle_referrals
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    note_visits,
    owner_of,
    publish_terms,
)
from gamification.world import World
from webapp.demo.guests import Guest
from webapp.demo.visits import Visit

TERMS = ReferralTerms(referrer_points=300, friend_points=300, minimum=30_000)
FRIENDS = {"champion": 9, "average": 3}
"""How many guests each of them brings, the latest first-comers of the story."""
CHANNELS = ("telegram", "qr", "vk", "link", "whatsapp")
UNOPENED = 3
"""For everyone who joined, so many more only had a look."""


def open_invitations(world: World) -> None:
    """The terms that the café began with."""
    publish_terms(world, TERMS, actor="demo")


def pair_up(guests: Sequence[Guest], visits: Sequence[Visit]) -> dict[str, tuple[Guest, datetime]]:
    """Who was invited by whom, and when their first visit is, by the friend's external id.

    No chance is drawn, so that the rest of the story stays as it is.
    """
    first: dict[str, datetime] = {}
    for visit in visits:
        first.setdefault(visit.guest.external_id, visit.at)
    hosts = [guest for guest in guests if guest.habit.name in FRIENDS]
    plain = [g for g in guests if g not in hosts and g.external_id in first and g.habit.visits[1]]
    latest = sorted(plain, key=lambda guest: first[guest.external_id], reverse=True)
    pairs: dict[str, tuple[Guest, datetime]] = {}
    for host in hosts:
        count = FRIENDS[host.habit.name]
        for friend in latest[:count]:
            pairs[friend.external_id] = (host, first[friend.external_id])
        latest = latest[count:]
    return pairs


def invite(world: World, host: Guest, friend: Guest, number: int) -> None:
    """The friend joins by the host's link; some others only opened it."""
    inviting = find_member(world, external_id=host.external_id)
    invited = find_member(world, external_id=friend.external_id)
    assert inviting is not None and inviting.id is not None, "enrolled with the others"  # noqa: PT018
    assert invited is not None and invited.id is not None, "enrolled with the others"  # noqa: PT018
    code, channel = code_for(world, inviting.id), CHANNELS[number % len(CHANNELS)]
    owner = owner_of(world, code)
    assert owner is not None, "it was drawn a moment ago"
    told = bind_friend(
        world, invited.id, Invitation(code, channel=channel, opened_at=world.now - timedelta(1))
    )
    assert told in ("bound", "blocked"), told
    if number % 2 == 0:  # some let their friends see the name
        for member_id in (inviting.id, invited.id):
            answer_questions(world, member_id, [ConsentAnswer("friends", True, "demo")])
    day: date = world.now.date()
    note_visits(world, [(owner.code_id, day, channel, 1 + UNOPENED)])


def settle_all(world: World) -> None:
    """What the clock would have done about invitations by then."""
    while settle_referrals(world):
        pass
