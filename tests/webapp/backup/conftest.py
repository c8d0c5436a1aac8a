"""A shop with points to lose, and a second, empty database beside it."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gamification.commands.postman import write_notice
from tests.databases import opened
from tests.shop import Person, Shop
from tests.webapp.bare import bare, bare_url, run_on
from webapp import migrations
from webapp.backup import write_backup

__all__ = ["bare", "bare_url"]

NUMBERS = itertools.count(1)
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)]


@pytest.fixture
def shop(bare: sa.Engine) -> Shop:
    """A shop on each engine."""
    return busy_shop(bare)


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of such a shop, made once, for tests that only read the file."""
    folder = tmp_path_factory.mktemp("saved")
    with opened(f"sqlite:///{folder / 'shop.db'}") as engine:
        busy_shop(engine)
        write_backup(engine, folder / "saved.zip")
    return folder / "saved.zip"


def busy_shop(engine: sa.Engine) -> Shop:
    """Purchases, a return, points spent and pending, a message with odd letters."""
    migrations.upgrade(engine)
    shop = Shop(engine, at="2026-01-10 12:00")
    for name in ("anna", "boris"):
        trade(shop.join(name))
    with shop.world() as world:
        write_notice(
            world,
            kind="signin_code",
            channel="email",
            recipient="anna@example.org",
            payload={"z": "«ё»\n\t\"'\\ 😀", "a": {"n": 1.5, "whole": 2.0, "none": None}},
            dedupe_key="odd",
        )
    return shop


def trade(person: Person) -> None:
    person.give(100, "2026-01-01", "2027-01-01", "gift")
    person.buy(f"{person.name}-1", ("CUP", "cups", "2", "1500.50"), ("TEA", None, "0.25", "310"))
    person.bring_back(f"{person.name}-2", ("CUP", "cups", "1", "750.25"), of=f"{person.name}-1")
    person.pay(40, "spend")


@pytest.fixture(params=ENGINES)
def other(request: pytest.FixtureRequest, tmp_path: Path, worker_name: str) -> Iterator[sa.Engine]:
    """An empty database, once per engine, so that backups also cross from one to the other."""
    if request.param == "sqlite":
        with opened(f"sqlite:///{tmp_path / 'other.db'}") as engine:
            yield engine
        return
    server = request.getfixturevalue("postgres_server")
    name = f"laurel_{worker_name}_other_{next(NUMBERS)}"
    run_on(server, f'CREATE DATABASE "{name}"')
    url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with opened(url) as engine:
        yield engine
    run_on(server, f'DROP DATABASE "{name}" WITH (FORCE)')
