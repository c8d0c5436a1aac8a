"""E-mail by SMTP, from the standard library."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, getaddresses
from urllib.parse import parse_qs, unquote, urlsplit

from webapp.channels import BusyError, Channel, UndeliverableError, shows_codes
from webapp.channels.letters import Letter
from webapp.channels.logs import LogChannel
from webapp.settings import Settings

SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in, and as whom. `tls` is `on`, `start` or `off`."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None


def mail_server(url: str) -> MailServer:
    """Read smtp://user:password@host:port or smtps://…; `?tls=off` for a server next door.

    Raises:
        ValueError: not such an address. The message never holds the password.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("a mail server is smtp://host:port or smtps://host:port")
    asked = parse_qs(parts.query).get("tls", ["start"])[0]
    if asked not in {"start", "off"}:
        raise ValueError("tls is start or off")
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        tls="on" if parts.scheme == "smtps" else asked,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def mail_channel(settings: Settings) -> Channel:
    """SMTP when a server is set; else the log in a demo, and in a shop a plain no."""
    if settings.smtp_url:
        host = urlsplit(settings.public_url).hostname or "localhost"
        sender = sender_of(settings.mail_from or f"laurel@{host}")
        return Mail(mail_server(settings.smtp_url), sender)
    return LogChannel(plain=True) if shows_codes(settings) else NoMail()


def sender_of(text: str) -> Address:
    """`Name <address>` or a bare address, as a header will say it.

    Raises:
        ValueError: not one address.
    """
    try:
        [(name, address)] = getaddresses([text])
        return Address(display_name=name, addr_spec=address)
    except (HeaderParseError, ValueError, IndexError) as failure:
        raise ValueError(f"not a sender's address: {text!r}") from failure


class NoMail:
    """A shop that has not named its mail server yet: letters wait, and say why."""

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        """Refuse for now."""
        raise BusyError("no mail server is set")


class Mail:
    """Hands letters to one SMTP server, a connection each."""

    def __init__(self, server: MailServer, sender: Address) -> None:
        self._server = server
        self._sender = sender

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        """Hand one letter in.

        A lost connection leaves open whether the server took it; the same Message-ID
        on the next attempt lets the reader's side see one letter.
        """
        message = self._message(letter, address, key)
        connection = self._connected()
        try:
            connection.send_message(message)
        except smtplib.SMTPException as failure:
            raise _verdict(failure) from failure
        except OSError as failure:
            raise BusyError(f"{type(failure).__name__}: {failure}") from failure
        finally:
            _part_from(connection)

    def _message(self, letter: Letter, address: str, key: str) -> EmailMessage:
        message = EmailMessage(policy=SMTP_POLICY)
        message["Subject"] = letter.subject
        message["From"] = self._sender
        message["To"] = _recipient(address)
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{key}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.unsubscribe:
            # RFC 8058: the reader's mail program asks by itself, with one press.
            message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message

    def _connected(self) -> smtplib.SMTP:
        """A connection that is secured and signed in; whatever fails here is ours to mend."""
        try:
            connection = self._opened()
        except (smtplib.SMTPException, OSError) as failure:
            raise BusyError(f"{type(failure).__name__}: {failure}") from failure
        try:
            if self._server.tls == "start":
                connection.starttls(context=ssl.create_default_context())
            if self._server.user is not None:
                connection.login(self._server.user, self._server.password or "")
        except (smtplib.SMTPException, OSError) as failure:
            connection.close()
            raise BusyError(f"{type(failure).__name__}: {failure}") from failure
        return connection

    def _opened(self) -> smtplib.SMTP:
        where = (self._server.host, self._server.port)
        if self._server.tls == "on":
            return smtplib.SMTP_SSL(*where, timeout=SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(*where, timeout=SECONDS)


def _part_from(connection: smtplib.SMTP) -> None:
    # After the letter was taken a clumsy farewell must not make it look refused.
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
    connection.close()


def _recipient(address: str) -> Address:
    """One address and nothing else: no second one, no header.

    Raises:
        UndeliverableError: not an address.
    """
    try:
        return Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError) as failure:
        raise UndeliverableError("not an e-mail address") from failure


def _verdict(failure: smtplib.SMTPException) -> Exception:
    """Whether the server's no is for good. A wrong password or sender is ours to mend."""
    reason = f"{type(failure).__name__}: {_told(failure)}"
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        refused = [code for code, _ in failure.recipients.values()]
        return UndeliverableError(reason) if min(refused) >= 500 else BusyError(reason)
    if isinstance(failure, smtplib.SMTPNotSupportedError):
        return UndeliverableError(reason)
    if isinstance(failure, smtplib.SMTPDataError) and failure.smtp_code >= 500:
        return UndeliverableError(reason)
    return BusyError(reason)


def _told(failure: smtplib.SMTPException) -> str:
    """The server's code and words, without the recipient's address."""
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(failure.recipients.values()))
        return f"{code} {_text(words)}"
    if isinstance(failure, smtplib.SMTPResponseException):
        return f"{failure.smtp_code} {_text(failure.smtp_error)}"
    return str(failure)


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
