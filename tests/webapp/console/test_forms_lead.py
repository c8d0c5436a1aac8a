"""Every form of the console is sent to an address that takes it."""

from html.parser import HTMLParser

import pytest
from werkzeug.exceptions import HTTPException

from tests.webapp.console.challenge_forms import PAGE, draft, launched, now_of
from tests.webapp.shopfront import Browser, Shop


class FormFinder(HTMLParser):
    """Where a page's forms go: method and address of each, buttons with their own included."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.of_form: dict[str, str] = {}
        self._method = "get"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "form":
            self._method = (names.get("method") or "get").lower()
            if action := names.get("action"):
                self.found.add((self._method, action))
                self.of_form[names.get("id") or action] = action
        if names.get("formaction"):
            self.found.add((self._method, names["formaction"] or ""))
        for name, method in (("hx-post", "post"), ("hx-get", "get")):
            if names.get(name):
                self.found.add((method, names[name] or ""))


def forms_of(browser: Browser, path: str) -> FormFinder:
    """The forms of a page."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    finder = FormFinder()
    finder.feed(answer.get_data(as_text=True))
    return finder


def lost(shop: Shop, found: set[tuple[str, str]]) -> list[str]:
    """Forms whose address takes no such request."""
    routes = shop.app.url_map.bind("localhost")
    wrong = []
    for method, action in sorted(found):
        try:
            routes.match(action.partition("?")[0].partition("#")[0], method=method.upper())
        except HTTPException:
            wrong.append(f"{method} {action}")
    return wrong


def pages_without_a_number(shop: Shop) -> list[str]:
    """Addresses of the console's pages that need nothing to be opened."""
    return sorted(
        rule.rule
        for rule in shop.app.url_map.iter_rules()
        if rule.endpoint.startswith("console.") and "GET" in (rule.methods or ())
        and not rule.arguments
    )  # fmt: skip


def test_every_form_of_the_console_leads_somewhere(open_shop: Shop) -> None:
    owner = open_shop.signed_in_as("owner")
    number, running = draft(owner), launched(owner, "spend")
    pages = [f"{PAGE}/{number}", f"{PAGE}/{running}", f"{PAGE}/{running}/terms"]
    pages += [path for path in pages_without_a_number(open_shop)
              if owner.get(path).status_code == 200]  # fmt: skip

    found = {path: lost(open_shop, forms_of(owner, path).found) for path in pages}

    assert {path: forms for path, forms in found.items() if forms} == {}
    assert len(pages) > 15 and PAGE in pages


@pytest.mark.parametrize("where", ["list", "own"])
@pytest.mark.parametrize("kind", ["draft", "launched"])
def test_a_challenge_is_copied_from_its_pages(open_shop: Shop, where: str, kind: str) -> None:
    owner = open_shop.signed_in_as("owner")
    number = draft(owner) if kind == "draft" else launched(owner)
    path = PAGE if where == "list" else f"{PAGE}/{number}"

    (to,) = [at for _, at in forms_of(owner, path).found if at.endswith("/copy")]
    answer = owner.send(path, to)

    assert answer.status_code == 303
    copy = now_of(open_shop, int(answer.location.rpartition("/")[2]))
    assert (copy.id != number, copy.state) == (True, "draft")
    assert copy.plan.terms == now_of(open_shop, number).plan.terms


def test_a_copy_brings_back_a_draft_that_was_put_away(open_shop: Shop) -> None:
    owner = open_shop.signed_in_as("owner")
    number = draft(owner)
    owner.send(PAGE, f"{PAGE}/{number}/away")

    (to,) = [at for _, at in forms_of(owner, PAGE).found if at.endswith("/copy")]
    answer = owner.send(PAGE, to)

    assert answer.status_code == 303
    copy = now_of(open_shop, int(answer.location.rpartition("/")[2]))
    assert copy.plan.words == now_of(open_shop, number).plan.words
