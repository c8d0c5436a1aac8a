"""A member leaves: nothing tells who they were, and the books stand as they stood."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.audit.run import run_audit
from gamification.commands.clockwork import expire_points, review_tiers
from gamification.commands.contacts import remove_contact, set_contact
from gamification.commands.corrections import correct_city
from gamification.commands.farewell import ask_to_leave, erase_next, stay, tell_of_leaving
from gamification.commands.intake import take_page
from gamification.commands.member import ConsentAnswer, find_member, join_member
from gamification.commands.members_intake import MemberEntry, take_members
from gamification.commands.preferences import answer_questions, change_zone, choose_notice
from gamification.commands.profile import fill_profile
from gamification.commands.till import MemberRef, record_receipt
from gamification.notices.tables import Notice
from gamification.readmodels.choices import choices_of, erase_day, losses_of
from gamification.refusals import MemberBlocked, Refusal, UnknownMember
from gamification.store import Store
from gamification.world import World, fixed_clock
from tests.databases import dump
from tests.shop import Person, Shop, plain_tiers
from webapp.db import read_only

NAME, PHONE, EMAIL, OUTER = "Аглая Кречетова", "+79123456789", "aglaya@example.org", "CRM-77-X"
CITY = "Усть-Кут"
SECRETS = (NAME, NAME.casefold(), PHONE, PHONE[1:], EMAIL, OUTER, CITY, CITY.casefold())


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    tiers = plain_tiers(("bronze", 0, 500), ("silver", 4_000, 700))
    return Shop(engine, at="2026-03-01 12:00", tiers=tiers, columns={"pending_days": 0})


@pytest.fixture
def aglaya(shop: Shop) -> Person:
    """Somebody with everything: contacts, a card, purchases, consents, choices, messages."""
    with shop.world() as world:
        yes = [ConsentAnswer("marketing", True, "marketing-1-ru-x")]
        member = join_member(world, name=NAME, phone=PHONE, email=EMAIL, consents=yes)
        assert member.id is not None
        member.external_id = OUTER
        world.session.flush()
        fill_profile(world, member.id, name=NAME, birthday=date(1990, 5, 17), city=CITY)
        correct_city(world, member.id, f"г. {CITY}", reason="so", actor="account:1")
        set_contact(world, member.id, kind="phone", contact=PHONE)
        change_zone(world, member.id, "Asia/Novosibirsk")
        choose_notice(world, member.id, kind="medal", channel="sms", wanted=True)
        person = Person(shop, member.id, NAME)
    person.buy("a1", ("MUG", "mugs", "2", "2000"), ("TEA", "tea", "1", "500"), operator=NAME)
    person.buy("a2", ("MUG", "mugs", "1", "3000"), points_paid=50)
    person.bring_back("a3", ("MUG", "mugs", "1", "3000"), of="a2")
    person.bring_back("a4", ("MUG", "mugs", "1", "300"), of="nobody-knows")
    return person


def card_of(shop: Shop, member_id: int) -> str:
    return str(shop.rows("SELECT number FROM card WHERE member_id = ?", member_id)[0][0])


def sums(shop: Shop) -> list[Any]:
    return [
        shop.rows("SELECT * FROM transfer ORDER BY id"),
        shop.rows("SELECT * FROM lot ORDER BY id"),
        shop.rows("SELECT * FROM allocation ORDER BY transfer_id, lot_id"),
    ]


def findings(shop: Shop, at: str) -> list[str]:
    with shop.engine.connect() as connection, Session(read_only(connection)) as session:
        report = run_audit(World(session, fixed_clock(shop.when(at))), full=True)
    return [f"{finding.id}: {finding.first_ids}" for finding in report.findings if finding.count]


def leave(shop: Shop, person: Person, *, erase: bool = True) -> None:
    with shop.world("2026-03-02 12:00") as world:
        ask_to_leave(world, person.id)
    if erase:
        with shop.world("2026-03-18 03:30") as world:
            gone = erase_next(world)
        assert gone is not None
        assert (gone.member_id, set(gone.contacts)) == (person.id, {PHONE, EMAIL})


def test_it_takes_fourteen_whole_days_and_may_be_undone(shop: Shop, aglaya: Person) -> None:
    leave(shop, aglaya, erase=False)

    with shop.world("2026-03-16 23:59") as world:
        assert erase_day(world, aglaya.id) == date(2026, 3, 17)
        assert erase_next(world) is None
        assert ask_to_leave(world, aglaya.id) == shop.when("2026-03-17 00:00")
        assert stay(world, aglaya.id)
        assert not stay(world, aglaya.id)
    with shop.world("2026-04-17 00:00") as world:
        assert erase_next(world) is None
        assert choices_of(world, aglaya.id).erase_on is None


def test_a_word_goes_to_the_one_who_may_not_have_asked(shop: Shop, aglaya: Person) -> None:
    leave(shop, aglaya, erase=False)

    with shop.world("2026-03-02 12:01") as world:
        tell_of_leaving(world, aglaya.id)
        tell_of_leaving(world, aglaya.id)

    told = shop.rows("SELECT channel, recipient FROM notice WHERE kind = 'leaving'")
    assert told == [("email", None)]


def test_what_would_be_lost_is_said_in_numbers(shop: Shop, aglaya: Person) -> None:
    with shop.world("2026-03-02 12:00") as world:
        losses = losses_of(world, aglaya.id)

    assert (losses.balance, losses.tier.code) == (aglaya.balance("2026-03-02 12:00"), "bronze")
    assert losses.medals == len(aglaya.medals()) > 0


def test_nothing_tells_who_it_was_and_the_books_stand(shop: Shop, aglaya: Person) -> None:
    card, before = card_of(shop, aglaya.id), sums(shop)
    planted = dump(shop.engine)
    assert all(secret in planted for secret in (NAME, PHONE, EMAIL, OUTER, card, "1990"))

    leave(shop, aglaya)

    after = dump(shop.engine)
    assert [secret for secret in (*SECRETS, card) if secret in after] == []
    assert sums(shop) == before
    assert findings(shop, "2026-03-18 04:00") == []


def test_only_the_one_who_left_is_erased(shop: Shop, aglaya: Person) -> None:
    with shop.world() as world:
        boris = join_member(world, name="Борис", phone="+79000000001").id
        assert boris is not None
    before = shop.rows("SELECT * FROM member WHERE id = ?", boris)

    leave(shop, aglaya)

    assert shop.rows("SELECT * FROM member WHERE id = ?", boris) == before
    assert card_of(shop, boris)
    with shop.world("2026-03-19 03:30") as world:
        assert erase_next(world) is None


def test_the_erased_cannot_act_and_nobody_finds_them(shop: Shop, aglaya: Person) -> None:
    card = card_of(shop, aglaya.id)
    leave(shop, aglaya)

    receipt = shop.receipt("purchase", "b1", [("MUG", "mugs", "1", "100")])
    with shop.world("2026-03-18 12:00") as world:
        for who in (MemberRef(card=card), MemberRef(phone=PHONE), MemberRef(external_id=OUTER),
                    MemberRef(member_id=aglaya.id)):  # fmt: skip
            with pytest.raises(UnknownMember):
                record_receipt(world, receipt, who)
        for names in ({"phone": PHONE}, {"email": EMAIL}, {"card": card}, {"external_id": OUTER}):
            assert find_member(world, **names) is None
        for deed in (ask_to_leave, stay, choices_of):
            with pytest.raises(UnknownMember):
                deed(world, aglaya.id)


def test_an_old_file_brings_nobody_back(shop: Shop, aglaya: Person) -> None:
    leave(shop, aglaya)
    people = shop.rows("SELECT COUNT(*) FROM member")
    receipt = shop.receipt("purchase", "c1", [("MUG", "mugs", "1", "100")])

    with shop.world("2026-03-20 12:00") as world:
        entry = MemberEntry(external_id=OUTER, name=NAME, phone=PHONE, opening=500)
        members = take_members(world, [(1, entry)])
        page = take_page(world.session, world.ids, [(OUTER, [receipt])])

    assert [(line, problem.code) for line, problem in members.problems] == [(1, "member_erased")]
    assert (page.recorded, page.refused) == (0, [("c1", "member_erased")])
    assert shop.rows("SELECT COUNT(*) FROM member") == people
    assert [secret for secret in SECRETS if secret in dump(shop.engine)] == []


def test_the_same_person_may_join_anew(shop: Shop, aglaya: Person) -> None:
    leave(shop, aglaya)

    with shop.world("2026-03-20 12:00") as world:
        anew = join_member(world, name=NAME, phone=PHONE, email=EMAIL).id

    assert anew != aglaya.id
    assert Person(shop, anew or 0, NAME).balance("2026-03-20 12:00") == 0


def test_the_clock_goes_on_over_what_is_left(shop: Shop, aglaya: Person) -> None:
    leave(shop, aglaya)

    with shop.world("2027-06-01 03:00") as world:
        expire_points(world)
        while review_tiers(world):
            pass

    assert aglaya.balance("2027-06-01 03:00") == 0
    assert findings(shop, "2027-06-01 04:00") == []
    assert [secret for secret in SECRETS if secret in dump(shop.engine)] == []


def test_somebody_blocked_is_not_let_go_by_themselves(shop: Shop, aglaya: Person) -> None:
    with shop.world() as world:
        Store(world.connection).run("UPDATE member SET status = 'blocked' WHERE id = ?", aglaya.id)

    with shop.world() as world, pytest.raises(MemberBlocked):
        ask_to_leave(world, aglaya.id)


def test_a_contact_that_goes_is_forgotten_everywhere(shop: Shop, aglaya: Person) -> None:
    with shop.world() as world:
        world.session.add(
            Notice(
                id=world.ids(), kind="signin_code", channel="sms", recipient=PHONE, payload={},
                dedupe_key="x", created_at=world.now, due_at=world.now + timedelta(days=1),
            )
        )  # fmt: skip

    with shop.world() as world:
        assert set_contact(world, aglaya.id, kind="phone", contact="+79990000000") == PHONE
        assert remove_contact(world, aglaya.id, kind="phone") == "+79990000000"
        with pytest.raises(Refusal):
            remove_contact(world, aglaya.id, kind="email")

    assert PHONE not in dump(shop.engine)
    with shop.world() as world:
        assert [c.kind for c in choices_of(world, aglaya.id).contacts] == ["email"]


def test_answers_are_kept_with_their_words_and_the_last_one_counts(
    shop: Shop, aglaya: Person
) -> None:
    for at, yes in (("2026-03-03 10:00", True), ("2026-03-04 10:00", False)):
        with shop.world(at) as world:
            answer_questions(world, aglaya.id, [ConsentAnswer("league", yes, "league-1-ru-x")])

    rows = shop.rows("SELECT purpose, given FROM consent WHERE purpose = 'league' ORDER BY id")
    with shop.world() as world:
        given = choices_of(world, aglaya.id).given
    assert [bool(yes) for _, yes in rows] == [True, False]
    assert given == {"marketing"}


def test_whoever_thinks_better_of_it_at_this_moment_is_not_erased(
    shop: Shop, aglaya: Person
) -> None:
    leave(shop, aglaya, erase=False)
    if shop.engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")

    with shop.world("2026-03-18 03:30") as staying, shop.world("2026-03-18 03:30") as night:
        stay(staying, aglaya.id)
        assert erase_next(night) is None
    with shop.world("2026-03-19 03:30") as world:
        assert erase_next(world) is None
        assert choices_of(world, aglaya.id).name == NAME
