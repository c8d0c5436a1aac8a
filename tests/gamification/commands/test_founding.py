"""A programme is founded in steps, and its plan can be changed until something happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.commands.founding import (
    begin_programme,
    note_step,
    open_programme,
    revise_programme,
)
from gamification.commands.owner import ProgrammePlan, change_programme, tier_plans
from gamification.programme import ProgrammeRow
from gamification.readmodels.terms import terms_of
from gamification.refusals import InvalidSetting, ProgrammeInUse, ProgrammeMissing
from gamification.world import World
from tests.shop import Shop

PLAN = ProgrammePlan(name="Полдень", tiers=tier_plans("standard"))


@contextmanager
def opened(engine: sa.Engine) -> Iterator[World]:
    with Session(engine, expire_on_commit=False) as session:
        yield World(session)
        session.commit()


def row_of(engine: sa.Engine) -> ProgrammeRow:
    with opened(engine) as world:
        return world.session.get_one(ProgrammeRow, 1)


def ladder(engine: sa.Engine) -> list[tuple[str, int, int]]:
    with opened(engine) as world:
        return [(t.name.code, t.need_minor, t.rate_bp) for t in terms_of(world).tiers]


def test_a_begun_programme_is_not_open(engine: sa.Engine) -> None:
    with opened(engine) as world:
        begin_programme(world, PLAN, step="tiers")

    row = row_of(engine)
    assert (row.live_at, row.setup) == (None, {"step": "tiers"})
    assert ladder(engine)[1] == ("leaf", 1_000_000, 200)


def test_a_plan_is_taken_anew_while_nothing_happened(engine: sa.Engine) -> None:
    with opened(engine) as world:
        begin_programme(world, PLAN, step="tiers")
    before = ladder(engine)

    plan = ProgrammePlan(
        name="Noon", currency="JPY", zone="Asia/Tokyo", locale="en", point_worth=1,
        tiers=tier_plans("cafe")[:2], pay_share=50,
    )  # fmt: skip
    with opened(engine) as world:
        revise_programme(world, plan, step="files")

    row = row_of(engine)
    assert (row.name, row.currency, row.point_worth, row.pay_share) == ("Noon", "JPY", 1, 50)
    assert row.setup == {"step": "files"}
    assert len(before) == 4
    assert ladder(engine) == [("sprout", 0, 300), ("leaf", 2_000, 500)]


def test_after_the_first_purchase_the_plan_stands(engine: sa.Engine) -> None:
    shop = Shop(engine)
    shop.join("anna").spend_money("p-1", "100")

    with opened(engine) as world, pytest.raises(ProgrammeInUse):
        revise_programme(world, PLAN, step="files")

    assert [code for code, _, _ in ladder(engine)] == ["bronze"]


def test_a_plan_that_makes_no_sense_changes_nothing(engine: sa.Engine) -> None:
    with opened(engine) as world:
        begin_programme(world, PLAN, step="tiers")

    with pytest.raises(InvalidSetting), opened(engine) as world:
        revise_programme(world, ProgrammePlan(name="Noon", zone="Mars/Base"), step="files")

    assert row_of(engine).name == "Полдень"


def test_a_programme_opens_once(engine: sa.Engine) -> None:
    with opened(engine) as world:
        begin_programme(world, PLAN, step="tiers")

    with opened(engine) as world:
        first, second = open_programme(world), open_programme(world)
    with opened(engine) as world:
        note_step(world, "files")

    row = row_of(engine)
    assert (first, second, row.setup) == (True, False, {"step": "done"})
    assert row.live_at is not None


def test_before_the_beginning_there_is_nothing_to_change(engine: sa.Engine) -> None:
    for change in (open_programme, lambda world: revise_programme(world, PLAN, step="x")):
        with opened(engine) as world, pytest.raises(ProgrammeMissing):
            change(world)


@pytest.mark.parametrize(
    "settings",
    [{"pay_share": 101}, {"pending_days": -1}, {"expiry_months": 0}, {"name": " "},
     {"locale": "xx"}, {"currency": "USD"}],
)  # fmt: skip
def test_a_later_change_is_held_to_the_same_bounds(
    engine: sa.Engine, settings: dict[str, Any]
) -> None:
    with opened(engine) as world:
        begin_programme(world, PLAN, step="tiers")

    with opened(engine) as world, pytest.raises(InvalidSetting):
        change_programme(world, **settings)
        world.session.commit()
