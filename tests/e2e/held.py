"""Requests of a page that wait until a test lets them go: answers come when it says so."""

from playwright.sync_api import Page, Route


def held_requests(tab: Page, pattern: str) -> list[Route]:
    """Requests to an address wait from now on, in the order in which they were sent."""
    held: list[Route] = []
    tab.route(pattern, lambda route: held.append(route))  # noqa: PLW0108 - a method of a list takes no mark
    return held


def wait_for(tab: Page, held: list[Route], number: int = 0) -> Route:
    """The request with this number, once it was sent."""
    for _ in range(400):
        if len(held) <= number:
            tab.wait_for_timeout(50)
    return held[number]


def let_go(tab: Page, held: list[Route], number: int) -> None:
    """Let the request with this number through, once it was sent."""
    wait_for(tab, held, number).continue_()
