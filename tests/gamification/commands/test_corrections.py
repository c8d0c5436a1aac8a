"""The shop puts a contact or an act right: with a reason, once, and the books still hold."""

import pytest
import sqlalchemy as sa

from gamification.commands.acts import check_in
from gamification.commands.corrections import correct_act, correct_contact
from gamification.commands.farewell import erase_member
from gamification.readmodels.corrections import ToCorrect, to_correct
from gamification.refusals import ActClosed, AlreadyTaken, InvalidSetting
from tests.shop import Person, Shop, plain_tiers

BEFORE, AFTER = "+79123456789", "+79000009021"
WHO = "account:1"


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    shop = Shop(engine, at="2026-09-21 12:00", tiers=plain_tiers(("bronze", 0, 500)))
    anna = shop.join("Анна")
    with shop.world() as world:
        world.connection.execute(sa.text(f"UPDATE member SET phone = '{BEFORE}'"))
        check_in(world, anna.id)
    return anna


def change(anna: Person, contact: str = AFTER, reason: str = " Сменила  номер ") -> str | None:
    with anna.shop.world() as world:
        return correct_contact(
            world, anna.id, kind="phone", contact=contact, reason=reason, actor=WHO,
            mask=lambda text: text[-4:],
        )  # fmt: skip


def seen(anna: Person) -> ToCorrect:
    with anna.shop.world() as world:
        return to_correct(world, anna.id)


def test_a_contact_is_changed_with_its_reason_and_masked_ends(anna: Person) -> None:
    before = change(anna)

    [entry] = seen(anna).journal
    assert before == BEFORE
    assert seen(anna).phone == AFTER
    assert entry[1:] == ("phone", "6789", "9021", "Сменила номер", WHO)
    assert anna.shop.rows("SELECT phone_confirmed_at FROM member") == [(None,)]


def test_the_same_again_is_no_correction(anna: Person) -> None:
    change(anna)

    assert change(anna) is None
    assert len(seen(anna).journal) == 1


@pytest.mark.parametrize("reason", ["", "  ", "...", "\u200b"])
def test_without_a_reason_nothing_is_put_right(anna: Person, reason: str) -> None:
    act = seen(anna).acts[0].id
    with pytest.raises(InvalidSetting):
        change(anna, reason=reason)
    with anna.shop.world() as world, pytest.raises(InvalidSetting):
        correct_act(world, anna.id, act, reason=reason, actor=WHO)

    assert (seen(anna).phone, seen(anna).journal) == (BEFORE, ())


def test_somebody_elses_contact_is_refused(anna: Person) -> None:
    boris = anna.shop.join("Борис")
    with anna.shop.world() as world:
        world.connection.execute(
            sa.text(f"UPDATE member SET phone = '{AFTER}' WHERE id = {boris.id}")
        )

    with pytest.raises(AlreadyTaken):
        change(anna)
    assert seen(anna).journal == ()


def test_an_act_is_cancelled_once_and_kept_in_the_journal(anna: Person) -> None:
    act = next(one for one in seen(anna).acts if one.type == "daily_check_in")
    answers = []
    for _ in range(2):
        with anna.shop.world() as world:
            answers.append(correct_act(world, anna.id, act.id, reason="не она", actor=WHO).status)

    assert answers == ["recorded", "replayed"]
    assert act.id not in [one.id for one in seen(anna).acts]
    assert [entry[1:] for entry in seen(anna).journal] == [
        ("act", "daily_check_in", "", "не она", WHO)
    ]


def test_another_members_act_and_a_purchase_stay(anna: Person) -> None:
    act = seen(anna).acts[0].id
    boris = anna.shop.join("Борис")
    bought = anna.spend_money("r1", "500").activity_id
    for member, activity in ((boris.id, act), (anna.id, bought), (anna.id, 7)):
        with anna.shop.world() as world, pytest.raises(ActClosed):
            correct_act(world, member, activity, reason="не она", actor=WHO)

    assert act in [one.id for one in seen(anna).acts]


def test_of_the_erased_no_correction_is_left(anna: Person) -> None:
    change(anna)
    with anna.shop.world() as world:
        erase_member(world, anna.id)

    assert anna.shop.rows("SELECT 1 FROM correction") == []
