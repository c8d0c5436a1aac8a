"""What must hold before anything works on a database: asked without loading a single page."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask.helpers import get_debug_flag
from sqlalchemy.exc import DBAPIError

from webapp import migrations
from webapp.db import make_engine, unsafe_settings
from webapp.log import LOG
from webapp.settings import Settings

PROGRAMME = sa.table("programme", sa.column("name"), sa.column("zone"))


class UnsafeStart(Exception):  # noqa: N818 - says what is wrong
    """The server would run, and something would be at risk; the message says what."""


def checked_engine(settings: Settings) -> sa.Engine:
    """The database of the settings, at the right schema and safe.

    A demo or a test may run on a database that could lose rows; it says so in the log.

    Raises:
        UnsafeStart: it cannot be reached, is another version's, or could lose rows.
    """
    engine = make_engine(settings.database)
    try:
        refuse_unsafe(settings, engine)
    except DBAPIError as error:
        engine.dispose()
        raise UnsafeStart(f"The database cannot be reached: {error.orig}") from error
    except UnsafeStart:
        engine.dispose()
        raise
    return engine


def refuse_unsafe(settings: Settings, engine: sa.Engine) -> None:
    if not migrations.is_current(engine):
        raise UnsafeStart(
            f"The database is at schema {migrations.current(engine) or 'none'}, this version"
            f" needs {migrations.head()}. Bring it there with: laurel db upgrade"
        )
    if faults := unsafe_settings(engine):
        if not (settings.demo or settings.test_mode):
            raise UnsafeStart("; ".join(faults))
        LOG.warning("unsafe_database", faults=faults)


def refuse_debug(settings: Settings) -> None:
    """A debugger on an open port is a shell for everybody."""
    if get_debug_flag() and not settings.demo:
        raise UnsafeStart("Debug mode is on. Unset FLASK_DEBUG before serving a real shop")


def programme_name(engine: sa.Engine) -> str | None:
    """What the programme is called; None before there is one."""
    with engine.connect() as connection:
        name: str | None = connection.scalar(sa.select(PROGRAMME.c.name))
        return name


def programme_zone(engine: sa.Engine) -> ZoneInfo:
    """The programme's zone, in which a day ends; UTC before there is a programme."""
    with engine.connect() as connection:
        return ZoneInfo(connection.scalar(sa.select(PROGRAMME.c.zone)) or "UTC")
