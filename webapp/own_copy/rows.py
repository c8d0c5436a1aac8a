"""Rows of a member's copy, part by part, a few hundred at a time."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from gamification.world import World
from webapp.channels.letters import secrets_of
from webapp.own_copy.parts import SECRET, Part, condition

BATCH = 500
Row = dict[str, Any]


def rows_of(world: World, member_id: int, part: Part) -> Iterator[Row]:
    """The rows of a part in the order of their keys, without what would open a door."""
    table = SQLModel.metadata.tables[part.table]
    columns = [c for c in table.columns if c.name not in SECRET.get(part.table, ())]
    query = sa.select(*columns).where(condition(part)).order_by(*table.primary_key.columns)
    options = {"yield_per": BATCH}
    found = world.connection.execute(query, {"member": member_id}, execution_options=options)
    for row in found.mappings():
        yield without_secrets(part, dict(row))


def without_secrets(part: Part, row: Row) -> Row:
    """A message that is still on its way may hold a code; the copy does not."""
    if part.table == "notice":
        secret = secrets_of(row["kind"])
        row["payload"] = {k: v for k, v in row["payload"].items() if k not in secret}
    return row


def plain(value: Any) -> Any:
    """A value as JSON writes it."""
    return value.isoformat() if isinstance(value, datetime | date) else value


def names_of(world: World, table: str, columns: tuple[str, ...]) -> dict[int, Any]:
    """Rows of a small table by id, for names in place of numbers."""
    source = SQLModel.metadata.tables[table]
    picked = [source.c[name] for name in columns]
    return {row[0]: row for row in world.connection.execute(sa.select(source.c.id, *picked))}


def texts_of(world: World) -> dict[int, dict[str, str]]:
    """The names that a shop gave its own medals, by medal and language."""
    texts = SQLModel.metadata.tables["achievement_text"]
    found: dict[int, dict[str, str]] = {}
    query = sa.select(texts.c.achievement_id, texts.c.locale, texts.c.name)
    for medal, language, name in world.connection.execute(query):
        found.setdefault(medal, {})[language] = name
    return found


def receipts_of(world: World, member_id: int) -> dict[int, str]:
    """The numbers that tills gave a member's receipts, by the numbers that we gave them."""
    acts = SQLModel.metadata.tables["activity"]
    query = sa.select(acts.c.id, acts.c.external_id).where(acts.c.member_id == member_id)
    return {row[0]: str(row[1]) for row in world.connection.execute(query)}
