"""A member joins, is found, claims a history and changes a contact."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from gamification.commands.member import (
    ConsentAnswer,
    claim_at_contact,
    claim_history,
    find_member,
    join_member,
    person_of,
    reachable_member,
)
from gamification.members.tables import Card, Consent, Member
from gamification.refusals import AlreadyTaken, HistoryClaimed, MemberBlocked, UnknownMember
from gamification.world import World, fixed_clock

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PHONE = "+79123456789"


@pytest.fixture
def world(engine: sa.Engine) -> Iterator[World]:
    with Session(engine) as session:
        yield World(session, fixed_clock(NOON))


@pytest.fixture
def anna(world: World) -> Member:
    return join_member(world, name="  Анна  Седова ", phone="8 912 345-67-89", origin="import")


def test_somebody_joins_with_answers_kept_word_for_word(world: World) -> None:
    answers = (ConsentAnswer("programme", True, "p-1"), ConsentAnswer("marketing", False, "m-1"))

    member = join_member(world, name="Вера", email="Vera@Example.org", consents=answers)

    kept = world.session.exec(select(Consent)).all()
    assert (member.email, member.origin, member.claimed_at) == ("vera@example.org", "signup", NOON)
    assert [(c.purpose, c.given, c.text_version, c.at) for c in kept] == [
        ("programme", True, "p-1", NOON),
        ("marketing", False, "m-1", NOON),
    ]
    assert {c.actor for c in kept} == {f"member:{member.id}"}


def test_a_contact_belongs_to_one_member(world: World, anna: Member) -> None:
    with pytest.raises(AlreadyTaken) as refusal:
        join_member(world, name="Борис", phone=PHONE)

    assert refusal.value.values == {"what": "phone"}
    join_member(world, name="Борис", phone="+79120000000")
    assert len(world.session.exec(select(Member)).all()) == 2


def test_a_member_is_found_by_each_name(world: World, anna: Member) -> None:
    assert anna.id is not None
    anna.external_id, anna.email = "C-17", "anna@example.org"
    world.session.add(Card(member_id=anna.id, number="4000", state="blocked", issued_at=NOON))
    world.session.flush()

    found = [
        find_member(world, phone=PHONE),
        find_member(world, email="anna@example.org"),
        find_member(world, external_id="C-17"),
        find_member(world, card="4000"),
    ]

    assert [member.id if member else None for member in found] == [anna.id] * 4
    assert find_member(world, card="4001") is None


def test_a_history_is_claimed_once(world: World, anna: Member) -> None:
    assert anna.id is not None

    assert [claim_history(world, anna.id), claim_history(world, anna.id)] == [True, False]
    found = person_of(world, anna.id)
    assert found is not None
    assert (found.claimed_at, found.year_waits) == (NOON, True)


def test_nobody_and_the_blocked_claim_nothing(world: World, anna: Member) -> None:
    assert anna.id is not None
    anna.status = "blocked"
    world.session.flush()

    with pytest.raises(UnknownMember):
        claim_history(world, 10**9)
    with pytest.raises(MemberBlocked):
        claim_history(world, anna.id)


def test_a_claim_moves_the_contact_only_to_where_it_is_free(world: World, anna: Member) -> None:
    other = join_member(world, name="Борис", phone="+79120000000", origin="import")
    assert other.id is not None

    with pytest.raises(AlreadyTaken):
        claim_at_contact(world, other.id, kind="phone", contact=PHONE)
    before = claim_at_contact(world, other.id, kind="phone", contact="+79120000001")

    assert before == "+79120000000"
    assert other.claimed_at == world.now
    assert find_member(world, phone=PHONE) is anna


def test_a_contact_that_somebody_signs_in_with_is_not_replaced_by_a_claim(world: World) -> None:
    other = join_member(world, name="Борис", phone="+79120000000", origin="import")
    assert other.id is not None
    claim_history(world, other.id)

    with pytest.raises(HistoryClaimed):
        claim_at_contact(world, other.id, kind="phone", contact="+79120000001")

    assert other.phone == "+79120000000"


def test_an_erased_member_answers_nowhere(world: World, anna: Member) -> None:
    anna.status = "erased"
    world.session.flush()

    assert reachable_member(world, kind="phone", contact=PHONE) is None
