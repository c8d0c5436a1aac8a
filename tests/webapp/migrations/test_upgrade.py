"""The schema's way from nothing to now, on both engines, with several starting at once."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from webapp import migrations
from webapp.db import make_engine
from webapp.migrations.locks import OrphanedRowsError

PROCESSES = 8 if os.environ.get("LAUREL_FULL") else 3
START_TOGETHER = """
import sys, time
from webapp import migrations
from webapp.db import make_engine
url, begin = sys.argv[1], float(sys.argv[2])
engine = make_engine(url)
time.sleep(max(0, begin - time.time()))
print(migrations.upgrade(engine))
"""


def test_an_empty_database_reaches_the_head_and_a_second_upgrade_changes_nothing(
    bare: sa.Engine,
) -> None:
    before = migrations.current(bare)
    first = migrations.upgrade(bare)
    again = migrations.upgrade(bare)

    assert before is None
    assert first == again == migrations.head()
    assert migrations.is_current(bare)


def test_the_code_and_a_migrated_database_do_not_differ(bare: sa.Engine) -> None:
    migrations.upgrade(bare)

    assert migrations.differences(bare) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE consent",
        "DROP INDEX ix_lot_member",
        "ALTER TABLE member ADD COLUMN shoe_size INTEGER",
    ],
)
def test_a_planted_difference_is_found(bare: sa.Engine, statement: str) -> None:
    migrations.upgrade(bare)
    with bare.begin() as connection:
        connection.exec_driver_sql(statement)

    assert len(migrations.differences(bare)) >= 1


def shape(engine: sa.Engine) -> set[str]:
    """Every column, key, check, index and trigger as the engine itself tells it."""
    with engine.connect() as connection:
        triggers = connection.exec_driver_sql(TRIGGERS[engine.dialect.name]).scalars()
        return facts_of_tables(connection) | {f"trigger {name}" for name in triggers}


TRIGGERS = {
    "sqlite": "SELECT tbl_name || ' ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger"
    " WHERE NOT tgisinternal",
}


def facts_of_tables(connection: sa.Connection) -> set[str]:
    look = sa.inspect(connection)
    tables = set(look.get_table_names()) - {"alembic_version"}
    return {
        f"{table} {json.dumps(fact, default=str, sort_keys=True)}"
        for table in tables
        for facts in (
            look.get_columns(table),
            [look.get_pk_constraint(table)],
            look.get_foreign_keys(table),
            look.get_unique_constraints(table),
            look.get_check_constraints(table),
            look.get_indexes(table),
            list(look.get_table_options(table).items()),
        )
        for fact in facts
    }


def test_migrating_makes_the_same_tables_as_the_code_does(bare: sa.Engine) -> None:
    migrations.upgrade(bare)
    migrated = shape(bare)
    migrations.downgrade(bare, "base")
    emptied = shape(bare)

    SQLModel.metadata.create_all(bare)

    assert emptied == set()
    assert migrated ^ shape(bare) == set()


def test_processes_starting_at_once_do_not_race(bare_url: str) -> None:
    begin = str(time.time() + 4)
    command = [sys.executable, "-c", START_TOGETHER, bare_url, begin]
    starts = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    answers = [start.communicate(timeout=120) for start in starts]

    assert [start.returncode for start in starts] == [0] * PROCESSES, answers
    assert [out.strip() for out, _ in answers] == [migrations.head()] * PROCESSES
    engine = make_engine(bare_url)
    assert migrations.is_current(engine)
    assert migrations.differences(engine) == []
    engine.dispose()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(bare: sa.Engine) -> None:
    migrations.upgrade(bare)
    with bare.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(migrations.UnknownSchemaError, match="9999"):
        migrations.upgrade(bare)

    assert not migrations.is_current(bare)
    assert migrations.current(bare) == "9999"


# A folder of revisions to come, after the real ones.

FAMILY = '''
"""family"""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "f001", {head!r}
def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("name", sa.String(20)))
    op.create_table("child", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("parent_id", sa.Integer(),
                              sa.ForeignKey("parent.id", ondelete="CASCADE"), nullable=False))
    op.execute("INSERT INTO parent (id, name) VALUES (1, 'Anna')")
    op.execute("INSERT INTO child (id, parent_id) VALUES (1, 1), (2, 1)")
'''
REBUILD = '''
"""rebuild"""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "f002", "f001"
def upgrade():
    with op.batch_alter_table("parent") as batch:
        batch.alter_column("name", existing_type=sa.String(20), type_=sa.String(40))
'''
BREAK = '''
"""break"""
from alembic import op
revision, down_revision = "f003", "f002"
def upgrade():
    op.execute("INSERT INTO parent (id, name) VALUES (2, 'Boris')")
    op.execute("INSERT INTO child (id, parent_id) VALUES (3, 77)")
'''


@pytest.fixture
def future(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "future"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    texts = {"f001": FAMILY.format(head=migrations.head()), "f002": REBUILD, "f003": BREAK}
    for name, text in texts.items():
        (folder / "versions" / f"{name}.py").write_text(text.lstrip())
    yield folder
    migrations.head.cache_clear()


def count(engine: sa.Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar_one())


def test_rebuilding_a_table_deletes_no_child_row(bare: sa.Engine, future: Path) -> None:
    migrations.upgrade(bare, "f001", folder=future)

    migrations.upgrade(bare, "f002", folder=future)

    assert (count(bare, "parent"), count(bare, "child")) == (1, 2)
    assert foreign_keys_hold(bare)


def foreign_keys_hold(engine: sa.Engine) -> bool:
    """Whether the connection that migrated checks keys again."""
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO child (id, parent_id) VALUES (9, 99)")
    return True


def test_a_revision_that_would_leave_orphans_is_undone_whole(bare: sa.Engine, future: Path) -> None:
    migrations.upgrade(bare, "f002", folder=future)

    with pytest.raises((OrphanedRowsError, sa.exc.IntegrityError)):
        migrations.upgrade(bare, "f003", folder=future)

    assert migrations.current(bare) == "f002"
    assert (count(bare, "parent"), count(bare, "child")) == (1, 2)


def test_without_the_switch_sqlite_would_have_deleted_them(tmp_path: Path, future: Path) -> None:
    """The danger is real: the same rebuild with keys on empties the child table."""
    engine = make_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    migrations.upgrade(engine, "f001", folder=future)

    with engine.begin() as connection:
        migrations.upgrade_on(connection, "f002", folder=future)

    assert (count(engine, "parent"), count(engine, "child")) == (1, 0)
    engine.dispose()


def test_a_new_column_becomes_the_next_revision(bare: sa.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    migrations.upgrade(bare, folder=folder)
    nothing = migrations.write_revision(bare, "nothing new", folder=folder)
    with bare.begin() as connection:
        connection.exec_driver_sql("DROP TABLE consent")

    written = migrations.write_revision(bare, "Ask for consent", folder=folder)
    migrations.upgrade(bare, folder=folder)

    assert nothing is None
    assert written is not None
    number = len(list((folder / "versions").glob("*.py")))
    assert written.name == f"{number:04d}_ask_for_consent.py"
    assert migrations.differences(bare) == []
    migrations.head.cache_clear()
