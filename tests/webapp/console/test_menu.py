"""The menu leads each of the shop's people to every page of theirs."""

import re

import pytest

from tests.webapp.console.owner import english
from tests.webapp.shopfront import Shop

RAILS = {
    "cashier": ["Find"],
    "marketer": ["Overview", "Find", "Challenges", "Friends", "Segments", "Rehearsals", "Messages"],
    "owner": [
        "Overview", "Find", "To decide", "Challenges", "Friends", "Segments", "Rehearsals",
        "Messages", "Programme",
    ],
}  # fmt: skip
PHONE = {
    "cashier": ["Find"],
    "marketer": ["Overview", "Find", "Challenges", "Friends", "Segments"],
    "owner": ["Overview", "Find", "To decide", "Challenges", "Programme"],
}
"""A phone has room for five."""


def links_in(page: str, label: str) -> list[str]:
    """What the links of one menu say."""
    found = re.search(rf'<nav [^>]*aria-label="{label}".*?</nav>', page, re.DOTALL)
    assert found is not None
    links = re.findall(r"<a\b.*?</a>", found.group(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", link).strip() for link in links]


@pytest.mark.parametrize("role", RAILS)
def test_everybody_in_the_shop_finds_their_pages(open_shop: Shop, role: str) -> None:
    page = english(open_shop.signed_in_as(role), "/staff/find").get_data(as_text=True)

    rail = links_in(page, "Sections")

    assert rail == RAILS[role]
    assert links_in(page, "Main menu") == PHONE[role]
