"""A block drawn from its mould is what its macro would have drawn."""

from typing import Any, Literal, NamedTuple

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from webapp.moulds import Code, Moulds

SOURCE = """
{%- macro row(it) -%}
<li class="{{ it.tone }}" title="{{ it.name }}">{{ draw() }}{{ it.name }} 100% {{ it.icon }}
{%- if it.note %}<i>{{ it.note }}</i>{% endif %}
{%- for part in it.parts %}<b>{{ part.text }}</b>{% endfor -%}
{%- if it.last %}<u>{{ it.last.text }}</u>{% endif %}</li>
{%- endmacro -%}
"""


BAG = Code("bag")


class Part(NamedTuple):
    text: str


class Row(NamedTuple):
    name: str
    tone: Literal["plus", "minus"] = "plus"
    icon: Code = BAG
    note: str | None = None
    parts: tuple[Part, ...] = ()
    last: Part | None = None


@pytest.fixture
def drawings() -> list[int]:
    return []


@pytest.fixture
def macro(drawings: list[int]) -> Any:
    environment = Environment(loader=DictLoader({"m": SOURCE}), autoescape=True)
    environment.globals["draw"] = lambda: drawings.append(1) or ""
    return environment.get_template("m").module.row  # type: ignore[attr-defined]


ROWS = [
    Row("Анна"),
    Row("<b>\"'&%s %(x)s \ue0000\ue001"),
    Row("100%", "minus", Code("medal"), note="50 %"),
    Row("three", parts=(Part("1"), Part("<2>"), Part(""))),
    Row("marked up", note=Markup("<em>kept</em>"), last=Part("last")),
    Row("", last=Part("")),
]


@pytest.mark.parametrize("row", ROWS)
def test_a_cast_is_what_the_macro_draws(macro: Any, row: Row) -> None:
    moulds, plain = Moulds(), Moulds(remembers=False)

    for _ in range(2):
        assert moulds.cast(macro, row) == plain.cast(macro, row) == macro(row)


def test_a_shape_is_drawn_once_and_another_one_anew(macro: Any, drawings: list[int]) -> None:
    moulds = Moulds()

    for name in ("Анна", "Тимур", "<b>"):
        moulds.cast(macro, Row(name))
    assert len(drawings) == 1

    moulds.cast(macro, Row("Анна", "minus"))
    moulds.cast(macro, Row("Анна", icon=Code("medal")))
    moulds.cast(macro, Row("Анна", note="x"))
    moulds.cast(macro, Row("Анна", parts=(Part("x"),)))
    assert len(drawings) == 5


def test_the_words_of_one_reader_never_reach_another(macro: Any) -> None:
    moulds = Moulds()
    moulds.cast(macro, Row("Анна", note="secret", parts=(Part("mine"),)))

    other = moulds.cast(macro, Row("Тимур", note="other", parts=(Part("theirs"),)))

    assert "Анна" not in other
    assert "secret" not in other
    assert "mine" not in other
