"""The builder's form as a browser fills it, for tests of challenges in the console."""

import re
from html.parser import HTMLParser

from gamification.commands.challenge_desk import ChallengeNow, challenge_now
from gamification.readmodels.challenge_desk import DeskRow, desk_rows
from tests.webapp.shopfront import Browser, Shop

PAGE = "/console/challenges"
Fields = dict[str, list[str]]


class FormReader(HTMLParser):
    """What the form with this id or address would send: fields of it, as the page shows them."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.fields: Fields = {}
        self._form, self._inside = form, False
        self._select: str | None = None
        self._option: str | None = None
        self._text: str | None = None
        self._first = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "form":
            self._inside = self._form in (names.get("id"), names.get("action"))
        if not self._inside:
            return
        name, value = names.get("name") or "", names.get("value") or ""
        if tag == "input" and name:
            ticks = names.get("type") in ("checkbox", "radio")
            if not ticks or "checked" in names:
                self._add(name, value)
        elif tag == "select":
            self._select, self._first = name, ""
            self.fields.setdefault(name, [])
            self._chosen: str | None = None
        elif tag == "option" and self._select is not None:
            self._option = names.get("value")
            self._is_chosen = "selected" in names
            self._words = ""
        elif tag == "textarea":
            self._text, self._words = name, ""

    def handle_data(self, data: str) -> None:
        if self._option is not None or self._text or self._select:
            self._words = getattr(self, "_words", "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "option" and self._select is not None:
            value = self._option if self._option is not None else self._words.strip()
            if self._is_chosen or self._chosen is None:
                self._chosen = value
            self._option = None
        elif tag == "select" and self._select is not None:
            self._add(self._select, self._chosen or "")
            self._select = None
        elif tag == "textarea" and self._text:
            self._add(self._text, self._words.strip())
            self._text = None

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def fields_of(browser: Browser, path: str, form: str = "making") -> Fields:
    """The fields of a page's form."""
    reader = FormReader(form)
    reader.feed(browser.get(path).get_data(as_text=True))
    assert reader.fields, f"{path} has the form {form}"
    return reader.fields


def draft(browser: Browser, template: str = "collect") -> int:
    """A draft from a template; its number."""
    answer = browser.send(PAGE, template=template)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:300]
    found = re.search(r"/challenges/(\d+)", answer.location)
    assert found is not None
    return int(found.group(1))


def send(browser: Browser, number: int, to: str = "", **changes: str | list[str]):  # type: ignore[no-untyped-def]
    """Send the builder's form with some fields changed."""
    fields = fields_of(browser, f"{PAGE}/{number}")
    changed = {k: v if isinstance(v, list) else [v] for k, v in changes.items()}
    return browser.client.post(f"{PAGE}/{number}{to}", data=fields | changed)


def now_of(shop: Shop, number: int) -> ChallengeNow:
    """A challenge as it is saved."""
    with shop.worlds.open(readonly=True) as world:
        return challenge_now(world, number)


def row_of(shop: Shop, number: int) -> DeskRow | None:
    """Its row in the list."""
    with shop.worlds.open(readonly=True) as world:
        return next((row for row in desk_rows(world) if row.id == number), None)


def launched(browser: Browser, template: str = "collect", **changes: str | list[str]) -> int:
    """A challenge that runs already; its number."""
    number = draft(browser, template)
    terms: dict[str, str | list[str]] = {"budget": "5000", "starts": "2026-11-20T00:00"}
    answer = send(browser, number, "/launch", **(terms | changes))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return number
