"""What members do with their public shelf: open and close it, put medals there, order them.

Nothing is public before the member says yes, and nothing any more once they say no.
Source: experience, C6; decision 0110.
"""

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from gamification.achievements.tables import Shelf
from gamification.commands.member import ConsentAnswer, present_member
from gamification.commands.preferences import answer_questions
from gamification.holding import hold_members
from gamification.members.prompts import needs_parent
from gamification.members.rules import clean_name
from gamification.members.tables import Member
from gamification.refusals import InvalidSetting, MedalNotHeld, ShelfFull, TooYoung
from gamification.store import Store
from gamification.world import World

PURPOSE = "shelf"
MOST_MEDALS = 12
LONGEST_NICKNAME = 30
ADDRESS_BYTES = 12
NAMINGS = ("none", "first", "nick")
HELD = (
    "SELECT a.id FROM achievement a WHERE a.code = ? AND a.state = 'live' AND EXISTS ("
    "SELECT 1 FROM award w WHERE w.achievement_id = a.id AND w.member_id = ?"
    " AND w.status = 'active' AND (? = 'all' OR w.occurrence = ?))"
)
"""A medal that the member holds, also in that category."""


def open_shelf(world: World, member_id: int, answer: ConsentAnswer) -> str:
    """Let whoever has the address see the shelf; answers the address, the same as before.

    Args:
        answer: the yes, with the words that were shown.
    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        TooYoung: a child has no public page.
    """
    assert (answer.purpose, answer.given) == (PURPOSE, True), "a yes to the shelf"
    member = present_member(world, member_id)
    if is_young(world, member):
        raise TooYoung()
    answer_questions(world, member_id, [answer])
    return own_row(world, member_id).address


def is_young(world: World, member: Member) -> bool:
    """Whether the member told a birthday by which they are a child."""
    return member.birthday is not None and needs_parent(member.birthday, world.now.date())


def own_row(world: World, member_id: int) -> Shelf:
    """The member's shelf, made when there was none; it is public only by a yes."""
    shelf = world.session.get(Shelf, member_id)
    if shelf is None:
        shelf = Shelf(
            member_id=member_id, address=new_address(), made_at=world.now, renewed_at=world.now
        )
        world.session.add(shelf)
        world.session.flush()
    return shelf


def new_address() -> str:
    """96 bits by chance: nobody finds a shelf by trying."""
    return secrets.token_urlsafe(ADDRESS_BYTES)


def renew_address(world: World, member_id: int) -> str:
    """Another address; the one before leads nowhere from now on.

    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
    """
    present_member(world, member_id)
    shelf = own_row(world, member_id)
    shelf.address, shelf.renewed_at = new_address(), world.now
    world.session.flush()
    return shelf.address


def sign_shelf(
    world: World,
    member_id: int,
    *,
    naming: str,
    nickname: str,
    tier_shown: bool,
    is_banned: Callable[[str], bool],
) -> None:
    """Say who is named on the shelf, and whether the tier stands there.

    Args:
        naming: `none`, `first` (the first name) or `nick`.
        is_banned: whether a nickname offends, or reads like the shop.
    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        InvalidSetting: `naming` is no such choice, or the nickname is missing, too long or
            banned; `fault` says which: `length` or `banned`.
    """
    present_member(world, member_id)
    called = clean_name(nickname)
    if naming not in NAMINGS:
        raise InvalidSetting(setting="naming", value=naming)
    if len(called) > LONGEST_NICKNAME or (naming == "nick" and not called):
        raise InvalidSetting(setting="nickname", value=nickname, fault="length")
    if called and is_banned(called):
        raise InvalidSetting(setting="nickname", value=nickname, fault="banned")
    shelf = own_row(world, member_id)
    shelf.naming, shelf.nickname, shelf.tier_shown = naming, called, tier_shown
    world.session.flush()


def put_on_shelf(world: World, member_id: int, code: str, subject: str | None = None) -> None:
    """Put a medal at the end of the shelf; a repeat changes nothing.

    Args:
        subject: the category of a medal that has one of each.
    Raises:
        UnknownMember, MemberBlocked: nobody, or nobody who may.
        MedalNotHeld: no such medal, or the member does not hold it.
        ShelfFull: twelve stand there.
    """
    present_member(world, member_id)
    store, period = Store(world.connection), period_of(subject)
    hold_member_row(store, member_id)
    found = store.first(HELD, code, member_id, period, period)
    if found is None:
        raise MedalNotHeld()
    places = places_of(store, member_id)
    if (found[0], period) in [place[:2] for place in places]:
        return
    if len(places) >= MOST_MEDALS:
        raise ShelfFull(most=MOST_MEDALS)
    write_places(store, member_id, [*(place[:2] for place in places), (found[0], period)])


def period_of(subject: str | None) -> str:
    """Which of a medal's categories is meant; `all` of a medal that has none."""
    return "all" if subject is None else f"cat:{subject}"


def hold_member_row(store: Store, member_id: int) -> None:
    """Hold the member until the transaction ends: two presses at once are one after the other."""
    hold_members(store, [member_id])


def take_off_shelf(world: World, member_id: int, code: str, subject: str | None = None) -> bool:
    """Take a medal from the shelf; False where it did not stand there."""
    return change_places(world, member_id, code, subject, lambda places, at: places.pop(at))


def move_on_shelf(
    world: World, member_id: int, code: str, subject: str | None = None, *, up: bool
) -> bool:
    """Move a medal one place; at the end of the shelf it stays. False where it is not there."""

    def swap(places: list[tuple[int, str]], at: int) -> None:
        other = at - 1 if up else at + 1
        if 0 <= other < len(places):
            places[at], places[other] = places[other], places[at]

    return change_places(world, member_id, code, subject, swap)


def change_places(
    world: World,
    member_id: int,
    code: str,
    subject: str | None,
    change: Callable[[list[tuple[int, str]], int], Any],
) -> bool:
    """Find a medal on the shelf, change the order, write it down."""
    present_member(world, member_id)
    store = Store(world.connection)
    hold_member_row(store, member_id)
    found = store.first("SELECT id FROM achievement WHERE code = ?", code)
    places = [(row[0], row[1]) for row in places_of(store, member_id)]
    wanted = (found[0] if found else 0, period_of(subject))
    if wanted not in places:
        return False
    change(places, places.index(wanted))
    write_places(store, member_id, places)
    return True


def places_of(store: Store, member_id: int) -> list[Any]:
    """Medal, category and place of everything on the shelf, in order."""
    return list(
        store.rows(
            "SELECT achievement_id, period, place FROM shelf_medal WHERE member_id = ?"
            " ORDER BY place, achievement_id, period",
            member_id,
        )
    )


def write_places(store: Store, member_id: int, places: Iterable[tuple[int, str]]) -> None:
    """The whole shelf anew, numbered from one."""
    store.run("DELETE FROM shelf_medal WHERE member_id = ?", member_id)
    rows = [(member_id, medal, period, n) for n, (medal, period) in enumerate(places, 1)]
    if rows:
        store.insert(
            "shelf_medal", rows, columns=("member_id", "achievement_id", "period", "place")
        )
