"""Each template can be launched with its defaults."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from gamification.challenges.templates import TEMPLATES, Template, template_terms, usual_dates
from gamification.challenges.terms import parse_terms, stored
from gamification.programme import day_starts, zone_of
from tests.challenging import entry, launch, rewards, work
from tests.shop import Shop, plain_tiers


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_is_launched_with_its_defaults(engine: sa.Engine, template: Template) -> None:
    shop = Shop(engine, at="2026-03-04 12:00", tiers=plain_tiers(("base", 0, 0)))
    wanted = template_terms(template, 100)
    assert parse_terms(stored(wanted)) == wanted
    first, after = usual_dates(template, shop.when().date())
    starts, ends = (day_starts(day, zone_of(shop.zone)) for day in (first, after))
    assert (starts.weekday(), first - shop.when().date()) == (0, timedelta(days=5))
    launch(shop, wanted, str(starts)[:16], str(ends)[:16])
    assert shop.rows("SELECT state FROM challenge") == [("scheduled",)]


def test_a_newcomer_is_welcomed_with_a_stamp_and_within_their_own_days(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-04 12:00", tiers=plain_tiers(("base", 0, 0)))
    week = launch(shop, template_terms("welcome", 100).model_copy(update={"control_percent": 0}),
                  "2026-03-05 00:00", "2026-04-05 00:00")  # fmt: skip
    early = shop.join("Early")
    shop.at = "2026-03-20 12:00"
    ana = shop.join("Ana")
    for person in (early, ana):
        for day in ("20", "21"):
            moment = f"2026-03-{day} 13:00"
            person.buy(f"{person.name}-{day}", ("A", None, "1", "100"), at=moment, now=moment)
    work(shop, "2026-03-21 14:00")
    assert entry(early, week) == {}
    assert (entry(ana, week)["score"], rewards(ana)) == (3, [])
