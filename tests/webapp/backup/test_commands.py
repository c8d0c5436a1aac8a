"""`laurel backup` and `laurel restore`, as somebody types them; and with a till at work."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import opened
from tests.house.sources import ROOT
from tests.shop import Shop
from tests.webapp.backup.test_round_trip import counts
from webapp import migrations
from webapp.backup import restore_backup, write_backup
from webapp.cli import main

Capture = pytest.CaptureFixture[str]

BUSY_TILL = """
import sys
import webapp.tables
from tests.shop import Person, Shop
from webapp.db import make_engine
shop = object.__new__(Shop)
shop.engine, shop.at = make_engine(sys.argv[1]), "2026-01-10 12:00"
shop.zone, shop.source = "Europe/Moscow", "till"
anna = Person(shop, int(sys.argv[2]), "anna")
number = 0
while True:
    number += 1
    anna.spend_money(f"busy-{number}", "100")
    print(f"busy-{number}", flush=True)  # after the commit: acknowledged
"""


@pytest.fixture
def home(shop: Shop, bare_url: str, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("LAUREL_DATABASE_URL", bare_url)
    return shop


def test_saved_and_restored_by_hand(home: Shop, tmp_path: Path, capsys: Capture) -> None:
    path = str(tmp_path / "b.zip")
    saved = main(["backup", path])
    before = counts(home.engine)
    again = main(["backup", path])
    unasked = main(["restore", path])
    with home.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM notice")

    restored = main(["restore", path, "--yes"])

    told = capsys.readouterr()
    assert (saved, again, unasked, restored) == (0, 2, 2, 0)
    assert "exists already" in told.err
    assert "say --yes" in told.err
    assert "Saved" in told.out
    assert "Restored" in told.out
    assert counts(home.engine) == before


def test_mistakes_are_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("LAUREL_DATA", str(tmp_path / "home"))
    monkeypatch.delenv("LAUREL_DATABASE_URL", raising=False)
    (tmp_path / "text.zip").write_text("no zip")
    tries = [
        ["backup", str(tmp_path / "b.zip")],
        ["backup"],
        ["backup", str(tmp_path)],
        ["restore", str(tmp_path / "none.zip")],
        ["restore", str(tmp_path / "text.zip"), "--yes"],
    ]

    codes = [main(words) for words in tries]

    lines = capsys.readouterr().err.splitlines()
    assert codes == [2] * len(tries)
    assert len(lines) == len(tries)


@contextmanager
def busy_till(url: str, member_id: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", BUSY_TILL, url, str(member_id)]
    till = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield till
    finally:
        till.kill()
        till.wait()
        assert till.stdout is not None
        till.stdout.close()


def test_nothing_acknowledged_before_it_began_is_missing(
    shop: Shop, bare_url: str, tmp_path: Path
) -> None:
    anna = shop.rows("SELECT id FROM member WHERE external_id = 'anna'")[0][0]
    with busy_till(bare_url, anna) as till:
        assert till.stdout is not None
        acknowledged = [till.stdout.readline().strip() for _ in range(15)]
        write_backup(shop.engine, tmp_path / "b.zip")
        went_on = till.stdout.readline().strip()

    with opened(f"sqlite:///{tmp_path / 'there.db'}") as there:
        restore_backup(there, tmp_path / "b.zip")
        with there.connect() as connection:
            found = set(
                connection.execute(
                    sa.text("SELECT external_id FROM activity WHERE external_id LIKE 'busy-%'")
                ).scalars()
            )
            torn = connection.execute(sa.text(TORN)).scalars().all()

    assert acknowledged[0] == "busy-1"
    assert went_on
    assert set(acknowledged) <= found
    assert torn == []


TORN = (  # a purchase whose points or lines were left behind
    "SELECT a.external_id FROM activity a WHERE a.type = 'purchase' AND ("
    " NOT EXISTS (SELECT 1 FROM transfer t WHERE t.activity_id = a.id)"
    " OR NOT EXISTS (SELECT 1 FROM activity_line l WHERE l.activity_id = a.id))"
)


def test_a_plain_copy_of_a_live_sqlite_file_would_lose_rows(shop: Shop, tmp_path: Path) -> None:
    """The danger is real: the last commits are in the write-ahead log, not in the file."""
    if shop.engine.dialect.name != "sqlite":
        pytest.skip("SQLite only")
    database = Path(str(shop.engine.url.database))
    with shop.engine.connect():
        (tmp_path / "copy.db").write_bytes(database.read_bytes())
        write_backup(shop.engine, tmp_path / "b.zip")

    with opened(f"sqlite:///{tmp_path / 'there.db'}") as there:
        restore_backup(there, tmp_path / "b.zip")
        assert counts(there)["activity"] == 4
    with opened(f"sqlite:///{tmp_path / 'copy.db'}") as copied:
        assert counts(copied).get("activity", 0) < 4


def test_a_backup_of_a_bigger_shop_takes_seconds(bare: sa.Engine, tmp_path: Path) -> None:
    migrations.upgrade(bare)
    notices = sa.table(
        "notice",
        *map(sa.column, ("id", "kind", "channel", "purpose", "locale", "payload", "dedupe_key")),
        *map(sa.column, ("state", "attempts", "created_at", "due_at")),
    )
    row = {"kind": "medal", "channel": "email", "purpose": "service", "locale": "ru"}
    rest = {"payload": '{"medal": "early_bird"}', "state": "sent", "attempts": 1}
    when = {"created_at": 0, "due_at": 0}
    with bare.begin() as connection:
        connection.execute(
            notices.insert(),
            [row | rest | when | {"id": n, "dedupe_key": f"k{n}"} for n in range(1, 20_001)],
        )

    start = time.monotonic()
    manifest = write_backup(bare, tmp_path / "b.zip")
    restore_backup(bare, tmp_path / "b.zip", replace=True)

    assert manifest.tables["notice"].rows == 20_000
    assert time.monotonic() - start < 60
