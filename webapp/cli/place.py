"""The installation that a command works on: settings, database, worlds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

import webapp.tables  # noqa: F401 - what a command writes may point to any of them
from webapp.cli.db import read_url, refuse_missing, sqlite_file
from webapp.cli.embedded import make_embedded
from webapp.clocks import programme_clock, wall_clock
from webapp.log import start_log
from webapp.safe_start import checked_engine, programme_zone
from webapp.settings import Settings, read_settings
from webapp.world import Worlds


@dataclass(frozen=True, slots=True)
class Place:
    """What most commands need, without a web server around it."""

    settings: Settings
    engine: sa.Engine
    programme: Worlds
    entrance: Worlds


@contextmanager
def open_place(*, existing: bool = False) -> Iterator[Place]:
    """The installation of the environment; an embedded database is made when there is none.

    Args:
        existing: refuse instead of making one, for a command that begins nothing. A
            mistyped folder would else be answered with an empty shop.
    Raises:
        UnsafeStart: another version's schema, or a database that could lose rows.
    """
    settings = read_settings()
    start_log(settings.log_level)
    if existing:
        refuse_missing(sqlite_file(read_url(settings.database)))
    if settings.embedded:
        make_embedded(settings)
    engine = checked_engine(settings)
    try:
        zone = programme_zone(engine)
        clock = programme_clock(settings, zone)
        yield Place(
            settings,
            engine,
            Worlds(engine, clock, settings.as_of),
            Worlds(engine, wall_clock(settings)),
        )
    finally:
        engine.dispose()
