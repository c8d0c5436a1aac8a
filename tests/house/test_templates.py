"""Templates obey the strict content policy and work without JavaScript."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.house.sources import ROOT, place

HANDLER = re.compile(r"^on[a-z]+$")
JINJA = re.compile(r"\{([%{#]).*?[%}#]\}", re.DOTALL)
DICT_METHODS = frozenset(name for name in dir(dict) if not name.startswith("_"))
# htmx would have to evaluate these as code, which the policy forbids.
EVALUATED = ("hx-on", "data-hx-on")


class InlineFinder(HTMLParser):
    """Collects whatever a page may not carry inside itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and not names.get("src")):
            self._note(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or HANDLER.match(name) or name.startswith(EVALUATED):
                self._note(f"{name}=")
            if (value or "").strip().lower().startswith(("javascript:", "js:")):
                self._note(f"{name}={value}")

    def _note(self, what: str) -> None:
        self.found.append(f"line {self.getpos()[0]}: {what}")


def without_jinja(text: str) -> str:
    """The page's own markup: a word for each value that Jinja would put in, lines kept."""
    return JINJA.sub(stand_in, text)


def stand_in(match: re.Match[str]) -> str:
    word = "x" if match.group(1) == "{" else " "
    return word + "\n" * match.group().count("\n")


def inline_parts(text: str) -> list[str]:
    finder = InlineFinder()
    finder.feed(without_jinja(text))
    return finder.found


@pytest.mark.parametrize(
    "planted",
    [
        "<p style='color: red'>",
        "<style>p {}</style>",
        "<script>alert(1)</script>",
        '<a {{ attrs }} onclick="go()">',
        '<a href="javascript:go()">',
        "<a hx-on:click='go()'>",
        "<div {% if wide %}style='width: 3em'{% endif %}>",
    ],
)
def test_what_may_not_be_inline_is_found(planted: str) -> None:
    assert len(inline_parts(planted)) == 1


def test_what_may_be_there_is_left_alone() -> None:
    page = '{# style="" #}<script src="{{ url }}" defer></script><a href="/" hx-get="/x">x</a>'

    assert inline_parts(page) == []


def page_files() -> list[Path]:
    """Templates of pages; mail has no scripts at all and needs its styles inline."""
    files = (ROOT / "templates").rglob("*.html")
    return sorted(path for path in files if "mail" not in path.parts)


def test_no_template_has_inline_script_style_or_handler() -> None:
    found = {place(path): inline_parts(path.read_text("utf-8")) for path in page_files()}

    assert {name: parts for name, parts in found.items() if parts} == {}


def test_no_address_of_another_host_is_loaded_by_a_page() -> None:
    loads = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=["'](?:https?:)?//""")

    found = [place(path) for path in page_files() if loads.search(path.read_text("utf-8"))]

    assert found == []


def shadowed_addresses(text: str) -> list[str]:
    """Addresses asked for by a name that every mapping has a method of: `hrefs.copy`."""
    tree = Environment(extensions=["jinja2.ext.do"], autoescape=True).parse(text)
    return [
        f"line {node.lineno}: .{node.attr}"
        for node in tree.find_all(nodes.Getattr)
        if node.attr in DICT_METHODS and holds_addresses(node.node)
    ]


def holds_addresses(node: nodes.Node) -> bool:
    """Whether an expression is a mapping of addresses, or a row of one."""
    if isinstance(node, nodes.Getitem):
        return holds_addresses(node.node)
    name = node.attr if isinstance(node, nodes.Getattr) else getattr(node, "name", "")
    return str(name).endswith("hrefs")


@pytest.mark.parametrize(
    "planted",
    [
        "{{ hrefs.copy }}",
        "{{ hrefs[row.id].copy }}",
        "{{ it.hrefs.items }}",
        "{% if hrefs.get %}x{% endif %}",
        "{{ ui.more(move_hrefs.update, _('x')) }}",
    ],
)
def test_an_address_behind_a_method_is_found(planted: str) -> None:
    assert len(shadowed_addresses(planted)) == 1


def test_no_address_is_asked_for_by_the_name_of_a_method() -> None:
    assert shadowed_addresses("{{ hrefs['copy'] }}{{ hrefs[row.id].open }}{{ form.values }}") == []

    files = sorted((ROOT / "templates").rglob("*.*"))
    found = {place(path): shadowed_addresses(path.read_text("utf-8")) for path in files}

    assert {name: parts for name, parts in found.items() if parts} == {}


GUARDED = {"console/challenge_builder.html", "console/challenge_rehearsal.html"}
"""Their script, or htmx, lets one press be one request."""


def test_one_press_of_the_staff_is_one_request() -> None:
    loose = [
        f"{place(path)}: {found.group()}"
        for folder in ("console", "staff", "setup")
        for path in sorted((ROOT / "templates" / folder).glob("*.html"))
        if f"{folder}/{path.name}" not in GUARDED
        for found in re.finditer(r"<form\b[^>]*>", without_jinja(path.read_text("utf-8")))
        if 'method="post"' in found.group() and "data-busy" not in found.group()
    ]

    assert loose == []
