"""The app on an empty database of each engine, with a clock that the test moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from jinja2 import FileSystemBytecodeCache

from tests.webapp.shopfront import KEY, Browser, Now, Shop
from webapp.accounts import passwords
from webapp.app import create_app
from webapp.invitations.visits import visits_of
from webapp.settings import Settings
from webapp.signin import seen_sessions

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODYS_HASH = QUICK.hash("of a password that was thrown away")


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes less than the 64 MiB and the tenth of a second of production."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)
    monkeypatch.setattr(passwords, "NOBODYS_HASH", NOBODYS_HASH)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        secret_key=KEY,
        test_mode=True,
        clock_file=tmp_path / "now",
        log_level="error",
    )


@pytest.fixture
def now(tmp_path: Path) -> Now:
    clock = Now(tmp_path / "now")
    clock.set("2026-11-24T09:00:00+00:00")
    return clock


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once per run, not once per app."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def shop(
    settings: Settings, engine: sa.Engine, now: Now, compiled: FileSystemBytecodeCache
) -> Iterator[Shop]:
    app = create_app(settings, engine=engine)
    app.jinja_env.bytecode_cache = compiled
    yield Shop(app, now)
    visits_of(app).flush()  # not seconds later, into another test
    seen_sessions(app).flush()


@pytest.fixture
def guest(shop: Shop) -> Browser:
    return shop.browser()


PAGES = frozenset({"cabinet", "console", "entrance", "public", "staff"})
"""Folders whose tests draw pages: what pages read is tested on both engines where it is decided."""
ANSWERS = frozenset({"test_keys.py", "test_fuzz.py", "test_examples.py"})
"""Files that ask how the API answers, whatever keeps the rows."""

FILES = frozenset(
    {
        "test_a_damaged_backup_changes_nothing",
        "test_a_foreign_file_is_refused",
        "test_a_flipped_byte_in_the_file_is_seen",
        "test_a_receipt_with_a_bad_row_is_held_back_whole",
        "test_rows_at_odds_and_rows_of_no_receipt",
        "test_a_planted_difference_is_found",
    }
)
"""Tests of files that are refused before a database is asked, or of many forms of one fault."""
PROCESSES = frozenset(
    {
        "test_a_message_in_the_hands_of_a_killed_worker_returns_and_arrives",
        "test_a_worker_told_to_stop_finishes_its_letter_and_gives_the_rest_back",
        "test_a_worker_killed_after_sending_sends_twice_rather_than_never",
    }
)
"""Trials with real processes that one engine, the one with several writers, can fail."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What draws, reads files or kills is tried on one engine in the short run: decision 0126."""
    for item in items:
        name = getattr(item, "originalname", "")
        drawn = item.path.parent.name in PAGES or item.path.name in ANSWERS or name in FILES
        is_postgres = item.get_closest_marker("pg") is not None
        if is_postgres if drawn else name in PROCESSES and not is_postgres:
            item.add_marker(pytest.mark.heavy)
