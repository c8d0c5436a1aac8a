"""Two tills serve the same member at once: the second sees all that the first did."""

import threading
import time

import sqlalchemy as sa

from gamification.commands.till import MemberRef, record_receipt
from tests.shop import Person, Shop, plain_tiers


def test_the_second_till_earns_at_the_tier_that_the_first_gave(engine: sa.Engine) -> None:
    tiers = plain_tiers(("bronze", 0, 500), ("silver", 1_000, 1_000))
    shop = Shop(engine, tiers=tiers)
    anna = shop.join("anna")
    anna.spend_money("p-0", "10")
    answers: list[dict[str, object]] = []

    with shop.world() as world:
        receipt = shop.receipt("purchase", "p-1", [("GOODS", None, "1", "1500")])
        record_receipt(world, receipt, MemberRef(member_id=anna.id))
        second = start(anna, answers)
    second.join()

    assert answers == [{"points": 10, "tier": "silver"}]


def start(anna: Person, answers: list[dict[str, object]]) -> threading.Thread:
    """A second till that has to wait for the first one's transaction."""
    thread = threading.Thread(target=lambda: answers.append(anna.spend_money("p-2", "100").answer))
    thread.start()
    time.sleep(0.3)
    return thread
