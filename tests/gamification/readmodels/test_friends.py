"""The page of friends says what became of invitations, step by step and point by point."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from gamification.activities.queries import parsed
from gamification.commands.appeals import appeal
from gamification.commands.decisions import decide_held
from gamification.commands.member import ConsentAnswer
from gamification.commands.preferences import answer_questions
from gamification.commands.referral_clock import settle_referrals
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    choose_word,
    code_for,
    day_of_visit,
    note_visits,
    owner_of,
    publish_terms,
    rotate_code,
)
from gamification.commands.reminders import remind_friend
from gamification.readmodels.friends import FriendRow, FriendsPage, Funnel, Key, friends_of
from gamification.world import World
from tests.counting import statements
from tests.shop import Person, Shop

TERMS = ReferralTerms(
    referrer_points=300, friend_points=200, minimum=200_000, hold_days=14, qualify_days=60, cap=1
)
START = "2025-06-01 12:00"
JOINED, BOUGHT, PAID = "2025-06-03 10:00", "2025-06-10 12:00", "2025-06-24 00:00"


@pytest.fixture
def ana(engine: sa.Engine) -> Person:
    """Ana, whose shop rewards invitations; purchases bring no points of their own."""
    shop = Shop(engine, at=START, tiers=(), columns={"pending_days": 14})
    with shop.world() as world:
        publish_terms(world, TERMS)
    return shop.join("Ана Сергеевна Лис")


def invited(ana: Person, name: str, at: str = JOINED) -> Person:
    ana.shop.at = at
    friend = ana.shop.join(name)
    with ana.shop.world(at) as world:
        assert bind_friend(world, friend.id, Invitation(code_for(world, ana.id))) == "bound"
    return friend


def agrees(friend: Person, *, given: bool) -> None:
    with friend.shop.world(JOINED) as world:
        answer_questions(world, friend.id, [ConsentAnswer("friends", given, "v1")])


def buys(friend: Person, at: str = BOUGHT) -> None:
    friend.spend_money(f"{friend.name} {at}", "2500", at=at, now=at)


def clock(shop: Shop, at: str) -> None:
    while True:
        with shop.world(at) as world:
            if not settle_referrals(world):
                return


def opened(ana: Person, times: int) -> None:
    with ana.shop.world(JOINED) as world:
        owner = owner_of(world, code_for(world, ana.id))
        assert owner is not None
        note_visits(world, [(owner.code_id, day_of_visit(world), "telegram", times)])


def look(ana: Person, at: str, *, before: Key | None = None) -> FriendsPage:
    with ana.shop.world(at) as world:
        page = friends_of(world, ana.id, before=before)
    assert page is not None
    return page


def only(page: FriendsPage) -> FriendRow:
    (row,) = page.friends
    return row


def test_before_the_first_link_there_is_nothing_but_the_terms(ana: Person) -> None:
    page = look(ana, START)

    assert (page.code, page.since, page.funnel, page.friends) == (None, None, (0, 0, 0), ())
    assert (page.earned, page.coming, page.is_young) == (0, 0, True)
    assert page.terms.referrer_points == 300


def test_nobody_invites_where_no_terms_were_published_nor_in_the_past(engine: sa.Engine) -> None:
    ana = Shop(engine, at=START).join("ana")

    with ana.shop.world() as world:
        before = friends_of(world, ana.id)
    with ana.shop.world() as world:
        publish_terms(world, TERMS)
    with ana.shop.world() as world:
        past = World(world.session, world.clock, past=True)
        then = friends_of(past, ana.id)

    assert (before, then) == (None, None)


def test_a_friend_goes_from_joined_to_paid_and_each_step_has_its_date(ana: Person) -> None:
    boris = invited(ana, "Борис Орлов")
    row = only(look(ana, JOINED))
    assert (row.state, row.joined, row.until) == (
        "registered", date(2025, 6, 3), date(2025, 8, 2),
    )  # fmt: skip
    assert (row.bought, row.arrives, row.paid, row.points) == (None, None, None, 0)

    buys(boris)
    clock(ana.shop, BOUGHT)
    page = look(ana, BOUGHT)
    row = only(page)
    assert (row.state, row.bought, row.arrives, row.points) == (
        "purchased", date(2025, 6, 10), date(2025, 6, 24), 300,
    )  # fmt: skip
    assert (page.earned, page.coming) == (0, 300)

    clock(ana.shop, PAID)
    page = look(ana, PAID)
    row = only(page)
    assert (row.state, row.paid, row.points) == ("rewarded", date(2025, 6, 24), 300)
    assert (page.earned, page.coming) == (300, 0)


def test_over_the_cap_and_after_a_return_it_says_so(ana: Person) -> None:
    vera, gleb = invited(ana, "Вера"), invited(ana, "Глеб", "2025-06-04 10:00")
    buys(vera)
    buys(gleb, "2025-06-11 12:00")
    clock(ana.shop, "2025-06-26 00:00")
    over = look(ana, "2025-06-26 12:00")
    assert [(r.state, r.points, r.reason) for r in over.friends] == [
        ("qualified", 0, "cap"), ("rewarded", 300, None),
    ]  # fmt: skip

    vera.bring_back("back", ("GOODS", None, "1", "2500"), of=f"Вера {BOUGHT}",
                    at="2025-06-27 12:00", now="2025-06-27 12:00")  # fmt: skip
    clock(ana.shop, "2025-06-27 12:01")
    page = look(ana, "2025-06-27 12:02")

    assert [(r.state, r.points, r.reason) for r in page.friends] == [
        ("qualified", 0, "cap"), ("reversed", 0, "returned"),
    ]  # fmt: skip
    assert (page.earned, page.funnel.joined, page.funnel.bought) == (0, 2, 1)


def test_what_the_cap_may_take_is_not_promised(ana: Person) -> None:
    vera, gleb, egor = (
        invited(ana, name, f"2025-06-0{day} 10:00")
        for day, name in ((3, "Вера"), (4, "Глеб"), (5, "Егор"))
    )
    buys(vera)
    buys(gleb, "2025-06-11 12:00")
    buys(egor, "2025-07-24 12:00")
    clock(ana.shop, "2025-06-11 13:00")
    before = look(ana, "2025-06-11 13:00")
    clock(ana.shop, "2025-07-24 13:00")
    after = look(ana, "2025-07-24 13:00")

    assert [(r.name, r.doubt) for r in before.friends if r.state == "purchased"] == [
        (None, "cap"), (None, None),
    ]  # fmt: skip
    assert (before.coming, before.perhaps) == (300, 300)
    assert (after.coming, after.perhaps, after.earned) == (300, 0, 300), "the thirty days are over"


def test_an_invitation_that_is_checked_may_take_the_place(ana: Person) -> None:
    vera, gleb = invited(ana, "Вера"), invited(ana, "Глеб", "2025-06-04 10:00")
    buys(vera)
    buys(gleb, "2025-06-11 12:00")
    clock(ana.shop, "2025-06-11 13:00")
    with ana.shop.world(BOUGHT) as world:
        world.connection.exec_driver_sql(
            "UPDATE referral SET state = 'in_review', due_at = NULL WHERE bound_at ="
            " (SELECT MIN(bound_at) FROM referral)"
        )

    page = look(ana, "2025-06-11 13:00")

    assert (page.coming, page.perhaps, page.friends[0].doubt) == (0, 300, "cap")


@pytest.mark.parametrize(("budget", "promised"), [(1_000, 600), (999, 0)])
def test_what_the_budget_may_not_reach_is_not_promised(
    ana: Person, budget: int, promised: int
) -> None:
    with ana.shop.world("2025-06-02 12:00") as world:
        publish_terms(world, replace(TERMS, cap=5, budget=budget))
    for name in ("Вера", "Глеб"):
        buys(invited(ana, name))
    clock(ana.shop, BOUGHT)

    page = look(ana, BOUGHT)

    assert (page.coming, page.perhaps) == (promised, 600 - promised)


def test_what_was_objected_to_stands_with_its_dates(ana: Person) -> None:
    invited(ana, "Борис")
    with ana.shop.world(JOINED) as world:
        world.connection.exec_driver_sql(
            "UPDATE referral SET state = 'blocked', reason = 'rejected', due_at = NULL"
        )
    first = only(look(ana, JOINED))
    with ana.shop.world("2025-06-05 10:00") as world:
        assert appeal(world, ana.id, first.id, "He is my cousin") == "sent"
    said = only(look(ana, "2025-06-06 10:00"))
    with ana.shop.world("2025-06-07 10:00") as world:
        decide_held(world, [first.id], verdict="reject", actor="owner", told="not_new")
    answered = only(look(ana, "2025-06-08 10:00"))

    assert (first.can_appeal, first.appeal) == (True, None)
    assert (said.can_appeal, said.appeal, said.appealed) == (False, "open", date(2025, 6, 5))
    assert (answered.can_appeal, answered.appeal, answered.answered, answered.reason) == (
        False, "refused", date(2025, 6, 7), "not_new",
    )  # fmt: skip


def test_who_never_buys_runs_out_of_time(ana: Person) -> None:
    invited(ana, "Вера")
    clock(ana.shop, "2025-08-03 00:00")

    row = only(look(ana, "2025-08-03 12:00"))

    assert (row.state, row.reason) == ("expired", "too_late")


def test_a_name_is_shown_only_while_the_friend_agrees(ana: Person) -> None:
    boris = invited(ana, "Борис Орлов Петрович")
    names = [only(look(ana, JOINED)).name]
    agrees(boris, given=True)
    names.append(only(look(ana, JOINED)).name)
    agrees(boris, given=False)
    names.append(only(look(ana, JOINED)).name)

    assert names == [None, "Борис О.", None]


def test_a_reminder_is_told_once_a_week_and_only_while_a_purchase_is_awaited(ana: Person) -> None:
    boris, vera = invited(ana, "Борис"), invited(ana, "Вера", "2025-06-03 11:00")
    buys(vera, "2025-06-04 10:00")
    clock(ana.shop, "2025-06-04 10:00")
    vera_id, boris_id = (row.id for row in look(ana, JOINED).friends)

    def remind(person: Person, referral_id: int, at: str) -> bool | None:
        with ana.shop.world(at) as world:
            return remind_friend(world, person.id, referral_id)

    assert [remind(ana, boris_id, at) for at in ("2025-06-05 10:00", "2025-06-08 23:59")] == [
        True, False,
    ]  # fmt: skip
    assert [row.reminded for row in look(ana, "2025-06-08 23:59").friends] == [False, True]
    assert not any(row.reminded for row in look(ana, "2025-06-09 00:00").friends)
    assert remind(ana, boris_id, "2025-06-09 00:00")
    assert remind(ana, vera_id, "2025-06-09 00:00") is False, "she has bought"
    assert remind(boris, boris_id, "2025-06-16 00:00") is None, "only whoever invited"
    assert remind(ana, 7, "2025-06-16 00:00") is None, "there is no such invitation"
    assert remind(ana, boris_id, "2025-08-03 12:00") is False, "it is too late"


@pytest.mark.parametrize(("budget", "named"), [(500, 200), (499, 0), (None, 200)])
def test_a_reminder_names_points_only_while_the_fund_has_them(
    ana: Person, budget: int | None, named: int
) -> None:
    invited(ana, "Борис")
    with ana.shop.world(JOINED) as world:
        publish_terms(world, replace(TERMS, budget=budget))
    row = only(look(ana, JOINED))

    with ana.shop.world(JOINED) as world:
        assert remind_friend(world, ana.id, row.id)

    told = ana.shop.rows("SELECT payload FROM notice WHERE kind = 'friend_reminds'")
    assert parsed(told[0][0]) == {"until": "2025-08-02", "points": named, "minimum": 200_000}


@pytest.mark.parametrize(("budget", "promised"), [(1_030, 300), (1_029, 0)])
def test_what_others_took_of_the_fund_is_not_promised(
    ana: Person, budget: int, promised: int
) -> None:
    """Vera is paid with a tenth for whoever invited Ana; Gleb's purchase is on hold."""
    olga = ana.shop.join("Ольга")
    with ana.shop.world("2025-06-02 12:00") as world:
        publish_terms(world, replace(TERMS, cap=5, second_percent=10))
        assert bind_friend(world, ana.id, Invitation(code_for(world, olga.id))) == "bound"
    buys(invited(ana, "Вера"), "2025-06-04 10:00")
    clock(ana.shop, "2025-06-04 10:00")
    buys(invited(ana, "Глеб"))
    clock(ana.shop, BOUGHT)
    clock(ana.shop, "2025-06-18 00:00")
    with ana.shop.world("2025-06-18 00:00") as world:
        publish_terms(world, replace(TERMS, cap=5, budget=budget + 30))

    page = look(ana, "2025-06-18 00:00")

    assert (page.earned, page.coming, page.perhaps) == (300, promised, 300 - promised)


