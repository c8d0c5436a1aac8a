"""The schema's way from nothing to now: upgrade, ask where it stands, compare with the code."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from webapp.migrations.locks import alone_with_schema

FOLDER = Path(__file__).parent


class UnknownSchemaError(Exception):
    """The database stands at a revision that this version does not know."""


def upgrade(engine: sa.Engine, revision: str = "head", *, folder: Path = FOLDER) -> str:
    """Bring the schema to a revision, or leave it when it is there; answers where it stands.

    Safe to call from many processes at once: one works, the others wait and find it done.
    """
    with alone_with_schema(engine) as connection:
        return upgrade_on(connection, revision, folder=folder)


def upgrade_on(connection: sa.Connection, revision: str, *, folder: Path = FOLDER) -> str:
    """As `upgrade`, inside the transaction of a caller who holds the lock."""
    _refuse_unknown(current_on(connection), folder)
    command.upgrade(_config(folder, connection), revision)
    reached = current_on(connection)
    assert reached is not None, "an upgrade writes its revision"
    return reached


def downgrade(engine: sa.Engine, revision: str, *, folder: Path = FOLDER) -> None:
    """Take the schema back to an older revision. For maintainers: rows may be lost."""
    with alone_with_schema(engine) as connection:
        command.downgrade(_config(folder, connection), revision)


def current(engine: sa.Engine) -> str | None:
    """The revision that the database stands at; None for one without our tables."""
    with engine.connect().execution_options(readonly=True) as connection:
        return current_on(connection)


def current_on(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@lru_cache(maxsize=8)
def head(folder: Path = FOLDER) -> str:
    """The revision that this version of the code wants."""
    found = ScriptDirectory(str(folder)).get_current_head()
    assert found is not None, "a wheel without revisions"
    return found


def is_current(engine: sa.Engine) -> bool:
    """Whether the database stands exactly where this version wants it."""
    return current(engine) == head()


def differences(engine: sa.Engine) -> list[str]:
    """What the code wants and the database lacks, or the other way round, a line each."""
    from webapp.tables import METADATA

    with engine.connect().execution_options(readonly=True) as connection:
        context = MigrationContext.configure(connection, opts=_COMPARING)
        return [repr(found) for found in compare_metadata(context, METADATA)]


_COMPARING: dict[str, Any] = {
    "compare_type": True,
    "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
}


def write_revision(engine: sa.Engine, message: str, *, folder: Path = FOLDER) -> Path | None:
    """Write what the code wants and this database lacks as the next revision's file.

    None when there is no difference. The file's number is the last one plus one.
    """
    with alone_with_schema(engine) as connection:
        config = _config(folder, connection)
        number = f"{len(list(ScriptDirectory(str(folder)).walk_revisions())) + 1:04d}"
        written = command.revision(
            config,
            message,
            autogenerate=True,
            rev_id=number,
            process_revision_directives=_tidy,
        )
    head.cache_clear()
    return Path(written.path) if written and not isinstance(written, list) else None


def _tidy(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """No file for no difference; and a key with a default of ours gets no counter."""
    if directives and directives[0].upgrade_ops.is_empty():
        directives.clear()
    for created in (op for found in directives for op in found.upgrade_ops.ops):
        for column in getattr(created, "columns", ()):
            if isinstance(column, sa.Column) and column.primary_key:
                _say_uncounted(column)


def _say_uncounted(column: sa.Column[Any]) -> None:
    # A default in Python keeps PostgreSQL from counting, and a revision does not show it.
    alone = len(column.table.primary_key) == 1 and isinstance(column.type, sa.Integer)
    if alone and column.table.autoincrement_column is not column:
        column.autoincrement = False


def is_known(revision: str, folder: Path = FOLDER) -> bool:
    """Whether this version's history holds that revision."""
    try:
        return ScriptDirectory(str(folder)).get_revision(revision) is not None
    except CommandError:
        return False


def _refuse_unknown(revision: str | None, folder: Path) -> None:
    if revision is not None and not is_known(revision, folder):
        raise UnknownSchemaError(
            f"The database is at schema {revision}, which this version does not know:"
            " it was made by a newer one"
        )


def _config(folder: Path, connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config
