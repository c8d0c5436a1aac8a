"""Macros that draw pictures draw each once; the language and the arguments tell them apart."""

from jinja2 import DictLoader, Environment

from webapp.page import Macros


def macros(**files: str) -> Macros:
    loader = DictLoader({f"macros/{name}.html": text for name, text in files.items()})
    return Macros(Environment(loader=loader, autoescape=True, auto_reload=False))


def test_a_picture_is_drawn_once_for_its_arguments() -> None:
    drawn: list[str] = []
    ui = macros(icon="{% macro line(name) %}{{ note(name) }}<i>{{ name }}</i>{% endmacro %}")
    ui._environment.globals["note"] = lambda name: drawn.append(name) or ""

    said = [str(ui.icon.line(name)) for name in ("bag", "bag", "<b>", "bag")]

    assert said == ["<i>bag</i>", "<i>bag</i>", "<i>&lt;b&gt;</i>", "<i>bag</i>"]
    assert drawn == ["bag", "<b>"]


def test_what_cannot_be_a_key_is_drawn_anew() -> None:
    ui = macros(medal="{% macro tile(names) %}{{ names.ru }}{% endmacro %}")
    names = {"ru": "Кофе"}

    first = str(ui.medal.tile(names))
    names["ru"] = "Чай"

    assert (first, str(ui.medal.tile(names))) == ("Кофе", "Чай")


def test_other_macros_are_never_remembered() -> None:
    tokens = iter("ab")
    ui = macros(forms="{% macro token() %}{{ next() }}{% endmacro %}")
    ui._environment.globals["next"] = lambda: next(tokens)

    assert str(ui.forms.token()) + str(ui.forms.token()) == "ab"
