"""What is due leaves once, in words; what fails waits; what is no use is given up."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import select

from gamification.members.tables import Consent, Member
from gamification.notices.tables import Notice
from tests.webapp.channels.conftest import Postbox
from tests.webapp.jobs.conftest import NOON, MovedClock, Noted, write_code
from webapp.channels import BusyError, Channel, UndeliverableError, channels_for
from webapp.jobs.delivery import Postman
from webapp.settings import Settings
from webapp.wayout import WayOut, opened
from webapp.world import Worlds

GO_ON = threading.Event()


def postman(worlds: Worlds, mail: Channel, **options: Any) -> Postman:
    return Postman(worlds, {"email": mail, "inbox": mail}, **options)


def states(worlds: Worlds) -> list[tuple[str, str | None]]:
    with worlds.open(readonly=True) as world:
        rows = world.session.exec(select(Notice.state, Notice.last_error).order_by(Notice.id))  # type: ignore[arg-type]
        return list(rows.all())


def payloads(worlds: Worlds) -> list[dict[str, Any]]:
    with worlds.open(readonly=True) as world:
        return list(world.session.exec(select(Notice.payload).order_by(Notice.id)).all())  # type: ignore[arg-type]


def test_a_code_leaves_in_words_once_and_is_forgotten(app: Flask, worlds: Worlds) -> None:
    notice, mail = write_code(worlds), Noted()
    carrier = postman(worlds, mail)

    taken = [carrier.round(GO_ON), carrier.round(GO_ON)]

    [(address, letter, key)] = mail.letters
    assert taken == [1, 0]
    assert (address, key) == ("anna@example.org", f"notice-{notice}")
    assert letter.subject == "000001 is your sign-in code"
    assert states(worlds) == [("sent", None)]
    assert payloads(worlds) == [{"minutes": 10}]


def test_in_tests_the_outbox_keeps_the_code(app: Flask, worlds: Worlds) -> None:
    write_code(worlds)

    postman(worlds, Noted(), keep_secrets=True).round(GO_ON)

    assert payloads(worlds) == [{"code": "000001", "minutes": 10}]


def test_a_busy_server_is_asked_again_after_a_while(
    app: Flask, worlds: Worlds, clock: MovedClock
) -> None:
    write_code(worlds)
    mail = Noted(fault=BusyError("421 later"))
    carrier = postman(worlds, mail)

    first = carrier.round(GO_ON)
    at_once = carrier.round(GO_ON)
    waiting = states(worlds)
    mail.fault = None
    clock.move(seconds=5)
    later = carrier.round(GO_ON)

    assert (first, at_once, later) == (1, 0, 1)
    assert waiting == [("open", "421 later")]
    assert len(mail.letters) == 1
    assert states(worlds) == [("sent", "421 later")]


def test_an_accident_in_a_channel_is_a_try_later_too(app: Flask, worlds: Worlds) -> None:
    write_code(worlds)

    postman(worlds, Noted(fault=ZeroDivisionError("oops"))).round(GO_ON)

    assert states(worlds) == [("open", "ZeroDivisionError: oops")]


def test_an_address_that_is_no_use_is_given_up_and_the_code_forgotten(
    app: Flask, worlds: Worlds
) -> None:
    write_code(worlds)

    postman(worlds, Noted(fault=UndeliverableError("550 no such box"))).round(GO_ON)

    assert states(worlds) == [("failed", "550 no such box")]
    assert payloads(worlds) == [{"minutes": 10}]


def test_a_kind_without_words_is_given_up(app: Flask, worlds: Worlds) -> None:
    write_code(worlds, kind="gossip")

    postman(worlds, Noted()).round(GO_ON)

    assert states(worlds) == [("failed", "no letter of kind gossip")]


def test_a_channel_that_does_not_exist_is_given_up(app: Flask, worlds: Worlds) -> None:
    write_code(worlds, channel="sms", recipient="+79990000001")

    postman(worlds, Noted()).round(GO_ON)

    assert states(worlds) == [("failed", "no way out by sms")]


def test_one_bad_letter_does_not_hold_up_the_others(app: Flask, worlds: Worlds) -> None:
    write_code(worlds, 1)
    write_code(worlds, 2, kind="gossip")
    write_code(worlds, 3)
    mail = Noted()

    postman(worlds, mail).round(GO_ON)

    assert [state for state, _ in states(worlds)] == ["sent", "failed", "sent"]
    assert len(mail.letters) == 2


def test_a_stop_gives_back_what_is_not_yet_sent(app: Flask, worlds: Worlds) -> None:
    for number in (1, 2, 3):
        write_code(worlds, number)
    stop = threading.Event()
    mail = Noted(before=stop.set)

    postman(worlds, mail).round(stop)
    mail.before = None
    postman(worlds, mail).round(GO_ON)

    assert len(mail.letters) == 3
    assert len({key for _, _, key in mail.letters}) == 3
    assert [state for state, _ in states(worlds)] == ["sent"] * 3


def test_a_slow_server_does_not_eat_the_lease_of_the_rest(
    app: Flask, worlds: Worlds, clock: MovedClock
) -> None:
    for number in (1, 2, 3):
        write_code(worlds, number)
    mail = Noted(before=lambda: clock.move(minutes=2))

    postman(worlds, mail).round(GO_ON)

    assert [state for state, _ in states(worlds)] == ["sent", "sent", "open"]


def test_a_real_letter_reaches_a_real_server(app: Flask, worlds: Worlds, postbox: Postbox) -> None:
    notice = write_code(worlds)
    settings = Settings(demo=False, smtp_url=f"smtp://127.0.0.1:{postbox.port}?tls=off")

    Postman(worlds, channels_for(settings)).round(GO_ON)

    assert [m["Message-ID"] for m in postbox.letters] == [f"<notice-{notice}@localhost>"]
    assert states(worlds) == [("sent", None)]


# The inbox, and its copies by mail.


def enter_anna(worlds: Worlds, *, claimed: bool = True, agrees: bool = True) -> int:
    def enter(world: Any) -> int:
        anna = Member(
            public_id="anna",
            origin="import",
            email="anna@example.org",
            joined_at=NOON,
            claimed_at=NOON if claimed else None,
        )
        world.session.add(anna)
        world.session.flush()
        assert anna.id is not None
        world.session.add(
            Consent(
                member_id=anna.id,
                purpose="marketing",
                given=agrees,
                at=NOON,
                text_version="1",
                channel="web",
                actor="member",
            )
        )
        return anna.id

    return worlds.run(enter)


MEDAL = {"kind": "medal", "payload": {"medal": "early_bird", "level": 1, "occurrence": "once"}}
RETURN = {"kind": "returned", "payload": {"clawed_back": 5, "points_back": 0, "amount": -10000}}


def tell(worlds: Worlds, member: int, number: int, what: dict[str, Any]) -> None:
    write_code(worlds, number, channel="inbox", recipient=None, member_id=member, **what)


def drain(carrier: Postman) -> None:
    while carrier.round(GO_ON):
        pass


def test_a_message_of_the_inbox_is_delivered_and_copied_by_mail(app: Flask, worlds: Worlds) -> None:
    anna, mail = enter_anna(worlds), Noted()
    tell(worlds, anna, 1, RETURN)

    drain(postman(worlds, mail))

    assert states(worlds) == [("sent", None), ("sent", None)]
    [(address, letter, _)] = mail.letters
    assert address == "anna@example.org"
    assert "Points earned on it were taken back: 5\u00a0points." in letter.text


def test_news_comes_by_mail_once_a_day_and_returns_always(
    app: Flask, worlds: Worlds, clock: MovedClock
) -> None:
    anna, mail = enter_anna(worlds), Noted()
    for number, what in enumerate((MEDAL, MEDAL, RETURN, RETURN)):
        tell(worlds, anna, number, what)
    drain(postman(worlds, mail))
    clock.move(days=1)
    tell(worlds, anna, 9, MEDAL)
    drain(postman(worlds, mail))

    kinds = [letter.kind for _, letter, _ in mail.letters]
    assert sorted(kinds) == ["medal", "medal", "returned", "returned"]


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ({"claimed": False}, []),
        ({"agrees": False}, ["returned"]),
        ({}, ["medal", "returned"]),
    ],
)
def test_mail_goes_only_to_who_came_in_and_news_only_to_who_agreed(
    app: Flask, worlds: Worlds, options: dict[str, bool], kinds: list[str]
) -> None:
    anna, mail = enter_anna(worlds, **options), Noted()
    tell(worlds, anna, 1, MEDAL)
    tell(worlds, anna, 2, RETURN)

    drain(postman(worlds, mail))

    assert sorted(letter.kind for _, letter, _ in mail.letters) == kinds
    with worlds.open(readonly=True) as world:
        unlawful = sa.text(
            "SELECT count(*) FROM notice o WHERE o.purpose = 'marketing' AND o.sent_at IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.member_id = o.member_id AND c.given"
            " AND c.purpose = 'marketing' AND c.at <= o.sent_at)"
        )
        assert world.session.execute(unlawful).scalar() == 0


def test_news_carries_a_way_out_and_what_must_be_known_does_not(app: Flask, worlds: Worlds) -> None:
    anna, mail = enter_anna(worlds), Noted()
    tell(worlds, anna, 1, MEDAL)
    tell(worlds, anna, 2, RETURN)

    drain(postman(worlds, mail, wayout=WayOut("https://club.example.org", "a key")))

    ways = {letter.kind: letter.unsubscribe for _, letter, _ in mail.letters}
    assert ways["returned"] == ""
    assert ways["medal"].startswith("https://club.example.org/unsubscribe/")
    assert opened("a key", ways["medal"].rpartition("/")[2]) == "anna"
    assert opened("another key", ways["medal"].rpartition("/")[2]) is None
    [medal] = [letter for _, letter, _ in mail.letters if letter.kind == "medal"]
    assert ways["medal"] in medal.text
    assert ways["medal"] in medal.html


def test_news_without_a_way_out_waits_where_a_shop_has_not_said_its_address(
    app: Flask, worlds: Worlds
) -> None:
    anna, mail = enter_anna(worlds), Noted()
    tell(worlds, anna, 1, MEDAL)
    tell(worlds, anna, 2, RETURN)

    drain(postman(worlds, mail, wayout=WayOut("", "a key")))

    assert [letter.kind for _, letter, _ in mail.letters] == ["returned"]
    assert ("open", "LAUREL_PUBLIC_URL is not set: news need a way out") in states(worlds)


def test_a_birthday_is_wished_by_mail_to_who_agreed(app: Flask, worlds: Worlds) -> None:
    anna, mail = enter_anna(worlds), Noted()
    tell(worlds, anna, 1, {"kind": "birthday", "payload": {"points": 100}, "locale": "ru"})

    drain(postman(worlds, mail))

    [(_, letter, _)] = mail.letters
    assert letter.subject.startswith("С днём рождения, ")
    assert "100\u00a0баллов" in letter.text