def test_visits_of_every_code_are_added_up(ana: Person) -> None:
    opened(ana, 7)
    with ana.shop.world(JOINED) as world:
        rotate_code(world, ana.id)
        choose_word(world, ana.id, "лиса", ())
    opened(ana, 5)
    buys(invited(ana, "Борис"))
    invited(ana, "Вера")
    clock(ana.shop, BOUGHT)

    page = look(ana, BOUGHT)

    assert page.funnel == Funnel(opened=12, joined=2, bought=1)
    assert (page.own, page.code) == ("ЛИСА", "ЛИСА")
    assert page.since == date(2025, 6, 3)


def test_somebody_who_is_the_same_person_has_not_joined(ana: Person) -> None:
    invited(ana, "Ана Лис")
    with ana.shop.world(JOINED) as world:
        world.connection.exec_driver_sql(
            "UPDATE referral SET state = 'blocked', reason = 'same_person'"
        )

    page = look(ana, JOINED)

    assert (page.funnel.joined, only(page).state, only(page).reason) == (
        0, "blocked", "same_person",
    )  # fmt: skip


def test_the_ladder_counts_friends_who_stayed(ana: Person) -> None:
    for name in ("Борис", "Вера"):
        buys(invited(ana, name))
    clock(ana.shop, PAID)

    ladder = look(ana, PAID).ladder

    assert ladder is not None
    assert [(rung.need, rung.held) for rung in ladder.rungs] == [
        (1, True), (4, False), (8, False), (20, False),
    ]  # fmt: skip
    assert (ladder.done, ladder.next) == (2, ladder.rungs[1])


def test_every_friend_stands_on_one_page_of_twenty(ana: Person) -> None:
    for number in range(45):
        invited(ana, f"friend {number}", f"2025-06-0{3 + number // 30} 10:00")

    found, before, sizes = list[int](), None, []
    while True:
        page = look(ana, "2025-06-05 12:00", before=before)
        sizes.append(len(page.friends))
        found += [row.id for row in page.friends]
        before = page.before
        if before is None:
            break

    assert sizes == [20, 20, 5]
    assert len(set(found)) == 45


def test_one_friend_and_sixty_cost_six_statements(ana: Person) -> None:
    buys(invited(ana, "first"))
    one = statements(ana, lambda world: friends_of(world, ana.id), BOUGHT)
    for number in range(59):
        invited(ana, f"friend {number}")

    sixty = statements(ana, lambda world: friends_of(world, ana.id), BOUGHT)

    assert (one, sixty) == (6, 6)
