"""Copies go where their reader wants them, and wait in the hours in which the reader rests."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from gamification.commands import postman
from gamification.commands.member import ConsentAnswer, join_member
from gamification.commands.preferences import (
    answer_questions,
    choose_notice,
    set_quiet_hours,
)
from gamification.members.tables import Member
from gamification.notices.copies import CHOSEN, COPIES, after_rest, chosen_kind
from gamification.notices.queries import Parcel
from gamification.notices.tables import Notice
from gamification.refusals import InvalidSetting
from gamification.world import World, fixed_clock

NOON, NIGHT = datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("rest", "now", "awake"),
    [
        ((22, 8), "2026-03-01 21:59", "2026-03-01 21:59"),
        ((22, 8), "2026-03-01 22:00", "2026-03-02 08:00"),
        ((22, 8), "2026-03-02 00:30", "2026-03-02 08:00"),
        ((22, 8), "2026-03-02 08:00", "2026-03-02 08:00"),
        ((13, 15), "2026-03-01 13:00", "2026-03-01 15:00"),
        ((13, 15), "2026-03-01 15:00", "2026-03-01 15:00"),
        ((0, 7), "2026-03-01 23:59", "2026-03-01 23:59"),
        ((23, 0), "2026-03-01 23:10", "2026-03-02 00:00"),
    ],
)
def test_the_rest_ends_at_its_hour(rest: tuple[int, int], now: str, awake: str) -> None:
    assert after_rest(moscow(now).astimezone(UTC), rest, MOSCOW) == moscow(awake)


def test_a_night_with_a_changed_clock_ends_at_the_local_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 23, 0, tzinfo=berlin).astimezone(UTC)

    awake = after_rest(before, (22, 8), berlin)

    assert awake.astimezone(berlin) == datetime(2026, 3, 29, 8, 0, tzinfo=berlin)


@pytest.fixture
def anna(engine: sa.Engine) -> int:
    """Anna has come in, with a proved phone, and agreed to news."""
    with opened(engine) as session:
        world = World(session, fixed_clock(NOON))
        member = join_member(world, name="Anna", phone="+79990000001", email="anna@example.org")
        member.phone_confirmed_at = NOON
        assert member.id is not None
        answer_questions(world, member.id, [ConsentAnswer("marketing", True, "x")])
        return member.id


def opened(engine: sa.Engine) -> Session:
    """A session that commits when its block ends well."""
    return _Committed(engine, expire_on_commit=False)


class _Committed(Session):
    """A session that commits when its block ends well."""

    def __exit__(self, kind: object, error: object, trace: object) -> None:  # type: ignore[override]
        if kind is None:
            self.commit()
        self.close()


def tell(engine: sa.Engine, member: int, now: datetime, kind: str = "medal") -> list[Notice]:
    """A message is laid into the inbox; answers its copies, e-mail first."""
    with opened(engine) as session:
        world = World(session, fixed_clock(now))
        postman.write_notice(
            world, kind=kind, channel="inbox", member_id=member, payload={"medal": "x", "level": 1},
            dedupe_key=f"{kind}:{now}",
        )  # fmt: skip
        for parcel in postman.take_due(world):
            if parcel.channel == "inbox":
                postman.lay_in_inbox(world, parcel)
        copies = select(Notice).where(col(Notice.channel) != "inbox").order_by(Notice.channel)
        return list(session.exec(copies).all())


def choose(engine: sa.Engine, member: int, kind: str, channel: str, wanted: bool) -> None:
    with opened(engine) as session:
        world = World(session, fixed_clock(NOON))
        choose_notice(world, member, kind=kind, channel=channel, wanted=wanted)


def rest(engine: sa.Engine, member: int, hours: tuple[int, int] | None) -> None:
    with opened(engine) as session:
        set_quiet_hours(World(session, fixed_clock(NOON)), member, hours)


def test_without_a_choice_news_goes_by_mail_alone(engine: sa.Engine, anna: int) -> None:
    copies = tell(engine, anna, NOON)

    assert [(c.channel, c.purpose) for c in copies] == [("email", "marketing")]


def test_what_was_chosen_goes_out_as_a_service(engine: sa.Engine, anna: int) -> None:
    choose(engine, anna, "medal", "sms", True)
    choose(engine, anna, "medal", "email", True)

    copies = tell(engine, anna, NOON)

    assert [(c.channel, c.purpose) for c in copies] == [("email", "service"), ("sms", "service")]


def test_what_was_refused_does_not_go_out(engine: sa.Engine, anna: int) -> None:
    for kind in COPIES:
        choose(engine, anna, kind, "email", False)

    assert [tell(engine, anna, NOON, kind) for kind in COPIES] == [[]] * len(COPIES)


def test_an_sms_needs_a_phone_that_was_proved(engine: sa.Engine, anna: int) -> None:
    choose(engine, anna, "returned", "sms", True)
    with opened(engine) as session:
        session.get_one(Member, anna).phone_confirmed_at = None

    assert [c.channel for c in tell(engine, anna, NOON, "returned")] == ["email"]


def test_a_choice_taken_back_drops_what_waits(engine: sa.Engine, anna: int) -> None:
    tell(engine, anna, NOON)
    choose(engine, anna, "medal", "email", False)

    with opened(engine) as session:
        world = World(session, fixed_clock(NOON))
        ready = [postman.look_again(world, parcel) for parcel in postman.take_due(world)]
        row = session.exec(select(Notice).where(Notice.channel == "email")).one()

    assert ready == [None]
    assert (row.state, row.last_error) == ("dropped", "not wanted")


def test_in_quiet_hours_a_copy_waits_for_the_morning(engine: sa.Engine, anna: int) -> None:
    rest(engine, anna, (22, 8))

    (copy,) = tell(engine, anna, NIGHT, "returned")

    assert copy.due_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_hours_set_later_put_off_what_was_due(engine: sa.Engine, anna: int) -> None:
    tell(engine, anna, NOON, "returned")
    rest(engine, anna, (22, 8))

    with opened(engine) as session:
        world = World(session, fixed_clock(NIGHT))
        (parcel,) = postman.take_due(world)
        assert postman.look_again(world, parcel) is None
        assert postman.take_due(world) == []
        row = session.get_one(Notice, parcel.id)
        assert (row.state, row.attempts, row.leased_until) == ("open", 0, None)
        assert row.due_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_members_own_zone_says_when_it_is_night(engine: sa.Engine, anna: int) -> None:
    rest(engine, anna, (22, 8))
    with opened(engine) as session:
        session.get_one(Member, anna).zone = "Asia/Vladivostok"  # NOON is 22:00 there

    (copy,) = tell(engine, anna, NOON, "returned")

    assert copy.due_at.astimezone(ZoneInfo("Asia/Vladivostok")).hour == 8


def test_a_code_to_sign_in_never_waits(engine: sa.Engine, anna: int) -> None:
    rest(engine, anna, (22, 8))

    with opened(engine) as session:
        world = World(session, fixed_clock(NIGHT))
        postman.write_notice(
            world, kind="signin_code", channel="sms", member_id=anna, payload={"code": "1"},
            dedupe_key="code",
        )  # fmt: skip
        (parcel,) = postman.take_due(world)
        ready = postman.look_again(world, parcel)

    assert ready is not None
    assert isinstance(ready.parcel, Parcel)


@pytest.mark.parametrize(("kind", "channel"), [("signin_code", "sms"), ("medal", "inbox")])
def test_only_copies_can_be_chosen(engine: sa.Engine, anna: int, kind: str, channel: str) -> None:
    with pytest.raises(InvalidSetting):
        choose(engine, anna, kind, channel, False)


@pytest.mark.parametrize("hours", [(7, 7), (-1, 5), (3, 24)])
def test_hours_are_two_of_a_day(engine: sa.Engine, anna: int, hours: tuple[int, int]) -> None:
    with pytest.raises(InvalidSetting):
        rest(engine, anna, hours)


def test_a_kind_that_is_never_repeated_elsewhere_is_chosen_as_itself() -> None:
    assert chosen_kind("friend_came") == "friend_came"
    assert {chosen_kind(kind) for kind in COPIES} <= set(CHOSEN)
