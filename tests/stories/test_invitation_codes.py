"""Codes and words that lead to whoever invites: drawn, chosen, given up, never used again."""

import pytest
import sqlalchemy as sa

from gamification.commands.referrals import (
    Invitation,
    bind_friend,
    choose_word,
    code_for,
    retire_word,
    rotate_code,
)
from gamification.refusals import AlreadyTaken, InvalidSetting
from tests.inviting import offer
from tests.shop import Shop


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    found = Shop(engine, at="2025-06-01 12:00", tiers=())
    offer(found)
    return found


def test_codes_and_words(shop: Shop) -> None:
    ana, vera = shop.join("ana"), shop.join("vera")
    with shop.world() as world:
        old = code_for(world, ana.id)
        assert code_for(world, ana.id) == old and len(old) == 8
        fresh = rotate_code(world, ana.id)
        assert fresh != old
        assert choose_word(world, ana.id, " кофе-с-анной ", ("ХАМ",)) == "КОФЕ-С-АННОЙ"
        with pytest.raises(AlreadyTaken):
            choose_word(world, vera.id, "Кофе-с-Анной", ())
        for typed, fault in (("абв", "length"), ("a b;c d", "signs"), ("хамство", "banned")):
            with pytest.raises(InvalidSetting) as refused:
                choose_word(world, vera.id, typed, ("ХАМ",))
            assert refused.value.values["fault"] == fault
        retire_word(world, ana.id)
        with pytest.raises(AlreadyTaken):
            choose_word(world, ana.id, "КОФЕ-С-АННОЙ", ())
        gleb = vera
        assert bind_friend(world, gleb.id, Invitation(old)) == "unknown"
        assert bind_friend(world, gleb.id, Invitation(fresh.lower())) == "bound"


def test_a_word_that_reads_like_another_is_taken(shop: Shop) -> None:
    ana, vera = shop.join("ana"), shop.join("vera")
    with shop.world() as world:
        choose_word(world, ana.id, "МАКС", ())
        for typed in ("MAKC", "МА-КС", "MАКС"):
            with pytest.raises(AlreadyTaken):
                choose_word(world, vera.id, typed, ())
        assert choose_word(world, ana.id, "MAKC", ()) == "MAKC"


def test_a_drawn_code_is_read_with_the_dash_of_its_groups(shop: Shop) -> None:
    ana, vera = shop.join("ana"), shop.join("vera")
    with shop.world() as world:
        code = code_for(world, ana.id)
        told = Invitation(f"{code[:4]}-{code[4:].lower()}")
        assert bind_friend(world, vera.id, told) == "bound"
