"""`laurel db`: up to date from nothing, compared with the code, and plain about mistakes."""

import shutil
import stat
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import opened
from webapp import migrations
from webapp.cli import main

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAUREL_DATA", str(tmp_path / "home"))
    monkeypatch.delenv("LAUREL_DATABASE_URL", raising=False)


def test_upgrade_from_nothing_and_again(bare_url: str, capsys: Capture) -> None:
    codes = [main(["db", "--url", bare_url, "upgrade"]) for _ in range(2)]

    head = migrations.head()
    assert codes == [0, 0]
    assert capsys.readouterr().out.splitlines() == [
        f"The schema is at {head}, it was at nothing.",
        f"The schema is at {head} already.",
    ]


def test_the_embedded_database_is_made_where_the_settings_say(
    tmp_path: Path, capsys: Capture
) -> None:
    code = main(["db", "upgrade"])

    file = tmp_path / "home" / "laurel.db"
    assert code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with opened(f"sqlite:///{file}") as engine:
        assert migrations.is_current(engine)


def test_check_is_clean_then_names_what_differs(
    bare: sa.Engine, bare_url: str, capsys: Capture
) -> None:
    migrations.upgrade(bare)
    clean = main(["db", "--url", bare_url, "check"])
    with bare.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE member ADD COLUMN shoe_size INTEGER")

    different = main(["db", "--url", bare_url, "check"])

    out = capsys.readouterr().out
    assert (clean, different) == (0, 1)
    assert "The tables are as in the code." in out
    assert "shoe_size" in out


def test_check_of_an_old_schema_says_what_to_do(bare_url: str, capsys: Capture) -> None:
    with opened(bare_url) as engine, engine.connect():
        pass

    code = main(["db", "--url", bare_url, "check"])

    assert code == 2
    assert "run laurel db upgrade first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["db", "--url", "nonsense", "upgrade"], "not a database address"),
        (["db", "current"], "There is no database at"),
        (["db", "check"], "There is no database at"),
        (["db", "revision"], "Missing option"),
        (["db", "--url", "postgresql+psycopg://nobody@127.0.0.1:1/none", "current"], "database"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(words: list[str], reason: str, capsys: Capture) -> None:
    code = main(words)

    told = capsys.readouterr().err
    assert code == 2
    assert reason in told
    assert len(told.splitlines()) == 1


def test_looking_makes_no_database(tmp_path: Path) -> None:
    main(["db", "current"])

    assert not (tmp_path / "home" / "laurel.db").exists()


def test_a_newer_schema_is_refused_in_words(
    bare: sa.Engine, bare_url: str, capsys: Capture
) -> None:
    migrations.upgrade(bare)
    with bare.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    code = main(["db", "--url", bare_url, "upgrade"])

    assert code == 2
    assert "9999, which this version does not know" in capsys.readouterr().err


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the revisions, so that no test can write among the real ones."""
    folder = tmp_path / "own"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(
        migrations, "write_revision", partial(migrations.write_revision, folder=folder)
    )
    return folder / "versions"


def test_a_revision_is_written_only_for_a_difference(
    bare: sa.Engine, bare_url: str, own_folder: Path, capsys: Capture
) -> None:
    migrations.upgrade(bare)
    words = ["db", "--url", bare_url, "revision", "-m", "Ask for consent"]
    before = set(own_folder.glob("*.py"))
    nothing = main(words)
    with bare.begin() as connection:
        connection.exec_driver_sql("DROP TABLE consent")

    something = main(words)

    [written] = set(own_folder.glob("*.py")) - before
    out = capsys.readouterr().out
    assert (nothing, something) == (0, 0)
    assert "Nothing to write" in out
    assert f"Wrote {written}" in out
    assert 'op.create_table("consent"' in written.read_text().replace("'", '"')
    assert "import sqlmodel" not in written.read_text()
