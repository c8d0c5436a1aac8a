"""What the founder of a programme says, step by step, before anything has happened in it."""

from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col, delete

from gamification.commands.owner import (
    ProgrammePlan,
    add_tiers,
    check_plan,
    set_up_programme,
    tier_plans,
    usual_limit,
)
from gamification.points import minor_digits
from gamification.programme import ProgrammeRow
from gamification.refusals import ProgrammeInUse, ProgrammeMissing
from gamification.tiers.tables import Tier
from gamification.world import World


def begin_programme(world: World, plan: ProgrammePlan, *, step: str) -> ProgrammeRow:
    """Create a programme that is not open yet; `step` says what its founder does next.

    Raises:
        ProgrammeExists: there is one already.
        InvalidSetting: a setting makes no sense.
    """
    row = set_up_programme(world, plan)
    row.live_at, row.setup = None, {"step": step}
    world.session.flush()
    return row


def revise_programme(world: World, plan: ProgrammePlan, *, step: str) -> ProgrammeRow:
    """Take the founder's plan anew while nobody has bought, earned or been placed.

    Medals stay as they were set up.

    Raises:
        ProgrammeMissing: there is nothing to revise.
        ProgrammeInUse: something has happened in it.
        InvalidSetting: a setting makes no sense.
    """
    row = _held(world)
    if is_in_use(world):
        raise ProgrammeInUse()
    plan = replace(plan, tiers=plan.tiers or tier_plans("standard"))
    check_plan(plan)
    scale = 10 ** minor_digits(plan.currency)
    for name in ("currency", "zone", "locale", "pending_days", "expiry_months", "pay_share"):
        setattr(row, name, getattr(plan, name))
    row.name, row.point_worth = plan.name.strip(), plan.point_worth or scale
    row.review_over = usual_limit(plan.currency)
    row.colour, row.logo, row.setup = plan.colour, plan.logo, {"step": step}
    world.session.exec(delete(Tier).where(col(Tier.id).is_not(None)))
    add_tiers(world, plan.tiers, scale)  # a new version of the rates, and of everything
    return _held(world)


def note_step(world: World, step: str) -> None:
    """Remember what the founder does next. Raises ProgrammeMissing."""
    row = _held(world)
    if row.live_at is None:
        row.setup = {"step": step}
        world.session.flush()


def open_programme(world: World) -> bool:
    """Let customers in; True the first time. Raises ProgrammeMissing."""
    row = _held(world)
    if row.live_at is not None:
        return False
    row.live_at, row.setup = world.now, {"step": "done"}
    world.session.flush()
    return True


def is_in_use(world: World) -> bool:
    """Whether anything has happened that the programme's terms decided."""
    happened = "SELECT 1 WHERE " + " OR ".join(
        f"EXISTS (SELECT 1 FROM {table})" for table in ("activity", "transfer", "standing")
    )
    return world.session.execute(sa.text(happened)).first() is not None


def _held(world: World) -> ProgrammeRow:
    """The programme as it is now; nobody else changes it until the transaction ends."""
    row = world.session.get(ProgrammeRow, 1, populate_existing=True, with_for_update=True)
    if row is None:
        raise ProgrammeMissing()
    return row
