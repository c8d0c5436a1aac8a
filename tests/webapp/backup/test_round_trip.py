"""What was saved comes back, on either engine, to the last point; or nothing is touched."""

import json
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import opened
from tests.shop import Person, Shop
from webapp import backup, migrations
from webapp.backup import BackupRefused, restore_backup, write_backup


def counts(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            name: int(connection.exec_driver_sql(f'SELECT COUNT(*) FROM "{name}"').scalar_one())
            for name in names
        }


def moved(shop: Shop, engine: sa.Engine) -> list[Person]:
    """The same people, in another database."""
    there = object.__new__(Shop)
    there.__dict__.update(shop.__dict__ | {"engine": engine})
    ids = there.rows("SELECT id, external_id FROM member ORDER BY id")
    return [Person(there, number, name) for number, name in ids]


def test_a_restored_database_is_the_one_that_was_saved(
    shop: Shop, other: sa.Engine, tmp_path: Path
) -> None:
    first = write_backup(shop.engine, tmp_path / "first.zip")

    restored = restore_backup(other, tmp_path / "first.zip")
    second = write_backup(other, tmp_path / "second.zip")

    assert restored == first
    assert first.rows > 60
    assert second.tables == first.tables
    assert {name: note.rows for name, note in first.tables.items()} == counts(other)
    assert counts(other) == counts(shop.engine)
    assert migrations.is_current(other)
    assert migrations.differences(other) == []


def test_points_tiers_and_medals_survive_and_live_on(
    shop: Shop, other: sa.Engine, tmp_path: Path
) -> None:
    before = [(p.balance(), p.pending(), p.tier(), p.medals()) for p in moved(shop, shop.engine)]
    write_backup(shop.engine, tmp_path / "b.zip")
    restore_backup(other, tmp_path / "b.zip")

    people = moved(shop, other)
    after = [(p.balance(), p.pending(), p.tier(), p.medals()) for p in people]
    people[0].spend_money("anna-3", "1000")  # keys that the database counts go on
    newcomer = people[0].shop.join("clara")

    assert after == before
    assert before[0][0] > 0
    assert before[0][1] > 0
    assert people[0].pending() > before[0][1]
    assert newcomer.id not in {p.id for p in people}


def test_the_payload_of_a_message_comes_back_letter_by_letter(
    shop: Shop, other: sa.Engine, tmp_path: Path
) -> None:
    write_backup(shop.engine, tmp_path / "b.zip")

    restore_backup(other, tmp_path / "b.zip")

    query = sa.text("SELECT CAST(payload AS TEXT) FROM notice WHERE dedupe_key = 'odd'")
    with other.connect() as connection:
        payload = json.loads(connection.execute(query).scalar_one())
    assert payload == {"z": "«ё»\n\t\"'\\ 😀", "a": {"n": 1.5, "whole": 2.0, "none": None}}


def test_a_backup_is_its_owners_and_is_not_overwritten(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    first = write_backup(shop.engine, path)

    with pytest.raises(BackupRefused, match="exists already"):
        write_backup(shop.engine, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert backup.read_manifest(path) == first
    assert write_backup(shop.engine, path, replace=True).tables == first.tables
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".laurel")] == []


