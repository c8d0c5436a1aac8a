"""A birthday is noted on the member's own day, once a year, whatever is changed meanwhile."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from gamification.commands.acts import set_act_terms
from gamification.commands.birthdays import celebrate_birthdays
from gamification.commands.member import ConsentAnswer
from gamification.commands.profile import fill_profile, profile_of
from gamification.refusals import BirthdayFixed, InvalidSetting, ParentNeeded
from gamification.world import fixed_clock
from tests.shop import Person, Shop
from webapp.world import Worlds


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    shop = Shop(engine, at="2026-01-10 12:00", columns={"pending_days": 0})
    with shop.world() as world:
        set_act_terms(world, "birthday", points=100, valid_from=shop.when("2026-01-01"))
    return shop


def born(shop: Shop, name: str, birthday: str, zone: str | None = None) -> Person:
    person = shop.join(name)
    with shop.world() as world:
        values = {"birthday": date.fromisoformat(birthday), "zone": zone, "id": person.id}
        told = sa.text("UPDATE member SET birthday = :birthday, zone = :zone WHERE id = :id")
        world.session.execute(told.bindparams(sa.bindparam("birthday", type_=sa.Date)), values)
    return person


def celebrate(shop: Shop, at: str) -> int:
    """The clock comes round at an instant, written in UTC."""
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    with Worlds(shop.engine, fixed_clock(moment)).open() as world:
        return celebrate_birthdays(world)


def days(person: Person) -> list[tuple[str, str]]:
    sql = "SELECT local_date, state FROM activity WHERE member_id = ? AND type = 'birthday'"
    return [(str(day), str(state)) for day, state in
            person.shop.rows(f"{sql} ORDER BY local_date", person.id)]  # fmt: skip


def test_a_birthday_begins_at_the_members_own_midnight(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-03-10")
    vera = born(shop, "vera", "1990-03-10", "Asia/Vladivostok")

    noted = [celebrate(shop, at) for at in ("2026-03-09 13:59", "2026-03-09 14:00",
                                            "2026-03-09 20:59", "2026-03-09 21:00")]  # fmt: skip

    assert noted == [0, 1, 0, 1]
    assert days(anna) == days(vera) == [("2026-03-10", "counted")]
    assert anna.balance("2026-03-10 00:00") == 100


def test_a_birthday_is_noted_once_a_year_and_every_year(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-03-10")

    noted = [celebrate(shop, f"{year}-03-10 12:00") for year in (2026, 2026, 2027, 2027)]

    assert noted == [1, 0, 1, 0]
    assert days(anna) == [("2026-03-10", "counted"), ("2027-03-10", "counted")]


def test_who_was_born_on_29_february_is_not_forgotten(shop: Shop) -> None:
    anna = born(shop, "anna", "2000-02-29")

    for at in ("2027-02-28 12:00", "2027-03-01 12:00", "2028-02-28 12:00", "2028-02-29 12:00",
               "2029-02-28 12:00"):  # fmt: skip
        celebrate(shop, at)

    assert days(anna) == [(day, "counted") for day in ("2027-02-28", "2028-02-29", "2029-02-28")]


def test_a_clock_that_stood_still_catches_up_over_the_new_year(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-12-30")
    boris = born(shop, "boris", "1990-12-20")

    assert celebrate(shop, "2027-01-03 12:00") == 1
    assert (days(anna), days(boris)) == ([("2026-12-30", "counted")], [])


def test_who_joined_after_it_is_celebrated_next_year(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-01-09")

    assert celebrate(shop, "2026-01-10 12:00") == 0
    assert celebrate(shop, "2027-01-10 12:00") == 1
    assert days(anna) == [("2027-01-09", "counted")]


def test_another_birthday_soon_after_brings_nothing(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-12-28")
    celebrate(shop, "2026-12-28 12:00")
    with shop.world() as world:
        world.session.execute(sa.text("UPDATE member SET birthday = '1990-01-05'"))

    assert celebrate(shop, "2027-01-05 12:00") == 1
    assert celebrate(shop, "2027-01-05 13:00") == 0
    assert days(anna) == [("2026-12-28", "counted"), ("2027-01-05", "ignored")]
    assert anna.balance("2027-01-06 00:00") == 100


def test_a_birthday_that_was_celebrated_stays_as_it_is(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-03-10")
    celebrate(shop, "2026-03-10 12:00")

    with shop.world("2026-03-11 12:00") as world:
        with pytest.raises(BirthdayFixed):
            fill_profile(world, anna.id, name="Anna", birthday=date(1990, 3, 11))
        fill_profile(world, anna.id, name="Anna-Maria", birthday=date(1990, 3, 10))
        found = profile_of(world, anna.id)

    assert (found.name, found.birthday, found.fixed) == ("Anna-Maria", date(1990, 3, 10), True)


@pytest.mark.parametrize(("told", "noted"), [("2026-02-08", 1), ("2026-02-09", 0)])
def test_a_birthday_is_celebrated_once_it_is_known_for_thirty_days(
    shop: Shop, told: str, noted: int
) -> None:
    anna = shop.join("anna")
    with shop.world(f"{told} 12:00") as world:
        fill_profile(world, anna.id, name="Anna", birthday=date(1990, 3, 10))

    assert celebrate(shop, "2026-03-10 12:00") == noted
    assert celebrate(shop, "2027-03-10 12:00") == 1


def test_a_child_needs_a_parent_at_every_door(shop: Shop) -> None:
    anna = shop.join("anna")
    agreed = (ConsentAnswer("parent", True, "1"),)

    with shop.world() as world:
        with pytest.raises(ParentNeeded):
            fill_profile(world, anna.id, name="Anna", birthday=date(2018, 6, 1))
        fill_profile(world, anna.id, name="Anna", birthday=date(2018, 6, 1), parent=agreed)
        fill_profile(world, anna.id, name="Anya", birthday=date(2018, 6, 1))


def test_nobody_is_born_tomorrow_or_nameless(shop: Shop) -> None:
    anna = shop.join("anna")

    for name, birthday in (("Anna", date(2026, 1, 11)), ("Anna", date(1899, 12, 31)),
                           ("\u200b ", None)):  # fmt: skip
        with shop.world() as world, pytest.raises(InvalidSetting):
            fill_profile(world, anna.id, name=name, birthday=birthday)


def test_switched_off_nobody_is_celebrated_and_later_nobody_is_lost(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-03-10")
    for on, since in ((False, "2026-03-01"), (True, "2026-03-12")):
        with shop.world() as world:
            set_act_terms(world, "birthday", points=100, on=on, valid_from=shop.when(since))

    assert celebrate(shop, "2026-03-10 12:00") == 0
    assert celebrate(shop, "2026-03-13 12:00") == 0
    assert days(anna) == []


@pytest.mark.parametrize(
    ("bought", "guests"),
    [
        (("2026-03-03", "2026-03-10", "2026-03-17"), 1),
        (("2026-03-02", "2026-03-18"), 0),
        (("2026-03-10", "2027-03-10"), 2),
    ],
)
def test_a_purchase_within_a_week_of_the_birthday_makes_a_guest(
    shop: Shop, bought: tuple[str, ...], guests: int
) -> None:
    anna = born(shop, "anna", "1990-03-10")

    for number, day in enumerate(bought):
        anna.spend_money(f"b{number}", "500", at=f"{day} 12:00", now=f"{day} 12:00")

    sql = (
        "SELECT COUNT(*) FROM award w JOIN achievement a ON a.id = w.achievement_id"
        " WHERE a.code = 'birthday_guest' AND w.status = 'active'"
    )
    assert anna.shop.rows(sql) == [(guests,)]


def test_the_guest_goes_with_the_goods_and_new_year_is_no_border(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-01-03")
    anna.buy("b1", ("MUG", None, "1", "500"), at="2026-12-29 12:00", now="2026-12-29 12:00")
    assert "birthday_guest" in anna.medals()

    anna.bring_back("r1", ("MUG", None, "1", "500"), of="b1", at="2026-12-30 12:00",
                    now="2026-12-30 12:00")  # fmt: skip

    assert "birthday_guest" not in anna.medals()


def wishes(person: Person) -> list[tuple[str, str]]:
    sql = "SELECT kind, channel FROM notice WHERE member_id = ? AND kind = 'birthday'"
    return [(str(kind), str(channel)) for kind, channel in person.shop.rows(sql, person.id)]


def test_a_birthday_is_wished_well_once_and_an_ignored_one_is_not(shop: Shop) -> None:
    anna = born(shop, "anna", "1990-03-10")
    blocked = born(shop, "blocked", "1990-03-10")
    with shop.world() as world:
        blocking = sa.text("UPDATE member SET status = 'blocked' WHERE id = :id")
        world.session.execute(blocking, {"id": blocked.id})
    for at in ("2026-03-09 20:00", "2026-03-09 21:00", "2026-03-09 21:00", "2026-03-10 12:00"):
        celebrate(shop, at)
    first = wishes(anna)
    with shop.world("2026-04-01 12:00") as world:
        moved = sa.text("UPDATE member SET birthday = '1990-02-10' WHERE id = :id")
        world.session.execute(moved, {"id": anna.id})
    celebrate(shop, "2027-02-10 12:00")

    assert first == wishes(anna) == [("birthday", "inbox")]
    assert wishes(blocked) == []
    assert days(anna) == [("2026-03-10", "counted"), ("2027-02-10", "ignored")]
