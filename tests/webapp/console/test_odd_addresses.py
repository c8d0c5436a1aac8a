"""Numbers that no row can have lead nowhere, and never break a page."""

import re

import pytest

from tests.webapp.shopfront import Shop

HUGE = "9" * 5000


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("customer", f"/history?after={HUGE}.1", 404),
        ("owner", "/console/reviews/99999999999999999999999", 404),
        ("owner", "/setup/files/99999999999999999999", 404),
        ("owner", "/console/reviews?after=99999999999999999999999", 200),
        ("owner", "/console/reviews?rejected=9999999999999999999999", 200),
    ],
)
def test_a_number_beyond_all_rows(shop: Shop, role: str, path: str, status: int) -> None:
    shop.set_up()

    answer = shop.signed_in_as(role).client.get(path)

    assert answer.status_code == status


NUMBERED = "9" * 30


def test_no_page_breaks_over_a_number_that_no_row_has(open_shop: Shop) -> None:
    owner = open_shop.signed_in_as("owner")
    token = owner.token("/console/challenges")
    broken = []

    for rule in open_shop.app.url_map.iter_rules():
        if "<int:" not in rule.rule:
            continue
        for number in (str(2**63), NUMBERED, HUGE):
            path = re.sub(r"<int:[a-z_]+>", number, rule.rule)
            if "<" in path:
                continue
            if "POST" in (rule.methods or ()):
                answer = owner.client.post(path, data={"csrf_token": token})
            else:
                answer = owner.client.get(path)
            if answer.status_code != 404:
                broken.append((path[:60], answer.status_code))

    assert broken == []


@pytest.mark.parametrize("number", [str(2**63), NUMBERED, HUGE, "-1", "²"])
def test_files_go_on_from_no_run_that_cannot_be(open_shop: Shop, number: str) -> None:
    owner = open_shop.signed_in_as("owner")

    answer = owner.send("/setup/files", run=number)

    assert answer.status_code == 422
