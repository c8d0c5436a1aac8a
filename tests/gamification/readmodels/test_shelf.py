"""A public shelf shows what its owner chose, to whoever has the address, while they agree."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.commands.farewell import ask_to_leave, erase_member
from gamification.commands.member import ConsentAnswer
from gamification.commands.preferences import answer_questions
from gamification.commands.shelf import (
    MOST_MEDALS,
    move_on_shelf,
    open_shelf,
    put_on_shelf,
    renew_address,
    sign_shelf,
    take_off_shelf,
)
from gamification.readmodels.shelf import OwnShelf, PublicShelf, own_shelf, shelf_at
from gamification.refusals import InvalidSetting, MedalNotHeld, ShelfFull, TooYoung
from tests.shop import Person, Shop, plain_tiers

YES, NO = ConsentAnswer("shelf", True, "shelf-1-en-x"), ConsentAnswer("shelf", False, "x")


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    """Goods of three categories, four receipts, the second after a long absence."""
    shop = Shop(engine, at="2026-01-04 10:00", tiers=plain_tiers(("bronze", 0, 500)))
    anna = shop.join("Анна Соколова")
    anna.buy("r1", ("MUG", "mugs", "2", "2000"))
    shop.at = "2026-05-05 10:00"
    for n in range(2, 7):
        anna.buy(f"r{n}", ("MUG", "mugs", "1", "300"), ("TEA", "tea", "1", "300"),
                 ("BUN", "buns", "1", "50"))  # fmt: skip
    return anna


def opened(anna: Person, *codes: str) -> str:
    with anna.shop.world() as world:
        address = open_shelf(world, anna.id, YES)
        for code in codes:
            put_on_shelf(world, anna.id, code)
    return address


def seen(anna: Person, address: str) -> PublicShelf | None:
    with anna.shop.world() as world:
        return shelf_at(world, address)


def own(anna: Person) -> OwnShelf:
    with anna.shop.world() as world:
        return own_shelf(world, anna.id)


def codes_of(shelf: PublicShelf | OwnShelf | None) -> list[str]:
    assert shelf is not None
    return [medal.tile.code for medal in shelf.medals]


def test_nothing_is_public_before_a_yes(anna: Person) -> None:
    with anna.shop.world() as world:
        put_on_shelf(world, anna.id, "first_purchase")
        address = renew_address(world, anna.id)

    assert seen(anna, address) is None
    assert not own(anna).is_open


def test_an_open_shelf_shows_medals_and_no_name(anna: Person) -> None:
    address = opened(anna, "explorer", "first_purchase")
    shelf = seen(anna, address)

    assert shelf is not None
    assert codes_of(shelf) == ["explorer", "first_purchase"]
    assert (shelf.name, shelf.tier) == ("", None)
    assert shelf.medals[1].tile.earned_on == date(2026, 1, 4)


def test_a_no_closes_it_at_once_and_a_yes_opens_the_same_address(anna: Person) -> None:
    address = opened(anna, "explorer")
    with anna.shop.world() as world:
        answer_questions(world, anna.id, [NO])
    closed = seen(anna, address)
    again = opened(anna)

    assert closed is None
    assert again == address
    assert codes_of(seen(anna, address)) == ["explorer"]


def test_a_renewed_address_makes_the_old_one_lead_nowhere(anna: Person) -> None:
    before = opened(anna, "explorer")
    with anna.shop.world() as world:
        after = renew_address(world, anna.id)

    assert after != before
    assert seen(anna, before) is None
    assert codes_of(seen(anna, after)) == ["explorer"]


@pytest.mark.parametrize(
    ("naming", "nickname", "shown"),
    [("none", "Мышь", ""), ("first", "", "Анна"), ("nick", " Тихая  мышь ", "Тихая мышь")],
)
def test_the_name_is_what_was_chosen(anna: Person, naming: str, nickname: str, shown: str) -> None:
    address = opened(anna)
    sign(anna, naming=naming, nickname=nickname, tier_shown=True)

    shelf = seen(anna, address)

    assert shelf is not None
    assert shelf.name == shown
    assert "Соколова" not in repr(shelf)
    assert shelf.tier is not None


def sign(anna: Person, **choices: Any) -> None:
    choices = {"naming": "nick", "nickname": "", "tier_shown": False} | choices
    with anna.shop.world() as world:
        sign_shelf(world, anna.id, is_banned=lambda text: "фу" in text, **choices)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"nickname": "\u200b "}, "length"), ({"nickname": "а" * 31}, "length"),
        ({"nickname": "фу"}, "banned"), ({"naming": "whole"}, None),
    ],
)  # fmt: skip
def test_a_nickname_that_cannot_be_is_refused(
    anna: Person, given: dict[str, str], fault: str | None
) -> None:
    with pytest.raises(InvalidSetting) as refused:
        sign(anna, **given)

    assert refused.value.values.get("fault") == fault
    assert own(anna).nickname == ""


def test_medals_move_by_buttons_and_stay_at_the_ends(anna: Person) -> None:
    address = opened(anna, "explorer", "first_purchase", "connoisseur")
    with anna.shop.world() as world:
        assert move_on_shelf(world, anna.id, "first_purchase", up=True)
        assert move_on_shelf(world, anna.id, "first_purchase", up=True)
        assert move_on_shelf(world, anna.id, "connoisseur", up=False)
        assert not move_on_shelf(world, anna.id, "saver", up=True)

    assert codes_of(seen(anna, address))[0] == "first_purchase"


def test_a_category_of_a_medal_stands_for_itself(anna: Person) -> None:
    address = opened(anna)
    with anna.shop.world() as world:
        put_on_shelf(world, anna.id, "connoisseur", "tea")
        put_on_shelf(world, anna.id, "connoisseur", "mugs")
        put_on_shelf(world, anna.id, "connoisseur", "mugs")

    shelf = seen(anna, address)

    assert shelf is not None
    subjects = [medal.tile.subject.code for medal in shelf.medals if medal.tile.subject]
    assert subjects == ["tea", "mugs"]


def test_what_is_taken_off_can_be_put_back(anna: Person) -> None:
    address = opened(anna, "explorer", "first_purchase")
    with anna.shop.world() as world:
        assert take_off_shelf(world, anna.id, "explorer")
        assert not take_off_shelf(world, anna.id, "explorer")
    without = codes_of(seen(anna, address))

    assert without == ["first_purchase"]
    assert "explorer" in [medal.tile.code for medal in own(anna).others]


@pytest.mark.parametrize(("code", "subject"), [("saver", None), ("nothing", None),
                                               ("connoisseur", "wine")])  # fmt: skip
def test_only_what_is_held_can_be_shown(anna: Person, code: str, subject: str | None) -> None:
    with anna.shop.world() as world, pytest.raises(MedalNotHeld):
        put_on_shelf(world, anna.id, code, subject)


def test_a_secret_is_shown_by_its_holder_alone_and_without_its_rarity(anna: Person) -> None:
    address = opened(anna, "welcome_back")
    boris = anna.shop.join("Борис")
    with anna.shop.world() as world, pytest.raises(MedalNotHeld):
        put_on_shelf(world, boris.id, "welcome_back")

    shelf = seen(anna, address)

    assert codes_of(shelf) == ["welcome_back"]
    assert shelf is not None
    assert shelf.secret == {"welcome_back"}
    assert shelf.medals[0].rarity is None


def test_a_medal_that_a_return_took_is_not_shown(anna: Person) -> None:
    address = opened(anna, "explorer")
    anna.shop.at = "2026-05-06 10:00"
    for n in range(2, 7):
        goods = (("TEA", "tea", "1", "300"), ("BUN", "buns", "1", "50"))
        anna.bring_back(f"b{n}", *goods, of=f"r{n}")

    assert codes_of(seen(anna, address)) == []
    assert codes_of(own(anna)) == []


def test_no_more_than_twelve_stand_there(anna: Person) -> None:
    opened(anna)
    with anna.shop.world() as world:
        rows = world.connection.execute(sa.text("SELECT id FROM achievement ORDER BY id"))
        taken = [(anna.id, int(row[0]), "all", n) for n, row in enumerate(rows, 1)][:MOST_MEDALS]
        for row in taken:
            world.connection.execute(
                sa.text("INSERT INTO shelf_medal VALUES (:a, :b, :c, :d)"),
                dict(zip("abcd", row, strict=True)),
            )
    with anna.shop.world() as world, pytest.raises(ShelfFull):
        put_on_shelf(world, anna.id, "connoisseur", "tea")


def test_a_child_has_no_public_page(anna: Person) -> None:
    address = opened(anna, "explorer")
    born(anna, "2016-01-01")
    hidden = seen(anna, address)
    with anna.shop.world() as world, pytest.raises(TooYoung):
        open_shelf(world, anna.id, YES)

    assert hidden is None
    assert own(anna).young


def born(anna: Person, day: str) -> None:
    with anna.shop.world() as world:
        world.connection.execute(
            sa.text("UPDATE member SET birthday = :b WHERE id = :i").bindparams(
                sa.bindparam("b", date.fromisoformat(day), type_=sa.Date), i=anna.id
            )
        )


@pytest.mark.parametrize("status", ["blocked", "leaving"])
def test_who_is_paused_or_leaves_is_not_shown(anna: Person, status: str) -> None:
    address = opened(anna, "explorer")
    with anna.shop.world() as world:
        if status == "leaving":
            ask_to_leave(world, anna.id)
        else:
            world.connection.execute(sa.text("UPDATE member SET status = 'blocked'"))

    assert seen(anna, address) is None


def test_of_the_erased_nothing_stands_anywhere(anna: Person) -> None:
    address = opened(anna, "explorer")
    with anna.shop.world() as world:
        erase_member(world, anna.id)

    assert seen(anna, address) is None
    assert anna.shop.rows("SELECT 1 FROM shelf UNION ALL SELECT 1 FROM shelf_medal") == []
