"""Whoever won a medal of a challenge and left is still counted right."""

import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.challenges.rules import Step
from gamification.commands.clockwork import seed_measures
from gamification.commands.farewell import erase_member
from tests.challenging import launch, terms, work
from tests.shop import Shop


def test_a_winner_who_was_erased_keeps_the_books_in_order(engine: sa.Engine) -> None:
    shop = Shop(engine, at="2026-03-01 12:00")
    medal = terms(Step(kind="count", at_least=1), medal=True)
    launch(shop, medal, "2026-03-02 00:00", "2026-03-20 00:00")
    anna = shop.join("anna")
    shop.at = "2026-03-03 12:00"
    anna.spend_money("p", "1000")
    work(shop, "2026-03-03 13:00")
    with shop.world() as world:
        while seed_measures(world):
            pass
    won = anna.medals()
    with shop.world("2026-03-25 12:00") as world:
        erase_member(world, anna.id)

    assert won
    with shop.world("2026-03-26 12:00") as world:
        assert run_audit(world, full=True).is_clean
    bodies = shop.rows("SELECT source, body FROM activity WHERE body IS NOT NULL")
    assert {source for source, body in bodies if "challenge" in str(body)} == {"@laurel"}
