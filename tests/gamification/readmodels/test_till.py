"""What a till is told of a member as of a day of the past."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from gamification.readmodels.till import MemberAtTill, member_at_till
from gamification.world import World, fixed_clock
from tests.shop import Shop, plain_tiers


def look(shop: Shop, at: str) -> MemberAtTill:
    with Session(shop.engine) as session:
        world = World(session, fixed_clock(shop.when(at)), past=True)
        return member_at_till(world, "external_id", "anna")


def test_a_past_day_tells_the_tier_and_the_debt_of_that_day(engine: sa.Engine) -> None:
    tiers = plain_tiers(("bronze", 0, 1_000), ("silver", 2_000, 2_000))
    columns = {"negative_policy": "unlimited", "pending_days": 0}
    shop = Shop(engine, at="2026-01-10 12:00", tiers=tiers, columns=columns)
    anna = shop.join("anna")
    anna.spend_money("p-1", "500")
    anna.pay(50, "mug")
    shop.at = "2026-01-20 12:00"
    anna.bring_back("b-1", of="p-1", whole=True, total="0")
    shop.at = "2026-02-10 12:00"
    anna.spend_money("p-2", "3000")

    first, owing, last = (
        look(shop, f"{day} 23:59") for day in ("2026-01-10", "2026-01-20", "2026-02-10")
    )

    def told(seen: MemberAtTill) -> tuple[object, ...]:
        return seen.tier.name.code, seen.tier.rate_bp, seen.tier.valid_until, seen.debt

    assert told(first) == ("bronze", 1_000, None, 0)
    assert told(owing) == ("bronze", 1_000, None, 50)
    assert told(last) == ("silver", 2_000, date(2027, 2, 10), 0)
