"""Looking in counts once a local day, and never a day that is over."""

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from gamification.commands.acts import check_in
from gamification.commands.till import Outcome
from gamification.world import World, fixed_clock
from tests.shop import Person, Shop


def look_in(anna: Person, at: str, zone: str) -> Outcome:
    moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone))
    with Session(anna.shop.engine) as session:
        named = {"zone": zone, "id": anna.id}
        session.execute(sa.text("UPDATE member SET zone = :zone WHERE id = :id"), named)
        found = check_in(World(session, fixed_clock(moment)), anna.id)
        session.commit()
    assert found is not None
    return found


def test_yesterday_in_another_zone_does_not_count_today_again(engine: sa.Engine) -> None:
    anna = Shop(engine, at="2026-09-21 12:00").join("anna")

    first = look_in(anna, "2026-09-24 01:10", "Europe/Moscow")
    west = look_in(anna, "2026-09-23 11:11", "Pacific/Niue")

    assert (west.again, west.activity_id) == (True, first.activity_id)
    kept = anna.shop.rows("SELECT local_date FROM activity WHERE type = 'daily_check_in'")
    assert kept == [("2026-09-24",)]
    assert not look_in(anna, "2026-09-25 00:05", "Pacific/Niue").again
