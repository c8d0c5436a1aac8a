"""A worker's surroundings: words for letters, a clock that tests move, channels that note."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.commands import postman
from tests.webapp.bare import bare, bare_url
from tests.webapp.channels.conftest import app, free_port, postbox
from webapp.channels.letters import Letter
from webapp.world import Worlds

__all__ = ["app", "bare", "bare_url", "free_port", "postbox"]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class MovedClock:
    """A clock that stands until a test moves it."""

    instant: datetime = NOON

    def __call__(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)


@dataclass
class Noted:
    """A way out that notes what it was handed; `fault` is raised instead, when set."""

    letters: list[tuple[str, Letter, str]] = field(default_factory=list)
    fault: Exception | None = None
    before: Callable[[], Any] | None = None

    def deliver(self, letter: Letter, address: str, *, key: str) -> None:
        if self.before:
            self.before()
        if self.fault:
            raise self.fault
        self.letters.append((address, letter, key))


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def worlds(engine: sa.Engine, clock: MovedClock) -> Worlds:
    return Worlds(engine, clock)


def write_code(worlds: Worlds, number: int = 1, **values: Any) -> int | None:
    """A sign-in code for Anna in the outbox."""
    usual: dict[str, Any] = {
        "kind": "signin_code",
        "channel": "email",
        "recipient": "anna@example.org",
        "payload": {"code": f"{number:06d}", "minutes": 10},
        "locale": "en",
        "dedupe_key": f"code:{number}",
    }
    return worlds.run(lambda world: postman.write_notice(world, **(usual | values)))
