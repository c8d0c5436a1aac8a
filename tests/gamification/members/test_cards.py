"""Everybody who joins or claims a history has one card, and its number is hard to guess."""

import sqlalchemy as sa

from gamification.commands.member import claim_history, join_member
from gamification.members.cards import check_digit, draw_number, ensure_card
from tests.shop import Shop


def test_a_number_ends_in_its_check_digit() -> None:
    number = draw_number()

    assert (len(number), number[-1]) == (12, check_digit(number[:-1]))
    assert check_digit("7992739871") == "3"


def test_who_joins_has_one_card_and_keeps_it(engine: sa.Engine) -> None:
    shop = Shop(engine)
    with shop.world() as world:
        member = join_member(world, name="Анна", email="anna@example.org")
        assert member.id is not None
        first = ensure_card(world, member.id)
        again = ensure_card(world, member.id)

    assert first == again
    assert shop.rows("SELECT number, state FROM card") == [(first, "active")]


def test_who_claims_a_history_gets_a_card_once(engine: sa.Engine) -> None:
    shop = Shop(engine)
    boris = shop.join("boris")
    for _ in range(2):
        with shop.world() as world:
            claim_history(world, boris.id)

    assert len(shop.rows("SELECT number FROM card")) == 1
