"""Whatever is wrong is said in one line, with exit code 2."""

from collections.abc import Callable

import click
import pytest

import webapp.cli as cli
from gamification.refusals import NotEnoughPoints
from tests.webapp.cli.conftest import Said

Laurel = Callable[..., Said]


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("accounts", "add"),
        ("accounts", "add", "--role", "emperor", "--email", "a@b.org"),
        ("accounts", "add", "--role", "owner", "--email", "not-an-address"),
        ("run", "--port", "0"),
        ("run", "--as-of", "yesterday"),
        ("run", "--port", "x"),
        ("run", "--as-of", "9999-12-31"),
        ("report", "members", "--as-of", "9999-12-31"),
        ("report", "members", "--as-of", "0001-01-01"),
        ("import", "purchases", "missing.csv", "--profile", "online_retail"),
        ("import", "purchases", __file__, "--profile", "online_retail", "--rejects", "/no/x.csv"),
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line(laurel: Laurel, words: tuple[str, ...]) -> None:
    said = laurel(*words)

    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("laurel: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAUREL_DEMO", "perhaps"),
        ("LAUREL_SECRET_KEY", "secret"),
        ("LAUREL_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none"),
        ("LAUREL_DATABASE_URL", "nonsense"),
        ("LAUREL_DATA", "/proc/nowhere"),
        ("LAUREL_AS_OF", "9999-12-31"),
    ],
)
def test_bad_settings_are_one_line(
    laurel: Laurel, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    said = laurel("routes")

    assert said.code == 2
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    @click.command()
    def fail() -> None:
        raise error

    monkeypatch.setattr(cli.LazyGroup, "get_command", lambda *_: fail)


def test_a_refusal_is_said_with_its_code(laurel: Laurel, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, NotEnoughPoints(wanted=500, has=320))

    said = laurel("fail")

    assert said.code == 2
    assert "500 points are needed" in said.err.replace("\xa0", " ")
    assert "not_enough_points" in said.err


def test_our_own_fault_is_told_apart_and_is_one_line(
    laurel: Laurel, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, RuntimeError("a\nb"))

    said = laurel("fail")

    assert said.code == 1
    assert said.err == "laurel: Something broke on our side: RuntimeError: a b\n"


def test_an_interrupt_is_no_fault(laurel: Laurel, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, click.Abort())  # type: ignore[arg-type]

    assert laurel("fail").code == 130


def test_help_lists_what_there_is(laurel: Laurel) -> None:
    said = laurel("--help")

    assert said.code == 0
    assert {"run", "accounts", "routes", "doctor"} <= set(said.out.split())


@pytest.mark.parametrize("words", [("run", "--empty", "--port", "5999"), ("init",)])
def test_a_data_folder_that_cannot_be_is_told_in_words(
    laurel: Laurel, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LAUREL_DATA", "/proc/nowhere")

    said = laurel(*words)

    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "laurel: LAUREL_DATA: the folder /proc/nowhere cannot be used: No such file or directory\n"
    )
