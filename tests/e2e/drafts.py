"""A draft of a challenge in a browser, and saves of it that a test holds back."""

import re

from playwright.sync_api import Page, Route, expect

from tests.e2e.held import wait_for


def new_draft(tab: Page) -> None:
    """An empty draft, number 1 of its shop, with its scripts at work."""
    tab.goto("/console/challenges")
    tab.get_by_role("button", name="From scratch").press("Enter")
    expect(tab).to_have_url(re.compile("/console/challenges/1$"))
    tab.wait_for_load_state()


def hold_the_first_save(tab: Page) -> list[Route]:
    """The first save of draft 1 waits for `continue_` or `fulfill`; all others go through."""
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    tab.route("**/console/challenges/1", hold_the_first)
    return held


def points_being_saved(tab: Page) -> list[Route]:
    """310 points are on their way to the server; the save waits."""
    held = hold_the_first_save(tab)
    tab.locator("#points").fill("310")
    tab.keyboard.press("Tab")
    wait_for(tab, held)
    return held


def draft_being_saved(tab: Page) -> list[Route]:
    """A new draft, and its first save waits."""
    new_draft(tab)
    return points_being_saved(tab)
