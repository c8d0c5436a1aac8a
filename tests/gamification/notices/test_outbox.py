"""A message is written once, taken by one worker, and closed by it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from gamification.commands import postman
from gamification.members.tables import Consent, Member
from gamification.notices import actions, queries
from gamification.notices.queries import Parcel
from gamification.notices.retries import MOST_ATTEMPTS
from gamification.notices.tables import Notice
from gamification.readmodels import notices as readmodel
from gamification.world import World, fixed_clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)

WorldAt = Callable[[datetime], AbstractContextManager[World]]


@pytest.fixture
def at(engine: sa.Engine) -> WorldAt:
    """One transaction at an instant, committed at its end."""

    @contextmanager
    def opened(instant: datetime) -> Iterator[World]:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield World(session, fixed_clock(instant))

    return opened


@pytest.fixture
def anna(at: WorldAt) -> int:
    with at(NOON) as world:
        member = Member(
            public_id="anna",
            email="anna@example.org",
            phone="+79990000001",
            origin="signup",
            joined_at=NOON,
        )
        world.session.add(member)
        world.session.flush()
        assert member.id is not None
        return member.id


def write(world: World, key: str = "code:1", **values: Any) -> int | None:
    usual: dict[str, Any] = {
        "kind": "signin_code",
        "channel": "email",
        "recipient": "anna@example.org",
        "payload": {"code": "123456"},
    }
    return actions.write_notice(world, dedupe_key=key, **(usual | values))


def take(world: World, limit: int = 10) -> list[Parcel]:
    return actions.claim_due(world, limit, LEASE)


def rows(world: World) -> list[Notice]:
    return list(world.session.exec(select(Notice).order_by(Notice.id)).all())  # type: ignore[arg-type]


def test_the_same_key_is_told_once(at: WorldAt) -> None:
    with at(NOON) as world:
        first = write(world)
        second = write(world, payload={"code": "999999"})

    with at(NOON) as world:
        found = [(row.id, row.payload, row.state, row.attempts) for row in rows(world)]
    assert second is None
    assert found == [(first, {"code": "123456"}, "open", 0)]


def test_a_message_undone_with_its_cause_is_never_sent(engine: sa.Engine, at: WorldAt) -> None:
    with pytest.raises(RuntimeError), at(NOON) as world:
        write(world)
        raise RuntimeError("the purchase failed")

    with at(NOON) as world:
        assert take(world) == []


def test_a_taken_message_is_nobody_elses_until_its_lease_ends(at: WorldAt) -> None:
    with at(NOON) as world:
        write(world)
    with at(NOON) as world:
        mine = take(world)

    with at(NOON + LEASE - timedelta(microseconds=1)) as world:
        too_soon = take(world)
    with at(NOON + LEASE) as world:
        returned = take(world)
    assert [parcel.attempts for parcel in mine] == [1]
    assert too_soon == []
    assert [(parcel.id, parcel.attempts) for parcel in returned] == [(mine[0].id, 2)]


def test_messages_leave_in_the_order_they_fall_due_and_not_before(at: WorldAt) -> None:
    with at(NOON) as world:
        late = write(world, "late", due_at=NOON + timedelta(hours=1))
        second = write(world, "second")
        first = write(world, "first", due_at=NOON - timedelta(seconds=1))

    with at(NOON) as world:
        one = take(world, limit=1)
        rest = take(world)
    with at(NOON + timedelta(hours=1)) as world:
        evening = take(world, limit=1)
    assert [p.id for p in one] == [first]
    assert [p.id for p in rest] == [second]
    assert [p.id for p in evening] == [first], "a lease that ran out comes first again"
    assert late is not None


def test_a_sent_message_forgets_its_secrets(at: WorldAt) -> None:
    with at(NOON) as world:
        write(world, payload={"code": "123456", "minutes": 10})
        [parcel] = take(world)

    with at(NOON) as world:
        first = actions.mark_sent(world, parcel, secrets={"code"})
        again = actions.mark_sent(world, parcel, secrets={"code"})

    with at(NOON + timedelta(days=9)) as world:
        [row] = rows(world)
        assert (row.state, row.payload, row.sent_at, row.leased_until) == (
            "sent",
            {"minutes": 10},
            NOON,
            None,
        )
        assert (first, again) == (True, False)
        assert take(world) == []


def test_a_failed_message_waits_longer_each_time_and_is_given_up(at: WorldAt) -> None:
    now = NOON
    with at(now) as world:
        write(world)

    waits = []
    for _ in range(MOST_ATTEMPTS):
        with at(now) as world:
            [parcel] = take(world)
            actions.mark_failed(world, parcel, "421 busy", secrets={"code"})
        with at(now) as world:
            [row] = rows(world)
            waits.append(row.due_at - now)
            now = row.due_at

    assert waits[:3] == [timedelta(seconds=s) for s in (5, 20, 80)]
    assert (row.state, row.attempts, row.last_error, row.payload) == ("failed", 10, "421 busy", {})


def test_a_permanent_failure_is_not_tried_again(at: WorldAt) -> None:
    with at(NOON) as world:
        write(world)
        [parcel] = take(world)
        actions.mark_failed(world, parcel, "550 no such box", permanent=True)

    with at(NOON + timedelta(days=2)) as world:
        assert take(world) == []
        assert rows(world)[0].state == "failed"


def test_a_worker_that_lost_its_lease_cannot_push_the_message_away(at: WorldAt) -> None:
    with at(NOON) as world:
        write(world)
        [slow] = take(world)
    with at(NOON + LEASE) as world:
        [quick] = take(world)

    with at(NOON + LEASE) as world:
        late_answer = actions.mark_failed(world, slow, "timed out", permanent=True)
        good_answer = actions.mark_sent(world, quick)

    with at(NOON + LEASE) as world:
        assert (late_answer, good_answer) == (False, True)
        assert rows(world)[0].state == "sent"


def test_what_was_sent_stays_sent_even_when_the_lease_ran_out(at: WorldAt) -> None:
    with at(NOON) as world:
        write(world)
        [slow] = take(world)
    with at(NOON + LEASE) as world:
        [quick] = take(world)
        actions.mark_sent(world, slow)
        answer = actions.mark_failed(world, quick, "421 busy")

    with at(NOON + LEASE) as world:
        assert answer is False
        assert rows(world)[0].state == "sent"


def test_a_message_that_kills_every_worker_is_given_up(at: WorldAt) -> None:
    now = NOON
    with at(now) as world:
        write(world)

    takes = 0
    for _ in range(MOST_ATTEMPTS + 1):
        with at(now) as world:
            takes += len(take(world))
        now += LEASE

    with at(now) as world:
        [row] = rows(world)
        assert (takes, row.state) == (MOST_ATTEMPTS, "failed")
        assert row.last_error == "no worker came back from it"


def test_a_message_given_back_loses_no_attempt(at: WorldAt) -> None:
    with at(NOON) as world:
        write(world)
        [parcel] = take(world)
        actions.put_back(world, parcel)

    with at(NOON) as world:
        assert [p.attempts for p in take(world)] == [1]


def test_the_address_is_the_members_present_one_unless_written(at: WorldAt, anna: int) -> None:
    with at(NOON) as world:
        write(world, "old", member_id=anna, recipient="old@example.org")
        write(world, "mail", member_id=anna, recipient=None)
        write(world, "sms", member_id=anna, recipient=None, channel="sms")
        write(world, "inbox", member_id=anna, recipient=None, channel="inbox")
        parcels = take(world)

    with at(NOON) as world:
        found = {p.channel + str(i): queries.address_of(world, p) for i, p in enumerate(parcels)}
    assert found == {
        "email0": "old@example.org",
        "email1": "anna@example.org",
        "sms2": "+79990000001",
        "inbox3": None,
    }


@pytest.mark.parametrize("status", ["blocked", "erased"])
def test_an_erased_member_has_no_address(at: WorldAt, anna: int, status: str) -> None:
    with at(NOON) as world:
        world.session.execute(sa.update(Member).values(status=status))
        write(world, member_id=anna, recipient=None)
        [parcel] = take(world)
        ready = postman.look_again(world, parcel)

    with at(NOON) as world:
        expected = "dropped" if status == "erased" else "open"
        assert (ready is None, rows(world)[0].state) == (status == "erased", expected)


def answer(world: World, member_id: int, *, given: bool, when: datetime) -> None:
    world.session.add(
        Consent(
            member_id=member_id,
            purpose="marketing",
            given=given,
            at=when,
            text_version="1",
            channel="web",
            actor="member",
        )
    )


@pytest.mark.parametrize(
    ("answers", "goes"),
    [([], False), ([True], True), ([True, False], False), ([False, True], True)],
)
def test_marketing_goes_only_with_the_latest_answer_yes(
    at: WorldAt, anna: int, answers: list[bool], goes: bool
) -> None:
    with at(NOON) as world:
        for minute, given in enumerate(answers):
            answer(world, anna, given=given, when=NOON + timedelta(minutes=minute))
        write(world, member_id=anna, purpose="marketing", payload={"link": "/x", "percent": 5})
        [parcel] = take(world)

    with at(NOON + timedelta(hours=1)) as world:
        ready = postman.look_again(world, parcel, secrets={"link"})

    with at(NOON) as world:
        [row] = rows(world)
        if goes:
            assert ready == postman.Ready(parcel, "anna@example.org", NOON + timedelta(hours=1))
        else:
            assert ready is None
            assert (row.state, row.last_error) == ("dropped", "no consent")
            assert row.payload == {"percent": 5}


def test_a_code_that_has_run_out_is_dropped(at: WorldAt) -> None:
    until = (NOON + timedelta(minutes=10)).isoformat()
    with at(NOON) as world:
        write(world, payload={"code": "123456", "good_until": until})
        [parcel] = take(world)

    with at(NOON + timedelta(minutes=10)) as world:
        ready = postman.look_again(world, parcel)

    with at(NOON) as world:
        assert ready is None
        assert (rows(world)[0].state, rows(world)[0].last_error) == ("dropped", "too late to help")


def test_the_inbox_is_the_members_own_newest_first(at: WorldAt, anna: int) -> None:
    with at(NOON) as world:
        boris = Member(public_id="boris", origin="signup", joined_at=NOON)
        world.session.add(boris)
        world.session.flush()
        mine = {"channel": "inbox", "recipient": None, "member_id": anna}
        first = write(world, "1", kind="tier_reached", payload={"tier": "leaf"}, **mine)
        second = write(world, "2", kind="medal_awarded", payload={"medal": "first"}, **mine)
        write(world, "3", **(mine | {"member_id": boris.id}))
        write(world, "4", **mine, due_at=NOON + timedelta(days=1))
        write(world, "5", member_id=anna)

    with at(NOON) as world:
        shown = readmodel.inbox(world, anna)
        unread = readmodel.unread_count(world, anna)
        assert first is not None
        seen = actions.mark_read(world, anna, first)

    with at(NOON) as world:
        assert [(item.id, item.kind) for item in shown] == [
            (second, "medal_awarded"),
            (first, "tier_reached"),
        ]
        assert (unread, seen, readmodel.unread_count(world, anna)) == (2, 1, 1)
        assert [i.id for i in readmodel.inbox(world, anna, before=second)] == [first]
        assert [i.id for i in readmodel.inbox(world, anna, limit=1)] == [second]


def test_old_closed_messages_are_deleted_and_the_inbox_is_kept(at: WorldAt, anna: int) -> None:
    with at(NOON) as world:
        write(world, "sent")
        write(world, "inbox", channel="inbox", member_id=anna, recipient=None)
        for parcel in take(world):
            actions.mark_sent(world, parcel)
        write(world, "open")
    with at(NOON + timedelta(days=1)) as world:
        write(world, "young")

    with at(NOON + timedelta(days=40)) as world:
        gone = actions.forget_closed(world, NOON + timedelta(days=1))

    with at(NOON) as world:
        assert gone == 1
        assert {row.dedupe_key for row in rows(world)} == {"inbox", "open", "young"}


def test_the_outbox_can_be_read_and_counted(at: WorldAt) -> None:
    with at(NOON) as world:
        write(world, "1")
        write(world, "2", channel="sms", recipient="+79990000002")
        [parcel] = take(world, limit=1)
        actions.mark_sent(world, parcel)

    with at(NOON + timedelta(minutes=1)) as world:
        everything = readmodel.outbox(world)
        latest = readmodel.outbox(world, limit=1)
        assert [(row.recipient, row.state) for row in everything] == [
            ("anna@example.org", "sent"),
            ("+79990000002", "open"),
        ]
        assert latest == everything[1:]
        assert readmodel.outbox(world, state="sent") == everything[:1]
        assert readmodel.counts_by_state(world) == {"sent": 1, "open": 1}
        assert readmodel.oldest_open(world) == NOON
        assert postman.is_any_due(world)
