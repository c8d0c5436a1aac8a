"""Reads of members: by any of the names that people and tills know them by."""

from sqlmodel import col, select

from gamification.members.tables import Card, Member
from gamification.world import World

AGREED = (
    "EXISTS (SELECT 1 FROM consent c WHERE c.member_id = m.id AND c.purpose = 'marketing'"
    " AND c.given AND NOT EXISTS (SELECT 1 FROM consent x WHERE x.member_id = c.member_id"
    " AND x.purpose = c.purpose AND (x.at > c.at OR (x.at = c.at AND x.id > c.id))))"
)
"""Who agreed to news and has not taken it back, of `member m`."""
HERE = "m.status = 'active' AND m.leaving_at IS NULL"
"""Who takes part and is not about to leave, of `member m`."""


def member_by(world: World, **names: str | None) -> Member | None:
    """The member with this phone, e-mail or external id, as rows keep them."""
    given = {name: value for name, value in names.items() if value is not None}
    assert len(given) == 1, "a member is looked up by one name"
    ((name, value),) = given.items()
    return world.session.exec(select(Member).where(getattr(Member, name) == value)).first()


def member_by_card(world: World, number: str) -> Member | None:
    """Whose card this is or was; a blocked or replaced card still names its member."""
    owner = (
        select(Member)
        .join(Card, col(Card.member_id) == col(Member.id))
        .where(Card.number == number)
    )
    return world.session.exec(owner).first()


def member_by_id(world: World, member_id: int) -> Member | None:
    return world.session.get(Member, member_id)


def held_member(world: World, member_id: int) -> Member | None:
    """As `member_by_id`, as it is now, held until the transaction ends."""
    return world.session.get(Member, member_id, populate_existing=True, with_for_update=True)


def taken_name(world: World, names: dict[str, str | None]) -> str | None:
    """Which of these names belongs to somebody already; None when all are free."""
    for name, value in names.items():
        if value is not None and member_by(world, **{name: value}) is not None:
            return name
    return None


def active_card(world: World, member_id: int) -> str | None:
    """The number of the newest active card of a member."""
    return world.session.exec(
        select(Card.number)
        .where(Card.member_id == member_id, Card.state == "active")
        .order_by(col(Card.id).desc())
        .limit(1)
    ).first()
