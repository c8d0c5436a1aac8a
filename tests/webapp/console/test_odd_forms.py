"""Forms that no page could have sent are answered with a page, and nothing is half-written."""

import pytest

from tests.webapp.console.challenge_forms import draft, now_of, send
from tests.webapp.shopfront import Browser, Shop


@pytest.fixture
def marketer(open_shop: Shop) -> Browser:
    return open_shop.signed_in_as("marketer")


@pytest.mark.parametrize("odd", ["", "abc", "1e9", "²", "-1", "99999"])
def test_a_reminder_that_nobody_could_tick_is_none(
    open_shop: Shop, marketer: Browser, odd: str
) -> None:
    number = draft(marketer, "blank")

    for asked in ("add_rung", "save"):
        assert send(marketer, number, remind=[odd, "3"], do=asked).status_code in (200, 303)
    refused = send(marketer, number, "/launch", remind=[odd], budget="x")

    assert refused.status_code == 422
    assert now_of(open_shop, number).plan.terms.remind_days == (3,)
