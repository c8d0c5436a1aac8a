"""E-mail to a real server, SMS to a named gateway, and the log that keeps secrets."""

import smtplib
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.webapp.channels.conftest import Postbox, free_port
from webapp.channels import BusyError, UndeliverableError, channels_for, mail
from webapp.channels.letters import Letter
from webapp.channels.logs import LogChannel
from webapp.channels.mail import mail_server, sender_of
from webapp.log import start_log
from webapp.settings import Settings

LETTER = Letter(
    kind="signin_code",
    subject="493027: код для входа",
    short="«Полдень»: код 493027",
    text="Код: 493027\n",
    html="<p>Код: <b>493027</b></p>",
)
ANNA, PHONE = "anna@example.org", "+79990000001"


def settings(**values: Any) -> Settings:
    return Settings(**({"demo": False, "public_url": "https://club.example.org"} | values))


def by_mail(box: Postbox, **values: Any) -> Any:
    url = f"smtp://127.0.0.1:{box.port}?tls=off"
    return channels_for(settings(smtp_url=url, **values))["email"]


# E-mail.


def test_a_letter_arrives_whole(postbox: Postbox) -> None:
    by_mail(postbox, mail_from="Полдень <hello@shop.example>").deliver(LETTER, ANNA, key="n7")

    [message] = postbox.letters
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert postbox.recipients == [[ANNA]]
    assert message["Subject"] == LETTER.subject
    assert message["From"] == "Полдень <hello@shop.example>"
    assert message["To"] == ANNA
    assert message["Message-ID"] == "<n7@shop.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] is not None
    assert text is not None
    assert text.get_content().strip() == "Код: 493027"
    assert html is not None
    assert html.get_content().strip() == LETTER.html


def test_without_a_sender_it_is_laurel_at_the_public_host(postbox: Postbox) -> None:
    by_mail(postbox).deliver(LETTER, ANNA, key="n7")

    assert postbox.letters[0]["From"] == "laurel@club.example.org"


def test_a_second_attempt_carries_the_same_message_id(postbox: Postbox) -> None:
    channel = by_mail(postbox)
    channel.deliver(LETTER, ANNA, key="n7")
    channel.deliver(LETTER, ANNA, key="n7")

    assert len({message["Message-ID"] for message in postbox.letters}) == 1


@pytest.mark.parametrize(
    "address",
    ["anna@example.org\r\nBcc: all@example.org", "a@b.org, c@d.org", "anna", "", "a b@example.org"],
)
def test_an_address_that_is_none_is_never_tried(postbox: Postbox, address: str) -> None:
    with pytest.raises(UndeliverableError):
        by_mail(postbox).deliver(LETTER, address, key="n7")

    assert postbox.letters == []


def test_a_subject_with_a_line_break_is_refused_by_the_message_itself(postbox: Postbox) -> None:
    evil = Letter("signin_code", "Hi\r\nBcc: all@example.org", "x", "x", "x")

    with pytest.raises(ValueError, match=r"linefeed|carriage return"):
        by_mail(postbox).deliver(evil, ANNA, key="n7")

    assert postbox.letters == []


@pytest.mark.parametrize(
    ("refuse", "error"),
    [("550 no such box", UndeliverableError), ("450 greylisted, come again", BusyError)],
)
def test_a_refused_recipient_is_for_good_or_for_now(
    postbox: Postbox, refuse: str, error: type[Exception]
) -> None:
    postbox.refuse = refuse

    with pytest.raises(error) as told:
        by_mail(postbox).deliver(LETTER, ANNA, key="n7")

    assert refuse[4:] in str(told.value)
    assert ANNA not in str(told.value)


@pytest.mark.parametrize(
    ("answer", "error"),
    [("554 looks like spam", UndeliverableError), ("451 disk full", BusyError)],
)
def test_a_refused_text_is_for_good_or_for_now(
    postbox: Postbox, answer: str, error: type[Exception]
) -> None:
    postbox.answer = answer

    with pytest.raises(error):
        by_mail(postbox).deliver(LETTER, ANNA, key="n7")


def test_a_server_that_is_away_is_asked_again() -> None:
    channel = channels_for(settings(smtp_url=f"smtp://127.0.0.1:{free_port()}?tls=off"))["email"]

    with pytest.raises(BusyError, match="ConnectionRefused"):
        channel.deliver(LETTER, ANNA, key="n7")


