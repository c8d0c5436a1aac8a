"""A shop that is set up, with one member and a till."""

import pytest

from tests.webapp.api.till import CARD, OWN_ID, PHONE, Till, add_member, open_programme, till_of
from tests.webapp.shopfront import Shop


@pytest.fixture
def till(shop: Shop) -> Till:
    """A till with every scope; Anna has a card, a phone and an id of the shop's own."""
    with shop.worlds.open() as world:
        open_programme(world)
        add_member(world, card=CARD, phone=PHONE, own_id=OWN_ID)
    return till_of(shop)
