"""Putting a segment together by keyboard: Delete removes a condition, the size follows typing."""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.shops import served
from tests.preview.show import show

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(show()) as address:
        yield address


def test_delete_takes_the_condition_away_that_has_the_focus(page: Page, address: str) -> None:
    page.goto(f"{address}/segment?lang=en")
    page.locator("[data-chip] button").nth(1).focus()

    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("Delete")

    assert "drop=all%3A1" in (sent.value.post_data or "")


def test_delete_within_a_field_only_edits_it(page: Page, address: str) -> None:
    page.goto(f"{address}/segment?lang=en")
    page.locator("#name").press("Delete")

    assert page.locator("[data-chip]").count() == 3


TYPED = """(field, values) => values.forEach((value) => {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
})"""
"""As fast as anybody can type, however busy the machine is."""


def test_the_size_is_asked_for_once_typing_rests(page: Page, address: str) -> None:
    page.goto(f"{address}/segment?who=money&lang=en")
    asked: list[str] = []
    page.on("request", lambda one: one.method == "POST" and asked.append(one.post_data or ""))

    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("#at_least").evaluate(TYPED, ["1", "15", "150", "1500"])

    assert sent.value.headers["hx-target"] == "found"
    assert "do=size" in asked[0]
    assert "at_least=1500" in asked[0]
    assert len(asked) == 1


def test_of_two_kinds_chosen_quickly_the_later_one_stays(page: Page, address: str) -> None:
    page.goto(f"{address}/segment?lang=en")
    asked: list[Route] = []
    page.route("**/*", lambda one: asked.append(one) if is_look(one) else one.continue_())
    for kind in ("spend", "city"):
        with page.expect_request(lambda one: one.headers.get("hx-target") == "adding"):
            page.locator("#kind").select_option(kind)
    for one in asked:
        kind = parse_qs(one.request.post_data or "")["kind"][0]
        one.fulfill(body=f'<fieldset id="adding"><input id="kind" value="{kind}"></fieldset>')

    expect(page.locator("input#kind")).to_have_value("city")


def is_look(route: Route) -> bool:
    """Whether the fields of a kind are asked for."""
    return route.request.headers.get("hx-target") == "adding"


def test_a_look_that_does_not_get_through_is_told_where_it_is_missed(
    page: Page, address: str
) -> None:
    page.route("**/*", lambda one: one.abort() if one.request.method == "POST" else one.continue_())
    page.goto(f"{address}/segment?who=money&lang=en")
    page.locator("#at_least").evaluate(TYPED, ["1500"])
    expect(page.locator("#found [data-lost]")).to_be_visible()
    expect(page.locator("#adding [data-lost]")).to_be_hidden()
    page.locator("#kind").select_option("city")
    expect(page.locator("#adding [data-lost]")).to_be_visible()

    page.goto(f"{address}/invitations?lang=en")
    page.locator("#budget").fill("1")
    page.locator("#budget").press("Tab")
    expect(page.locator("#preview [data-lost]")).to_be_visible()
