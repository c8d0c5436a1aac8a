"""The databases that tests are given are fresh, whole and set as in production."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from gamification.commands.owner import ProgrammePlan, publish_rule
from gamification.world import World, fixed_clock
from tests import programmes


def test_a_test_database_has_every_table_and_no_row(engine: sa.Engine) -> None:
    tables = SQLModel.metadata.sorted_tables

    with engine.connect() as connection:
        found = sa.inspect(connection).get_table_names()
        rows = [connection.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]

    assert set(found) >= {table.name for table in tables}
    assert set(rows) == {0}


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_writes_the_next_does_not_see(engine: sa.Engine, turn: int) -> None:
    with engine.begin() as connection:
        before = sa.inspect(connection).has_table("left_behind")
        connection.execute(sa.text("CREATE TABLE left_behind (id INTEGER)"))

    assert not before, f"turn {turn} found what the other turn left"


def test_a_commit_is_durable(engine: sa.Engine) -> None:
    wanted = {
        "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA foreign_keys": 1, "PRAGMA synchronous": 2},
        "postgresql": {"SHOW synchronous_commit": "on"},
    }[engine.dialect.name]

    with engine.connect() as connection:
        found = {words: connection.exec_driver_sql(words).scalar() for words in wanted}

    assert found == wanted


def test_a_remembered_programme_is_the_one_that_was_set_up(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programmes, "REMEMBERED", {})
    plan = ProgrammePlan(name="Полдень")
    clock = fixed_clock(datetime(2026, 1, 1, 12, tzinfo=UTC))

    with Session(engine) as session:
        programmes.remembered_programme(World(session, clock), plan)
        first = programmes.filled_tables(World(session, clock))
        session.rollback()
    with Session(engine) as session:
        programmes.remembered_programme(World(session, clock), plan)
        second = programmes.filled_tables(World(session, clock))
        publish_rule(World(session, clock), code="one-more", kind="cap", params={"points": 100})

    assert second == first
    assert "achievement_level" in {table.name for table, _ in first}
