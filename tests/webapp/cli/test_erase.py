"""Somebody asks on paper to be forgotten, or a backup brought them back."""

from collections.abc import Callable

from gamification.commands.member import find_member, join_member, person_of
from gamification.members.newcomers import new_member_row
from gamification.members.tables import Card
from gamification.store import Store
from tests.webapp.cli.conftest import Said
from webapp.cli.place import open_place

Laurel = Callable[..., Said]


def join(name: str) -> int:
    with open_place() as place, place.entrance.open() as world:
        member = join_member(world, name=name, phone="+79123456789")
        assert member.id is not None
        return member.id


def test_a_member_is_erased_at_once_and_only_once(laurel: Laurel) -> None:
    laurel("init", "--help")
    anna = join("Анна")

    first = laurel("erase", str(anna), "--yes")
    second = laurel("erase", str(anna), "--yes")

    assert (first.code, first.out) == (0, f"Erased member {anna}.\n")
    assert second.code == 2
    with open_place() as place, place.entrance.open(readonly=True) as world:
        person = person_of(world, anna)
        assert person is not None
        assert (person.name, person.phone, person.status) == ("", None, "erased")


def test_without_a_yes_nobody_is_erased(laurel: Laurel) -> None:
    anna = join("Анна")

    said = laurel("erase", str(anna))

    assert said.code == 2
    assert "--yes" in said.err
    with open_place() as place, place.entrance.open(readonly=True) as world:
        assert person_of(world, anna).name == "Анна"  # type: ignore[union-attr]


def test_numbers_that_are_none_are_refused(laurel: Laurel) -> None:
    for words in (("erase", "--yes"), ("erase", "0", "--yes"), ("erase", "anna", "--yes"),
                  ("erase", "99999", "--yes")):  # fmt: skip
        said = laurel(*words)
        assert said.code == 2
        assert len(said.err.strip().splitlines()) == 1


def test_a_member_is_found_by_any_of_their_names(laurel: Laurel) -> None:
    for name in ("phone", "email", "card", "id"):
        with open_place() as place, place.entrance.open() as world:
            row = new_member_row(external_id=f"P-{name}", joined_at=world.now, origin="import")
            row |= {"phone": "+79123456789", "email": "anna@example.org"}
            Store(world.connection).insert("member", [tuple(row.values())], columns=tuple(row))
            anna = find_member(world, external_id=f"P-{name}")
            assert anna is not None
            world.session.add(Card(member_id=anna.id, number="4400001", issued_at=world.now))
        called = {"phone": "8 912 345-67-89", "email": "Anna@Example.org", "card": "4400001"}

        said = laurel("erase", called.get(name, f"P-{name}"), "--yes")

        assert (said.code, said.out) == (0, f"Erased member {anna.id}.\n")


def test_a_name_of_two_members_erases_neither(laurel: Laurel) -> None:
    anna = join("Анна")
    with open_place() as place, place.entrance.open() as world:
        row = new_member_row(external_id=str(anna), joined_at=world.now, origin="import")
        Store(world.connection).insert("member", [tuple(row.values())], columns=tuple(row))

    both = laurel("erase", str(anna), "--yes")
    one = laurel("erase", f"id:{anna}", "--yes")

    assert both.code == 2
    assert f"say one of number:{anna}, id:{anna}" in both.err
    assert one.code == 0
    with open_place() as place, place.entrance.open(readonly=True) as world:
        assert person_of(world, anna).name == "Анна"  # type: ignore[union-attr]
