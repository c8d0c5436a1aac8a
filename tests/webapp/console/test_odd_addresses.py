"""Numbers that no row can have lead nowhere, and never break a page."""

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
