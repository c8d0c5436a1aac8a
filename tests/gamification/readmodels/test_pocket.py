"""What is carried to a till without a network equals Home, for two statements."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from gamification.readmodels.member import home_of
from gamification.readmodels.pocket import pocket_of
from gamification.readmodels.welcome import welcome_of
from gamification.refusals import UnknownMember
from gamification.store import Store
from tests.shop import Person, Shop


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    shop = Shop(engine, at="2026-05-01 10:00")
    anna = shop.join("Анна Соколова")
    anna.give(60, "2026-04-01", "2026-05-06", "short")
    anna.give(300, "2026-05-02", None, "on the way")
    anna.buy("r1", ("MUG", "mugs", "1", "500"))
    return anna


def count_statements(patch: pytest.MonkeyPatch) -> list[str]:
    """Every statement from now on."""
    seen: list[str] = []
    execute = Store._execute

    def noted(self: Store, sql: str, params: Sequence[object]) -> None:
        seen.append(sql)
        execute(self, sql, params)

    patch.setattr(Store, "_execute", noted)
    return seen


def test_the_pocket_holds_what_home_shows(anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with anna.shop.world("2026-05-01 12:04") as world:
        home = home_of(world, anna.id)
        seen = count_statements(monkeypatch)
        pocket = pocket_of(world, anna.id)

    assert (pocket.balance, pocket.worth_minor, pocket.card) == (60, home.worth_minor, home.card)
    assert home.balance == 60
    assert f"{pocket.at:%d.%m %H:%M}" == "01.05 12:04"
    assert len(seen) == 2


def test_the_first_questions_cost_three_statements(
    anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with anna.shop.world() as world:
        seen = count_statements(monkeypatch)
        view = welcome_of(world, anna.id)

    assert (view.question, view.categories) == ("birthday", ("mugs",))
    assert len(seen) == 3


def test_nobody_carries_nothing(anna: Person) -> None:
    with anna.shop.world() as world:
        for read in (pocket_of, welcome_of):
            with pytest.raises(UnknownMember):
                read(world, 999_999)
