"""A programme that was set up once is remembered, and written again for the next test.

Setting up publishes every shipped medal, which takes longer than most tests do; the rows it
leaves are the same for the same plan at the same instant.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

import gamification.tables
from gamification.commands.owner import ProgrammePlan, set_up_programme
from gamification.members.tables import Member
from gamification.programme import ProgrammeRow
from gamification.world import World

Rows = list[tuple[sa.Table, Sequence[sa.RowMapping]]]
REMEMBERED: dict[tuple[Any, ...], Rows] = {}


def remembered_programme(world: World, plan: ProgrammePlan) -> ProgrammeRow:
    """As `set_up_programme`, on a database whose programme is still empty."""
    key = (world.session.get_bind().dialect.name, world.now, repr(plan))
    if has_begun(world):
        return set_up_programme(world, plan)
    if key in REMEMBERED:
        write_again(world, REMEMBERED[key])
        return world.session.get_one(ProgrammeRow, 1)
    row = set_up_programme(world, plan)
    world.session.flush()
    REMEMBERED[key] = filled_tables(world)
    return row


def has_begun(world: World) -> bool:
    """Whether there is a programme or a member, whose rows are no plan's."""
    begun = [sa.select(sa.func.count()).select_from(table) for table in (ProgrammeRow, Member)]
    return any(world.session.execute(question).scalar_one() for question in begun)


def filled_tables(world: World) -> Rows:
    """Every table of the programme that has rows, parents first, with them."""
    rooms = gamification.tables
    names = {getattr(rooms, name).__tablename__ for name in rooms.__all__}
    tables = [t for t in ProgrammeRow.metadata.sorted_tables if t.name in names]
    connection = world.session.connection()
    found = [(table, connection.execute(sa.select(table)).mappings().all()) for table in tables]
    return [(table, rows) for table, rows in found if rows]


def write_again(world: World, tables: Rows) -> None:
    connection = world.session.connection()
    for table, rows in tables:
        connection.execute(table.insert(), [dict(row) for row in rows])
    if connection.dialect.name == "postgresql":
        moves = [move for table, _ in tables for move in sequence_moves(table)]
        connection.execute(sa.select(*moves))


def sequence_moves(table: sa.Table) -> list[sa.ColumnElement[int]]:
    """Rows came with their ids, so the next id must come after them."""
    keys = list(table.primary_key)
    if len(keys) != 1 or not isinstance(keys[0].type, sa.Integer):
        return []
    highest = sa.select(sa.func.greatest(sa.func.max(keys[0]), 1)).scalar_subquery()
    sequence = sa.func.pg_get_serial_sequence(table.name, keys[0].name)
    return [sa.func.setval(sequence, highest).label(table.name)]