def test_a_server_without_tls_gets_no_letter_unless_we_said_so(postbox: Postbox) -> None:
    channel = channels_for(settings(smtp_url=f"smtp://127.0.0.1:{postbox.port}"))["email"]

    with pytest.raises(BusyError, match="STARTTLS"):
        channel.deliver(LETTER, ANNA, key="n7")

    assert postbox.letters == []


def test_a_clumsy_farewell_does_not_make_a_taken_letter_look_refused(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_self: smtplib.SMTP) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(mail.smtplib.SMTP, "quit", stumble)

    by_mail(postbox).deliver(LETTER, ANNA, key="n7")

    assert len(postbox.letters) == 1


def test_a_mail_address_of_a_server_is_read() -> None:
    server = mail_server("smtps://me%40shop.example:p%3Aw@mail.example")
    plain = mail_server("smtp://mail.example:2525?tls=off")

    assert (server.host, server.port, server.tls) == ("mail.example", 465, "on")
    assert (server.user, server.password) == ("me@shop.example", "p:w")
    assert (plain.port, plain.tls, plain.user) == (2525, "off", None)


@pytest.mark.parametrize(
    "url", ["mail.example:25", "http://mail.example", "smtp://", "smtp://h?tls=no"]
)
def test_a_mail_server_that_is_none_is_told_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"mail server|tls"):
        channels_for(settings(smtp_url=url))


@pytest.mark.parametrize("sender", ["nobody", "a@b.org, c@d.org", "Shop <>"])
def test_a_sender_that_is_none_is_told_at_the_start(sender: str) -> None:
    with pytest.raises(ValueError, match="sender"):
        sender_of(sender)


def test_a_shop_without_a_mail_server_lets_letters_wait() -> None:
    with pytest.raises(BusyError, match="no mail server"):
        channels_for(settings())["email"].deliver(LETTER, ANNA, key="n7")


# SMS.


@dataclass
class Gateway:
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, phone: str, text: str, *, key: str) -> None:
        self.sent.append((phone, text, key))


GATEWAY = Gateway()


def make_gateway() -> Gateway:
    return GATEWAY


def test_sms_goes_through_the_gateway_that_the_settings_name() -> None:
    channel = channels_for(settings(sms_sender=f"{__name__}:make_gateway"))["sms"]

    channel.deliver(LETTER, PHONE, key="n7")

    assert GATEWAY.sent == [(PHONE, LETTER.short, "n7")]


@pytest.mark.parametrize(
    "name", ["nowhere:maker", "webapp.channels:nobody", "webapp", f"{__name__}:ANNA"]
)
def test_a_gateway_that_is_none_is_told_at_the_start(name: str) -> None:
    with pytest.raises(ValueError, match="SMS sender"):
        channels_for(settings(sms_sender=name))


# The log.


def test_the_log_of_a_shop_keeps_codes_and_addresses(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start_log("info")
    with capture_logs() as lines:
        channels_for(settings())["sms"].deliver(LETTER, PHONE, key="n7")

    assert lines == [
        {
            "event": "message_logged",
            "log_level": "info",
            "message": "n7",
            "kind": "signin_code",
            "to": "+7 ••• ••• 00 01",
        }
    ]
    assert "".join(capsys.readouterr()) == ""


@pytest.mark.parametrize("values", [{"demo": True}, {"test_mode": True}])
@pytest.mark.parametrize("name", ["sms", "email"])
def test_a_demo_says_the_code_loudly(
    values: dict[str, Any], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    channels_for(settings(**values))[name].deliver(LETTER, PHONE, key="n7")

    said = capsys.readouterr().err
    assert "493027" in said
    assert PHONE in said
    assert "╔" in said


def test_with_a_mail_server_a_demo_sends_real_mail(
    postbox: Postbox, capsys: pytest.CaptureFixture[str]
) -> None:
    by_mail(postbox, demo=True).deliver(LETTER, ANNA, key="n7")

    assert len(postbox.letters) == 1
    assert "493027" not in capsys.readouterr().err


def test_the_log_channel_alone_is_quiet_about_content(capsys: pytest.CaptureFixture[str]) -> None:
    LogChannel(plain=False).deliver(LETTER, PHONE, key="n7")

    assert "493027" not in "".join(capsys.readouterr())
