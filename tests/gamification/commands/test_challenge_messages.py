"""Who hears of a challenge, and who does not; once each, whatever is killed on the way."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.commands import challenge_messages, postman
from gamification.commands.challenge_messages import invite_members, remind_members
from gamification.commands.challenges import Rung, Step, pause_challenge, resume_challenge
from gamification.commands.farewell import erase_member
from gamification.commands.member import ConsentAnswer
from gamification.commands.preferences import answer_questions
from gamification.measures.catalogue import Where
from gamification.store import Store
from tests.challenging import launch, terms, told, work
from tests.shop import Person, Shop, plain_tiers

START, END = "2026-03-02 00:00", "2026-03-09 00:00"
"""A week from Monday to Monday."""
BEGUN = "2026-03-02 00:01"
THREE = Step(kind="count", at_least=3)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine, at="2026-03-01 12:00", tiers=plain_tiers(("base", 0, 0)))


def agree(person: Person, *, given: bool = True, at: str | None = None) -> Person:
    with person.shop.world(at) as world:
        answer_questions(world, person.id, [ConsentAnswer("marketing", given, "x")])
    return person


def come(shop: Shop, name: str, *, agrees: bool = True) -> Person:
    return agree(shop.join(name), given=agrees)


def clock(shop: Shop, at: str) -> None:
    """The clock works at a moment until nothing is left to do."""
    work(shop, at)
    for step in (invite_members, remind_members):
        for _ in range(50):
            with shop.world(at) as world:
                if not step(world):
                    break


def invited(shop: Shop) -> set[str]:
    rows = shop.rows(
        "SELECT m.name FROM notice n JOIN member m ON m.id = n.member_id"
        " WHERE n.kind = 'challenge_invitation' AND n.channel = 'inbox'"
    )
    return {str(name) for (name,) in rows}


def test_an_invitation_goes_to_who_agreed_when_it_begins_and_to_nobody_before(shop: Shop) -> None:
    come(shop, "Ana")
    come(shop, "Boris", agrees=False)
    shop.join("Clara")
    dina = come(shop, "Dina")
    agree(dina, given=False, at="2026-03-01 13:00")
    launch(shop, terms(THREE), START, END)

    clock(shop, "2026-03-01 23:59")
    before = invited(shop)
    clock(shop, BEGUN)

    assert before == set()
    assert invited(shop) == {"Ana"}


def test_blocked_erased_and_leaving_members_hear_nothing(shop: Shop) -> None:
    people = {name: come(shop, name) for name in ("Ana", "Blocked", "Gone", "Leaving")}
    with shop.world() as world:
        store = Store(world.connection)
        store.run("UPDATE member SET status = 'blocked' WHERE id = ?", people["Blocked"].id)
        store.run("UPDATE member SET leaving_at = 1, erase_at = ? WHERE id = ?", 2**60,
                  people["Leaving"].id)  # fmt: skip
        erase_member(world, people["Gone"].id)
    launch(shop, terms(THREE), START, END)

    clock(shop, BEGUN)

    assert invited(shop) == {"Ana"}


def test_control_is_never_told_of_anything(shop: Shop) -> None:
    everybody = [come(shop, f"M{n}") for n in range(30)]
    plan = terms(THREE, control_percent=50, remind_days=(1,))
    week = launch(shop, plan, START, END)
    clock(shop, BEGUN)
    for person in everybody:
        for n in (1, 2):
            at = f"2026-03-0{n + 1} 12:00"
            person.spend_money(f"{person.name}-{n}", "100", at=at, now=at)
    clock(shop, "2026-03-07 11:00")
    clock(shop, "2026-03-20 00:00")

    arms = dict(
        shop.rows("SELECT member_id, arm FROM challenge_entry WHERE challenge_id = ?", week)
    )
    heard = {row[0] for row in shop.rows("SELECT member_id FROM notice WHERE kind LIKE 'chall%'")}
    assert set(arms.values()) == {"treatment", "control"}
    assert heard == {member_id for member_id, arm in arms.items() if arm == "treatment"}


def test_an_audience_is_asked_as_of_the_start_and_for_newcomers_as_of_their_joining(
    shop: Shop,
) -> None:
    bought = {"all": [{"kind": "frequency", "days": 30, "at_least": 1}]}
    none = {"all": [{"kind": "frequency", "days": 30, "at_most": 0}]}
    buyer, other = come(shop, "Buyer"), come(shop, "Other")
    buyer.spend_money("r1", "100", at="2026-03-01 12:30", now="2026-03-01 12:30")
    launch(shop, terms(THREE, audience=bought), START, END)
    clock(shop, BEGUN)
    first = invited(shop)
    tea = Step(kind="sum", at_least=500, where=Where(categories=("tea",)))
    launch(shop, terms(tea, audience=none), START, END, at=BEGUN)
    other.spend_money("r2", "100", at="2026-03-02 12:00", now="2026-03-02 12:00")
    shop.at = "2026-03-03 12:00"
    come(shop, "Late")
    clock(shop, "2026-03-03 12:01")

    assert first == {"Buyer"}
    assert invited(shop) == {"Buyer", "Other", "Late"}


def test_a_page_is_a_transaction_and_a_killed_one_is_done_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenge_messages, "PAGE", 2)
    for n in range(5):
        come(shop, f"M{n}")
    launch(shop, terms(THREE), START, END)
    work(shop, BEGUN)
    with shop.world(BEGUN) as world:
        assert invite_members(world) == 2
    with pytest.raises(RuntimeError), shop.world(BEGUN) as world:
        assert invite_members(world) == 2
        raise RuntimeError("killed")
    halfway = invited(shop)
    clock(shop, BEGUN)
    with shop.world(BEGUN) as world:
        Store(world.connection).run("DELETE FROM challenge_post")
    clock(shop, BEGUN)

    assert len(halfway) == 2
    rows = shop.rows("SELECT COUNT(*) FROM notice WHERE kind = 'challenge_invitation'")
    assert rows == [(5,)]


def test_a_reminder_finds_who_is_in_it_or_was_invited_and_not_who_is_done(shop: Shop) -> None:
    idle, player, done = (come(shop, name) for name in ("Idle", "Player", "Done"))
    silent_player = come(shop, "Silent", agrees=False)
    silent = come(shop, "Nobody", agrees=False)
    launch(shop, terms(THREE, remind_days=(1, 3)), START, END)
    clock(shop, BEGUN)
    for person, times in ((player, 1), (silent_player, 1), (done, 3)):
        for n in range(times):
            at = f"2026-03-02 1{n}:00"
            person.spend_money(f"{person.name}-{n}", "100", at=at, now=at)

    clock(shop, "2026-03-05 09:59")
    early = told(player, "challenge_reminder")
    clock(shop, "2026-03-05 10:00")
    clock(shop, "2026-03-05 10:10")
    people = (idle, player, done, silent_player, silent)
    first = [len(told(person, "challenge_reminder")) for person in people]
    clock(shop, "2026-03-07 10:00")

    assert early == []
    assert first == [1, 1, 0, 1, 0]
    assert [len(told(person, "challenge_reminder")) for person in people] == [2, 2, 0, 2, 0]
    assert (
        told(player, "challenge_reminder")[0] | {"left": 2, "unit": "purchase"}
        == (told(player, "challenge_reminder")[0])
    )
    assert told(idle, "challenge_reminder")[0]["left"] == 3


def test_while_it_is_paused_nobody_is_told_and_only_the_latest_reminder_is_made_up_for(
    shop: Shop,
) -> None:
    ana = come(shop, "Ana")
    week = launch(shop, terms(THREE, remind_days=(1, 3)), START, END)
    clock(shop, BEGUN)
    with shop.world("2026-03-04 12:00") as world:
        pause_challenge(world, week, reason="x", actor="m")
    clock(shop, "2026-03-07 12:00")
    paused = told(ana, "challenge_reminder")
    with shop.world("2026-03-07 13:00") as world:
        resume_challenge(world, week, actor="m")
    clock(shop, "2026-03-07 13:01")

    assert paused == []
    assert len(told(ana, "challenge_reminder")) == 1


def test_one_step_or_the_last_fifth_is_told_once_and_not_by_what_completes_it(shop: Shop) -> None:
    ana, boris = come(shop, "Ana"), come(shop, "Boris", agrees=False)
    launch(shop, terms(THREE), START, END)
    launch(shop, terms(Step(kind="sum", at_least=100_000)), START, END)
    for n, money in ((1, "300"), (2, "499")):
        ana.spend_money(f"a{n}", money, at=f"2026-03-0{n + 1} 12:00", now=f"2026-03-0{n + 1} 12:00")
    near_count = told(ana, "challenge_almost")
    ana.spend_money("a3", "1", at="2026-03-04 12:00", now="2026-03-04 12:00")
    ana.bring_back("a3r", ("GOODS", None, "1", "1"), of="a3", at="2026-03-04 13:00",
                   now="2026-03-04 13:00")  # fmt: skip
    ana.spend_money("a4", "1", at="2026-03-04 14:00", now="2026-03-04 14:00")
    boris.spend_money("b1", "1000", at="2026-03-03 12:00", now="2026-03-03 12:00")

    assert [(x["left"], x["unit"]) for x in near_count] == [(1, "purchase")]
    assert [(x["left"], x["unit"]) for x in told(ana, "challenge_almost")] == [
        (1, "purchase"),
        (20_000, "money"),
    ]
    assert told(boris, "challenge_almost") == []


def test_the_end_is_told_to_who_had_begun_with_what_was_missing(shop: Shop) -> None:
    player, idle, done = (come(shop, name) for name in ("Player", "Idle", "Done"))
    launch(shop, terms(THREE), START, END)
    clock(shop, BEGUN)
    player.spend_money("p1", "100", at="2026-03-03 12:00", now="2026-03-03 12:00")
    for n in range(3):
        done.spend_money(f"d{n}", "100", at=f"2026-03-03 1{n}:00", now=f"2026-03-03 1{n}:00")
    clock(shop, "2026-03-10 23:59")
    before = told(player, "challenge_ended")
    clock(shop, "2026-03-11 00:00")  # the grace of 48 hours is over
    clock(shop, "2026-03-12 00:00")

    assert before == []
    assert [(x["left"], x["unit"]) for x in told(player, "challenge_ended")] == [(2, "purchase")]
    assert told(idle, "challenge_ended") == told(done, "challenge_ended") == []


def test_a_weeks_own_time_is_reminded_by_its_own_end(shop: Shop) -> None:
    plan = terms(THREE, window="joined", days=7, remind_days=(2,))
    old = come(shop, "Old")
    launch(shop, plan, START, END)
    clock(shop, BEGUN)
    shop.at = "2026-03-04 12:00"
    new = come(shop, "New")
    clock(shop, "2026-03-04 12:01")
    new.spend_money("n1", "100", at="2026-03-05 12:00", now="2026-03-05 12:00")
    assert invited(shop) == {"New"}
    # from joining on seven whole days: until the end of the 11th
    clock(shop, "2026-03-09 09:59")
    early = told(new, "challenge_reminder")
    clock(shop, "2026-03-09 10:00")
    clock(shop, "2026-03-09 10:05")

    assert early == []
    assert told(old, "challenge_reminder") == []
    assert [x["left"] for x in told(new, "challenge_reminder")] == [2]
    assert told(new, "challenge_invitation")[0]["until"] == "2026-03-11"


def test_a_ladder_is_near_before_its_last_rung_only(shop: Shop) -> None:
    ana = come(shop, "Ana")
    ladder = (Rung(at=2, points=10), Rung(at=10, points=50))
    launch(shop, terms(Step(kind="count", at_least=10), ladder=ladder), START, END)
    for n in range(8):
        at = f"2026-03-02 {10 + n}:00"
        ana.spend_money(f"r{n}", "10", at=at, now=at)
        assert len(told(ana, "challenge_almost")) == (1 if n == 7 else 0)


def carry(shop: Shop, at: str) -> None:
    """A postman without a way out takes everything that is due."""
    with shop.world(at) as world:
        for parcel in postman.take_due(world, 500):
            if parcel.channel == "inbox":
                postman.lay_in_inbox(world, parcel)
            elif (ready := postman.look_again(world, parcel)) is not None:
                postman.mark_sent(world, parcel, at=ready.at)


def letters(shop: Shop) -> list[tuple[str, str, datetime | None]]:
    rows = shop.rows(
        "SELECT kind, state, sent_at FROM notice WHERE channel = 'email' ORDER BY due_at, id"
    )
    return [
        (kind, state, at and datetime.fromtimestamp(at / 1_000_000, UTC))
        for kind, state, at in rows
    ]


def reachable(shop: Shop, person: Person, zone: str | None = None) -> None:
    with shop.world() as world:
        Store(world.connection).run(
            "UPDATE member SET email = ?, claimed_at = joined_at, zone = ? WHERE id = ?",
            f"{person.name.lower()}@example.org",
            zone,
            person.id,
        )


def test_mail_waits_for_the_morning_of_the_members_own_zone(shop: Shop) -> None:
    ana, vera = come(shop, "Ana"), come(shop, "Vera")
    reachable(shop, ana)
    reachable(shop, vera, "Asia/Vladivostok")
    launch(shop, terms(THREE), START, END)
    clock(shop, BEGUN)
    carry(shop, BEGUN)
    carry(shop, "2026-03-02 02:00")  # nine in the morning in Vladivostok
    far = letters(shop)
    carry(shop, "2026-03-02 09:00")

    assert [state for _, state, _ in far] == ["sent", "open"]
    assert [state for _, state, _ in letters(shop)] == ["sent", "sent"]


def test_of_several_challenges_one_letter_a_day_goes_and_the_others_wait(shop: Shop) -> None:
    ana = come(shop, "Ana")
    reachable(shop, ana)
    for n in (3, 4, 5, 6, 7):
        launch(shop, terms(Step(kind="count", at_least=n)), START, "2026-03-30 00:00")
    for hour in range(24 * 7):
        at = f"2026-03-{2 + hour // 24:02} {hour % 24:02}:30"
        clock(shop, at) if hour == 0 else None
        carry(shop, at)

    days = [at.date().isoformat() for _, state, at in letters(shop) if state == "sent" and at]
    assert days == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert len(told(ana, "challenge_invitation")) == 5


def test_the_shop_may_let_more_through_or_none(shop: Shop) -> None:
    ana = come(shop, "Ana")
    reachable(shop, ana)
    with shop.world() as world:
        Store(world.connection).run("UPDATE programme SET news_a_day = 3")
    for n in (3, 4, 5, 6):
        launch(shop, terms(Step(kind="count", at_least=n)), START, "2026-03-03 12:00")
    clock(shop, "2026-03-02 10:00")
    carry(shop, "2026-03-02 10:00")
    carry(shop, "2026-03-02 10:01")
    three = letters(shop)
    with shop.world() as world:
        Store(world.connection).run("UPDATE programme SET news_a_day = 0")
    carry(shop, "2026-03-03 10:01")

    assert [state for _, state, _ in three].count("sent") == 3
    assert [state for _, state, _ in letters(shop)].count("sent") == 3


def test_a_consent_taken_back_before_the_post_goes_stops_inbox_and_mail(shop: Shop) -> None:
    ana, boris = come(shop, "Ana"), come(shop, "Boris")
    for person in (ana, boris):
        reachable(shop, person)
    launch(shop, terms(THREE), START, END)
    clock(shop, BEGUN)
    agree(ana, given=False, at="2026-03-02 00:02")
    carry(shop, "2026-03-02 00:03")
    agree(boris, given=False, at="2026-03-02 00:04")
    carry(shop, "2026-03-02 12:00")

    states = shop.rows("SELECT state FROM notice WHERE kind = 'challenge_invitation' ORDER BY id")
    assert sorted(state for (state,) in states) == ["dropped", "dropped", "sent"]
    with shop.world("2026-03-02 13:00") as world:
        assert [found.id for found in run_audit(world).findings if found.count] == []


def test_a_member_blocked_meanwhile_gets_no_letter(shop: Shop) -> None:
    ana = come(shop, "Ana")
    reachable(shop, ana)
    launch(shop, terms(THREE), START, END)
    clock(shop, BEGUN)
    carry(shop, BEGUN)
    with shop.world() as world:
        Store(world.connection).run("UPDATE member SET status = 'blocked' WHERE id = ?", ana.id)
    carry(shop, "2026-03-02 12:00")

    assert [state for _, state, _ in letters(shop)] == ["dropped"]
