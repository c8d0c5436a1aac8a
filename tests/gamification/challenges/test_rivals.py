"""Challenges that would pay the same people for the same acts are told; others are not."""

from typing import Any

import pytest
import sqlalchemy as sa

from gamification.commands.challenges import ChallengePlan, Step, draft_challenge, faults_of
from tests.challenging import WORDS, launch, terms
from tests.shop import Shop, plain_tiers

START, END = "2026-03-02 00:00", "2026-03-09 00:00"
ONE = Step(kind="count", at_least=1)
BASE, GOLD = ({"all": [{"kind": "tier", "tiers": [code]}]} for code in ("base", "gold"))
MAY, JUNE = ({"all": [{"kind": "birthday_month", "months": [month]}]} for month in (5, 6))
TULA, PERM = ({"all": [{"kind": "city", "cities": [city]}]} for city in ("Тула", "Пермь"))


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    tiers = plain_tiers(("base", 0, 0), ("gold", 1_000, 0))
    return Shop(engine, at="2026-03-01 12:00", tiers=tiers)


def rivals(shop: Shop, audience: dict[str, Any], starts: str) -> list[str]:
    """Faults of a draft that has to do with other challenges."""
    plan = ChallengePlan(
        "blank", terms(ONE, audience=audience), WORDS, shop.when(starts), shop.when(END), 1_000
    )
    with shop.world() as world:
        found = faults_of(world, draft_challenge(world, plan, actor="marketer"))
    return [fault for _, fault, _ in found]


@pytest.mark.parametrize(
    ("mine", "theirs", "starts", "told"),
    [
        ({}, {}, START, True),
        (BASE, GOLD, START, False),
        (BASE, GOLD, "2026-03-02 10:00", True),
        (BASE, GOLD, "2026-02-27 00:00", True),
        (BASE, GOLD, "2026-03-03 00:00", True),
        (BASE, {"none": BASE["all"]}, START, False),
        (MAY, JUNE, "2026-03-03 00:00", False),
        (BASE, MAY, START, True),
        (TULA, PERM, START, False),
        (TULA, PERM, "2026-03-02 10:00", True),
        (TULA, PERM, "2026-03-03 00:00", True),
    ],
)
def test_only_rivals_for_the_same_people_are_told(
    shop: Shop, mine: dict[str, Any], theirs: dict[str, Any], starts: str, told: bool
) -> None:
    launch(shop, terms(ONE, audience=theirs), START, END)

    assert rivals(shop, mine, starts) == ["paid_twice"] * told
