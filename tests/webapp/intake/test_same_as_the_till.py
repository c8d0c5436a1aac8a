"""Receipts of a file leave the same rows as the same receipts told by a till, one by one."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from gamification.columns import to_micros
from gamification.commands.clockwork import expire_points
from gamification.commands.till import MemberRef, Receipt, record_receipt
from gamification.members.newcomers import new_member_row
from gamification.store import Store
from gamification.world import World, fixed_clock
from tests.databases import opened
from tests.webapp.intake.running import HEADER, Intake, all_rows, differences, shop_profile
from tests.webapp.intake.test_report_from_files import small_complete_journey, small_online_retail
from webapp.intake.profile import Profile, load_profile
from webapp.intake.purchases import Tally, ensure_programme, stage_files
from webapp.intake.receipts import receipt_of
from webapp.intake.staging import Staging
from webapp.intake.watching import Nobody
from webapp.world import Worlds

TODAY = fixed_clock(datetime(2018, 6, 1, tzinfo=UTC))
# A till writes notices and says "event"; a file says "import".
TOLD = frozenset({"notice"})
SAID = frozenset({"origin", "joined_at"})


def receipts_of(path: Path, profile: Profile) -> list[tuple[str, Receipt]]:
    """Every receipt of a file with its customer, in order of time."""
    with Staging() as staging:
        stage_files([path], profile, staging, datetime(2100, 1, 1, tzinfo=UTC), Tally(), Nobody())
        found = [(d.member, receipt_of(d, profile)) for d in staging.documents()]
    return sorted(found, key=lambda pair: (pair[1].occurred_at, pair[1].external_id))


def let_all_pass(engine: sa.Engine) -> None:
    """An import waits for nobody; neither does the till here, however large a receipt is."""
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE programme SET review_over = NULL"))


def let_wait_from_today(engine: sa.Engine) -> None:
    """A return of a file that waits for its purchase waits from the day of the file."""
    today = to_micros(TODAY())
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE activity SET recorded_at = :at WHERE state = 'parked'"), {"at": today}
        )


def tell_the_till(engine: sa.Engine, told: Sequence[tuple[str, Receipt]], profile: Profile) -> None:
    """Post receipts one by one, the clock standing at each receipt's own time."""
    Worlds(engine, TODAY).run(lambda world: ensure_programme(world, profile))
    let_all_pass(engine)
    with Session(engine) as session:
        joined = {who: receipt.occurred_at for who, receipt in reversed(told)}
        rows = [
            new_member_row(external_id=who, joined_at=at, origin="till", locale=profile.language)
            for who, at in sorted(joined.items())
        ]
        store = Store(session.connection())
        store.insert("member", [tuple(row.values()) for row in rows], columns=tuple(rows[0]))
        session.commit()
    for who, receipt in told:
        with Session(engine) as session:
            world = World(session, fixed_clock(receipt.occurred_at))
            record_receipt(world, receipt, MemberRef(external_id=who), strict=False)
            session.commit()
    while Worlds(engine, TODAY).run(expire_points):
        pass


def assert_same(engine: sa.Engine, path: Path, profile: Profile, other: str) -> None:
    """Import on one database, tell the till of another, and compare every table."""
    Intake(Worlds(engine, TODAY)).purchases(path, profile)
    let_all_pass(engine)
    with opened(other) as till:
        tell_the_till(till, receipts_of(path, profile), profile)
        let_wait_from_today(till)
        wanted = all_rows(till, tables=TOLD, columns=SAID)

    found = all_rows(engine, tables=TOLD, columns=SAID)

    assert len(found["activity"]) > 3
    assert differences(found, wanted) == {}


def test_orders_and_unnamed_returns(engine: sa.Engine, other_url: str, tmp_path: Path) -> None:
    path = small_online_retail(tmp_path, re.compile(r"12346|16446|12431|1235\d|1780\d"))

    assert_same(engine, path, load_profile("online_retail"), other_url)


def test_baskets_with_categories_and_discounts(
    engine: sa.Engine, other_url: str, tmp_path: Path
) -> None:
    path = small_complete_journey(tmp_path)

    assert_same(engine, path, load_profile("complete_journey"), other_url)


NAMED = (
    HEADER.strip()
    + """,of,paid
P1,anna,2018-01-01 10:00,CUP,10,199.99,,0
P2,anna,2018-01-05 23:30,CUP,3,199.99,,50.5
P2,anna,2018-01-05 23:30,TEA,0.333,1000,,
R1,anna,2018-01-06 09:00,CUP,-4,199.99,P1,
R2,anna,2018-01-07 09:00,CUP,-1,199.99,P9,
P9,anna,2018-01-08 09:00,CUP,2,199.99,,
R3,anna,2018-01-09 09:00,TEA,-0.333,1000,P2,
R4,anna,2018-01-10 09:00,CUP,-1,199.99,,
R5,anna,2018-01-11 09:00,MUG,-1,50,NOWHERE,
P1b,boris,2018-01-01 10:00,SOFA,1,61000,,0
R6,boris,2018-02-01 10:00,SOFA,-1,61000,P1b,
P1c,boris,2018-03-01 10:00,CUP,1,199.99,,0
"""
)


def test_named_early_and_lost_returns(engine: sa.Engine, other_url: str, tmp_path: Path) -> None:
    path = tmp_path / "named.csv"
    path.write_text(NAMED)
    profile = shop_profile(columns='names = "of"\npaid = "paid"')

    assert_same(engine, path, profile, other_url)
