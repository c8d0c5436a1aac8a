"""Who looks at the console."""

import pytest

from tests.webapp.shopfront import Browser, Shop


@pytest.fixture
def owner(shop: Shop) -> Browser:
    """The owner of an installation, before anything is set up."""
    return shop.signed_in_as("owner")


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    """A shop whose programme is live."""
    shop.set_up()
    return shop
