"""What the engine wrote for each event, kept so that a floor can write the same by hand."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from gamification.commands.till import MemberRef, Receipt, record_receipt
from gamification.statements import Target
from gamification.store import Store
from webapp.world import Worlds

Parts = Iterable[tuple[Target, Sequence[Sequence[Any]]]]
Written = dict[str, list[tuple[Any, ...]]]
"""Rows by table, in the order of the table's columns."""


@dataclass
class Event:
    """A receipt at a till, and the rows that it became."""

    receipt: Receipt
    card: str
    rows: Written = field(default_factory=dict)


def take_events(worlds: Worlds, events: Iterable[Event]) -> None:
    """What the till's door does for each event."""
    for event in events:
        worlds.run(
            lambda world, event=event: record_receipt(  # type: ignore[misc]
                world, event.receipt, MemberRef(card=event.card)
            )
        )


def record_events(engine: sa.Engine, events: Iterable[Event]) -> None:
    """Run every event through the engine and keep what it wrote."""
    worlds = Worlds(engine)
    for event in events:
        with written(event.rows):
            take_events(worlds, [event])


@contextmanager
def written(rows: Written) -> Iterator[None]:
    """Note every row that is inserted or replaced meanwhile; nothing may be updated."""
    insert_all, update = Store.insert_all, Store.update

    def noting(self: Store, parts: Parts) -> None:
        parts = list(parts)
        for target, values in parts:
            if values:
                rows.setdefault(target.table, []).extend(tuple(row) for row in values)
        insert_all(self, parts)

    def refusing(self: Store, table: str, columns: tuple[str, ...], values: Any) -> None:
        assert not values, f"a purchase of today changes no row of {table}"
        update(self, table, columns, values)

    Store.insert_all = noting  # type: ignore[method-assign]
    Store.update = refusing  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Store.insert_all, Store.update = insert_all, update  # type: ignore[method-assign]
