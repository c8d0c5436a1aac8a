"""Cards: a number that a till reads, given to whoever has none."""

import secrets

from sqlmodel import col, select

from gamification.members.queries import active_card
from gamification.members.tables import Card
from gamification.world import World

PREFIX = "44"
DRAWN = 9


def check_digit(digits: str) -> str:
    """The last digit of a card number, so that one mistyped digit is noticed (Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def draw_number() -> str:
    """Twelve digits that cannot be counted up from somebody else's."""
    digits = PREFIX + "".join(secrets.choice("0123456789") for _ in range(DRAWN))
    return digits + check_digit(digits)


def ensure_card(world: World, member_id: int) -> str:
    """The number of the member's active card; a member without one gets one now."""
    number = active_card(world, member_id)
    while number is None:
        drawn = draw_number()
        taken = world.session.exec(select(Card.id).where(col(Card.number) == drawn)).first()
        if taken is None:
            world.session.add(Card(member_id=member_id, number=drawn, issued_at=world.now))
            world.session.flush()
            number = drawn
    return number
