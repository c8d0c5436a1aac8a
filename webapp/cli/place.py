"""The installation that a command works on: settings, database, worlds."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

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
def open_place(*, existing: bool = False, dry: bool = False) -> Iterator[Place]:
    """The installation of the environment; an embedded database is made when there is none.

    Args:
        existing: refuse instead of making one, for a command that begins nothing. A
            mistyped folder would else be answered with an empty shop.
        dry: write nothing here. Where there is no embedded database, an empty one stands
            in for it elsewhere and is gone at the end; none is brought to another schema.
    Raises:
        UnsafeStart: another version's schema, or a database that could lose rows.
    """
    settings = read_settings()
    start_log(settings.log_level)
    file = sqlite_file(read_url(settings.database))
    if existing or (dry and not settings.embedded):
        refuse_missing(file)
    with ExitStack() as ends:
        if dry and settings.embedded and file is not None and not file.exists():
            folder = ends.enter_context(TemporaryDirectory(prefix="laurel-dry-"))
            settings, dry = replace(settings, data=Path(folder)), False
        if settings.embedded and not dry:
            make_embedded(settings)
        engine = checked_engine(settings)
        ends.callback(engine.dispose)
        clock = programme_clock(settings, programme_zone(engine))
        yield Place(
            settings,
            engine,
            Worlds(engine, clock, settings.as_of),
            Worlds(engine, wall_clock(settings)),
        )
