"""How many statements a page asks: those of the store, and those of a session beside it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from gamification.store import Store
from gamification.world import World
from tests.shop import Person


@contextmanager
def asked(engine: sa.Engine) -> Iterator[list[str]]:
    """Every statement that runs inside, whichever way it goes to the database."""
    seen: list[str] = []
    execute = Store._execute

    def straight(self: Store, sql: str, params: Sequence[object]) -> None:
        seen.append(sql)
        execute(self, sql, params)

    def by_session(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", by_session)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "_execute", straight)
        yield seen
    sa.event.remove(engine, "before_cursor_execute", by_session)


def statements(anna: Person, read: Callable[[World], object], at: str | None = None) -> int:
    """How many statements a page costs, once definitions are known."""
    with anna.shop.world(at) as world:
        read(world)
    with anna.shop.world(at) as world, asked(anna.shop.engine) as seen:
        read(world)
    return len(seen)