def test_a_full_database_is_not_overwritten_unasked(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    write_backup(shop.engine, path)
    anna = moved(shop, shop.engine)[0]
    anna.spend_money("anna-9", "5000")
    full = counts(shop.engine)

    with pytest.raises(BackupRefused, match="not empty"):
        restore_backup(shop.engine, path)
    untouched = counts(shop.engine)
    restore_backup(shop.engine, path, replace=True)

    assert untouched == full
    assert counts(shop.engine)["activity"] == full["activity"] - 1


def test_an_empty_place_has_nothing_to_save(bare: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="no tables of Laurel"):
        write_backup(bare, tmp_path / "b.zip")

    assert list(tmp_path.glob("*.zip")) == []


def test_a_folder_that_is_not_there_is_named(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="no folder"):
        write_backup(shop.engine, tmp_path / "nowhere" / "b.zip")


# Damaged and foreign files: nothing is touched.

Change = Callable[[dict[str, bytes]], None]


def rewritten(path: Path, folder: Path, change: Change) -> Path:
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    damaged = folder / "damaged.zip"
    with zipfile.ZipFile(damaged, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return damaged


def change_a_point(parts: dict[str, bytes]) -> None:
    lines = parts["lot.jsonl"].decode().splitlines(keepends=True)
    columns = json.loads(parts["manifest.json"])["tables"]["lot"]["columns"]
    row = json.loads(lines[0])
    row[columns.index("amount")] += 1
    parts["lot.jsonl"] = "".join([json.dumps(row) + "\n", *lines[1:]]).encode()


def drop_a_row(parts: dict[str, bytes]) -> None:
    parts["transfer.jsonl"] = b"".join(parts["transfer.jsonl"].splitlines(keepends=True)[:-1])


def drop_a_table(parts: dict[str, bytes]) -> None:
    del parts["member.jsonl"]


def cut_a_row(parts: dict[str, bytes]) -> None:
    parts["member.jsonl"] = b"[1]\n"


def break_a_line(parts: dict[str, bytes]) -> None:
    parts["member.jsonl"] += b"[1, 2"


def text_for_a_number(parts: dict[str, bytes]) -> None:
    parts["counter.jsonl"] = parts["counter.jsonl"].replace(b"[1,", b'["one",', 1)


def forget_a_table_in_the_manifest(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    del manifest["tables"]["member"]
    parts["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    "change",
    [
        change_a_point,
        drop_a_row,
        drop_a_table,
        cut_a_row,
        break_a_line,
        text_for_a_number,
        forget_a_table_in_the_manifest,
    ],
)
def test_a_damaged_backup_changes_nothing(
    saved: Path, bare: sa.Engine, tmp_path: Path, change: Change
) -> None:
    with bare.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (id INTEGER PRIMARY KEY)")

    with pytest.raises(BackupRefused, match="nothing was restored"):
        restore_backup(bare, rewritten(saved, tmp_path, change))

    assert counts(bare) == {"kept": 0}


def foreign_manifest(**values: Any) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"]) | values
        parts["manifest.json"] = json.dumps(manifest).encode()

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (foreign_manifest(revision="9999"), "newer than this version knows"),
        (foreign_manifest(version=2), "not a backup of Laurel"),
        (foreign_manifest(format="other"), "not a backup of Laurel"),
        (foreign_manifest(tables=[]), "not a backup of Laurel"),
        (lambda parts: parts.pop("manifest.json"), "not a backup of Laurel"),
    ],
)
def test_a_foreign_file_is_refused(
    saved: Path, tmp_path: Path, change: Change, reason: str
) -> None:
    with pytest.raises(BackupRefused, match=reason), opened("sqlite://") as engine:
        restore_backup(engine, rewritten(saved, tmp_path, change))


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "b.zip"
    text.write_text("not a zip")

    for path, reason in ((text, "not a backup"), (tmp_path / "no.zip", "no file")):
        with pytest.raises(BackupRefused, match=reason), opened("sqlite://") as engine:
            restore_backup(engine, path)


@pytest.mark.parametrize("part", ["lot.jsonl", "manifest.json"])
def test_a_flipped_byte_in_the_file_is_seen(
    saved: Path, bare: sa.Engine, tmp_path: Path, part: str
) -> None:
    with zipfile.ZipFile(saved) as file:
        place = file.getinfo(part).header_offset + len(part) + 60
    whole = bytearray(saved.read_bytes())
    whole[place] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(whole)

    with pytest.raises(BackupRefused):
        restore_backup(bare, tmp_path / "flipped.zip")

    assert counts(bare) == {}


def test_a_damaged_sqlite_file_makes_no_backup(shop: Shop, tmp_path: Path) -> None:
    if shop.engine.dialect.name != "sqlite":
        pytest.skip("SQLite only")
    with shop.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            connection.exec_driver_sql("DELETE FROM member")

    with pytest.raises(BackupRefused, match="point to rows that are not there"):
        write_backup(shop.engine, tmp_path / "b.zip")

    assert not (tmp_path / "b.zip").exists()


def test_a_manifest_says_what_it_holds(saved: Path) -> None:
    manifest = backup.read_manifest(saved)

    assert (manifest.revision, manifest.engine) == (migrations.head(), "sqlite")
    assert manifest.tables["member"].rows == 2
    assert replace(manifest, tables={}).rows == 0
