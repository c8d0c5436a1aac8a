"""What this installation is told from outside: read from the environment once, then frozen."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "LAUREL_"
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
"""A programme can be looked at as of any day between these."""
TRUE_WORDS, FALSE_WORDS = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
LOOPBACK_HOSTS = ("127.0.0.1", "localhost")  # Werkzeug trusts no IPv6 literal

DATABASE_ADVICE = "it is postgresql://user:password@host/name or sqlite:////folder/file.db"


class BadSetting(Exception):  # noqa: N818 - says what is wrong
    """A setting cannot be read; the message names it and says what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two installations of the same version."""

    data: Path = Path("laurel-data")
    """LAUREL_DATA: the folder of the embedded database and of files made at the first start."""
    database_url: str = ""
    """LAUREL_DATABASE_URL: where the rows are; an SQLite file in the data folder when empty."""
    secret_key: str | None = field(default=None, repr=False)
    """LAUREL_SECRET_KEY: signs cookies and codes; a file in the data folder when empty."""
    demo: bool = True
    """LAUREL_DEMO: 0 for a real shop, which wants its own secret key and no invented members."""
    public_url: str = ""
    """LAUREL_PUBLIC_URL: the address that people type, used for links in messages and cookies."""
    hosts: tuple[str, ...] = ()
    """LAUREL_HOSTS: further host names that may be asked for, separated by commas."""
    proxies: int = 0
    """LAUREL_PROXIES: how many proxies stand in front and may tell the visitor's address."""
    as_of: date | None = None
    """LAUREL_AS_OF: show everything as it was at the end of that day, for reading only."""
    test_mode: bool = False
    """LAUREL_TEST_MODE: 1 lets tests move the clock; announced on every page."""
    clock_file: Path | None = None
    """LAUREL_CLOCK_FILE: in test mode, a file that holds the present instant as ISO text."""
    log_level: str = "info"
    """LAUREL_LOG_LEVEL: debug, info, warning or error."""
    smtp_url: str = field(default="", repr=False)
    """LAUREL_SMTP_URL: smtp://user:password@host:port or smtps://…; mail is logged when empty."""
    mail_from: str = ""
    """LAUREL_MAIL_FROM: the sender of mail; laurel@ the public host when empty."""
    sms_sender: str = "log"
    """LAUREL_SMS: how text messages leave, as module:attribute; `log` only writes them down."""

    @property
    def database(self) -> str:
        """The address of the database, spelled out."""
        return self.database_url or f"sqlite:///{self.data / 'laurel.db'}"

    @property
    def embedded(self) -> bool:
        """Whether the database is the file that a start makes by itself."""
        return not self.database_url

    @property
    def https(self) -> bool:
        """Whether visitors come by https, so that cookies can be Secure.

        Only a demo or a test on plain http goes without: browsers would not keep them.
        """
        return self.public_url.startswith("https://") or not (self.demo or self.test_mode)

    @property
    def trusted_hosts(self) -> list[str]:
        """Host names that a request may carry: nothing else is answered."""
        public = urlsplit(self.public_url).hostname
        return [*LOOPBACK_HOSTS, *([public] if public else []), *self.hosts]

    @property
    def key_file(self) -> Path:
        """Where the secret key lies when the environment brings none."""
        return self.data / "secret-key"


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Within it the data folder is written to. Raises BadSetting where that cannot be done."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise BadSetting(f"LAUREL_DATA: the folder {folder} cannot be used: {why}") from error


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, from LAUREL_* in the environment.

    Raises:
        BadSetting: a value cannot be read, or two of them contradict each other.
    """
    found = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for variable, (name, read) in READERS.items():
        if (text := found.get(PREFIX + variable, "").strip()) != "":
            values[name] = read(PREFIX + variable, text)
    settings = Settings(**values)
    if settings.clock_file is not None and not settings.test_mode:
        raise BadSetting("LAUREL_CLOCK_FILE works only together with LAUREL_TEST_MODE=1")
    return settings


def read_text(_variable: str, text: str) -> str:
    return text


def read_path(_variable: str, text: str) -> Path:
    return Path(text).expanduser().absolute()


def read_flag(variable: str, text: str) -> bool:
    if text.lower() in TRUE_WORDS:
        return True
    if text.lower() in FALSE_WORDS:
        return False
    raise BadSetting(f"{variable} should be 1 or 0, not {text!r}")


def read_count(variable: str, text: str) -> int:
    if not text.isdecimal() or int(text) > 10:
        raise BadSetting(f"{variable} should be a number from 0 to 10, not {text!r}")
    return int(text)


def read_day(variable: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise BadSetting(f"{variable} should be a day like 2026-11-24, not {text!r}") from error
    if not FIRST_DAY <= found <= LAST_DAY:
        raise BadSetting(f"{variable} should be a day from {FIRST_DAY} to {LAST_DAY}")
    return found


def read_hosts(_variable: str, text: str) -> tuple[str, ...]:
    return tuple(host.strip() for host in text.split(",") if host.strip())


def read_url(variable: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise BadSetting(f"{variable} should be an address like https://club.example.org")
    return text.rstrip("/")


def read_database(variable: str, text: str) -> str:
    """An address of SQLite or PostgreSQL; the message never repeats it, for its password."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise BadSetting(f"{variable} cannot be read: {DATABASE_ADVICE}") from error
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres") and url.database:
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if kind == "sqlite" and url.database not in (None, "", ":memory:"):
        return text
    raise BadSetting(f"{variable} leads to no database that Laurel knows: {DATABASE_ADVICE}")


def read_level(variable: str, text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise BadSetting(f"{variable} should be debug, info, warning or error, not {text!r}")
    return text.lower()


READERS = {
    "DATA": ("data", read_path),
    "DATABASE_URL": ("database_url", read_database),
    "SECRET_KEY": ("secret_key", read_text),
    "DEMO": ("demo", read_flag),
    "PUBLIC_URL": ("public_url", read_url),
    "HOSTS": ("hosts", read_hosts),
    "PROXIES": ("proxies", read_count),
    "AS_OF": ("as_of", read_day),
    "TEST_MODE": ("test_mode", read_flag),
    "CLOCK_FILE": ("clock_file", read_path),
    "LOG_LEVEL": ("log_level", read_level),
    "SMTP_URL": ("smtp_url", read_text),
    "MAIL_FROM": ("mail_from", read_text),
    "SMS": ("sms_sender", read_text),
}
