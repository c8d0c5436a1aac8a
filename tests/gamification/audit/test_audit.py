"""The audit sees every violation it names; on an honest shop it sees none."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.achievements.publishing import publish_medal
from gamification.audit.challenges import CHALLENGE_INVARIANTS
from gamification.audit.invariants import INVARIANTS
from gamification.audit.run import AuditReport, run_audit
from gamification.commands.acts import check_in, note_act, set_act_terms
from gamification.commands.challenges import Rung, Step
from gamification.commands.clockwork import expire_points
from gamification.commands.owner import touch_definitions
from gamification.commands.referral_clock import settle_referrals
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    publish_terms,
)
from gamification.ledger.sealing import seal_books
from gamification.measures.catalogue import Count
from gamification.world import World, fixed_clock
from tests.challenging import launch, terms, work
from tests.databases import opened
from tests.shop import Shop, plain_tiers
from webapp.cli.audit import PROMISES
from webapp.db import read_only

NOW = "2026-04-10 12:00"
FAR = 2**61
ALL = (*INVARIANTS, *CHALLENGE_INVARIANTS)


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    """Purchases, returns, a medal with points, spending, a refund, a lapse and a seal."""
    tiers = plain_tiers(("bronze", 0, 500), ("silver", 4_000, 700))
    shop = Shop(engine, at="2026-01-10 12:00", tiers=tiers, columns={"pending_days": 0})
    with shop.world() as world:
        publish_medal(
            world,
            code="twice",
            spec=Count(),
            levels=[(1, 10), (2, 20)],
            position=50,
            on_reversal="revoke_if_below",
        )
        touch_definitions(world)
    ladder = (Rung(at=1, points=10), Rung(at=9, points=20))
    steps = terms(Step(kind="count", at_least=9), ladder=ladder)
    launch(shop, steps, "2026-01-10 00:00", "2026-05-01 00:00")
    anna, boris = shop.join("anna"), shop.join("boris")
    anna.give(30, "2026-01-10", "2026-02-01", "short")
    anna.give(100, "2026-01-10", "2026-06-01", "long")
    anna.buy("a1", ("MUG", "mugs", "2", "2000"), ("TEA", "tea", "1", "500"))
    anna.buy("a2", ("MUG", "mugs", "1", "3000"), points_paid=50)
    anna.bring_back("a3", ("MUG", "mugs", "1", "3000"), of="a2")
    boris.buy("b1", ("TEA", "tea", "1", "900"))
    boris.bring_back("b2", ("TEA", "tea", "1", "900"), of="b1")
    with shop.world() as world:
        set_act_terms(world, "joined", points=7, valid_from=shop.when("2026-01-01"))
        for member in (anna, boris):
            note_act(world, member.id, "joined")
            check_in(world, member.id)
    with shop.world("2026-01-11 12:00") as world:
        check_in(world, anna.id)
    invite_friends(shop, anna.id)
    work(shop, "2026-01-11 12:00")
    with shop.world("2026-02-03 03:00") as world:
        expire_points(world)
        seal_books(world, FAR)
    return shop


def invite_friends(shop: Shop, member_id: int) -> None:
    """Two friends join by a link and keep what they buy: both are worth points."""
    with shop.world() as world:
        publish_terms(world, ReferralTerms(minimum=100, hold_days=1))
    for name in ("vera", "gleb"):
        friend = shop.join(name)
        with shop.world() as world:
            told = bind_friend(world, friend.id, Invitation(code_for(world, member_id)))
            assert told == "bound"
        friend.spend_money(name, "500")
    with shop.world("2026-01-12 12:00") as world:
        while settle_referrals(world):
            pass


def audit(shop: Shop, *, full: bool = True) -> AuditReport:
    with shop.engine.connect() as connection, Session(read_only(connection)) as session:
        return run_audit(World(session, fixed_clock(shop.when(NOW))), full=full)


def broken(shop: Shop) -> set[str]:
    return {finding.id for finding in audit(shop).findings if finding.count}


def test_an_honest_shop_is_clean(shop: Shop) -> None:
    report = audit(shop)

    assert [f for f in report.findings if f.count] == []
    assert report.is_clean
    assert report.transfers == shop.rows("SELECT COUNT(*) FROM transfer")[0][0]
    assert report.seal is not None


BREAK: dict[str, tuple[str, ...]] = {
    "L1": ("UPDATE lot SET remaining = remaining - 1 WHERE remaining > 1",),
    "L2": ("UPDATE transfer SET member_id = 3 - member_id WHERE kind = 'purchase'",),
    "L3": (
        "INSERT INTO transfer (id, key, kind, member_id, debit_account_id, credit_account_id,"
        " points, occurred_at, recorded_at) VALUES (1, 'x', 'repayment', 1, 2, 3, 5, 0, 0)",
    ),
    "L4": ("INSERT INTO transfer SELECT * FROM transfer WHERE kind = 'expiry'",),
    "L6": ("UPDATE transfer SET points = -points WHERE kind = 'opening'",),
    "F0": ("UPDATE lot SET amount = amount + 1",),
    "F1": ("DELETE FROM allocation",),
    "F2": ("UPDATE allocation SET points = points + 1 WHERE points > 0",),
    "F3": (
        "UPDATE allocation SET lot_id = (SELECT id FROM lot WHERE amount = 100)"
        " WHERE transfer_id = (SELECT MIN(id) FROM transfer WHERE kind = 'spend') AND points > 0",
    ),
    "F4": ("UPDATE lot SET available_at = expires_at - 1 WHERE amount IN (30, 100)",),
    "F5": (
        "UPDATE lot SET expires_at = 1769900000000000 WHERE amount = 100",
        "UPDATE lot SET available_at = 0 WHERE amount = 100",
    ),
    "F6": ("UPDATE lot SET member_id = 2 WHERE amount = 30",),
    "F7": ("UPDATE activity SET member_id = 3 - member_id WHERE external_id = 'a1'",),
    "R1": ("UPDATE transfer SET points = 99 WHERE kind = 'refund'",),
    "R2": ("UPDATE activity SET points = points + 1 WHERE external_id = 'a1'",),
    "R3": ("DELETE FROM return_match",),
    "R6": ("UPDATE activity SET points = points + 1 WHERE type = 'joined'",),
    "K3": (
        "UPDATE activity SET local_date = '2026-01-10' WHERE type = 'daily_check_in'"
        " AND local_date = '2026-01-11'",
    ),
    "R4": ("UPDATE activity SET points_left = 1 WHERE external_id = 'b1'",),
    "B1": ("INSERT INTO award SELECT * FROM award WHERE level = 1",),
    "B2": (
        "UPDATE award SET status = 'active' WHERE level = 2",
        "UPDATE award SET status = 'void' WHERE level = 1",
    ),
    "B3": ("UPDATE point_grant SET state = 'cancelled'",),
    "B5": ("UPDATE award SET status = 'on_hold'",),
    "K1": ("INSERT INTO counter (member_id, measure_id, period, value) VALUES (9, 1, 'all', 1)",),
    "T2": ("UPDATE standing_log SET voided_by = 1 WHERE member_id = 1",),
    "G1": (
        "UPDATE referral SET referrer_id = (SELECT MAX(friend_id) FROM referral)"
        " WHERE friend_id = (SELECT MIN(friend_id) FROM referral)",
        "UPDATE referral SET referrer_id = (SELECT MIN(friend_id) FROM referral)"
        " WHERE friend_id = (SELECT MAX(friend_id) FROM referral)",
    ),
    "G2": ("UPDATE referral SET referrer_points = referrer_points + 1",),
    "G3": ("UPDATE referral_terms SET cap = 1",),
    "G4": ("UPDATE referral_fund SET spent = spent + 1",),
    "G5": ("UPDATE referral_terms SET referrer_points = 1",),
    "G6": ("UPDATE activity SET external_id = external_id || '0' WHERE type = 'friend_came'",),
    "G7": ("UPDATE referral_terms SET budget = 1",),
    "C1": ("UPDATE challenge SET spent = spent + 1",),
    "C2": ("UPDATE challenge_entry SET points = points + 1 WHERE paid > 0",),
    "C3": ("UPDATE challenge SET budget = 1",),
    "C4": ("UPDATE challenge_entry SET arm = 'control'",),
    "C5": ("UPDATE challenge_entry SET rung = 0",),
    "C6": ("UPDATE challenge_entry SET paid = 0",),
    "C7": ("UPDATE challenge_entry SET points = points + 1 WHERE paid > 0",),
    "C8": ("UPDATE challenge_entry SET arm = 'control'",),
    "C9": ("UPDATE challenge_entry SET place = 1",),
    "P1": ("UPDATE member SET status = 'erased' WHERE id = 1",),
    "P2": ("UPDATE notice SET purpose = 'marketing', sent_at = 5",),
    "O1": ("UPDATE notice SET channel = 'email', state = 'open', due_at = 5",),
    "A1": ("UPDATE point_grant SET cause_kind = 'staff'",),
    "L7": ("UPDATE transfer SET points = points + 1 WHERE kind = 'opening'",),
    "K2": ("UPDATE counter SET value = value + 1 WHERE period = 'all' AND value > 0",),
    "B4": ("UPDATE award SET status = 'active' WHERE member_id = 2",),
    "R5": ("UPDATE activity SET points_left = points_left - 1 WHERE external_id = 'a1'",),
    "T1": (
        "UPDATE standing SET tier_id = (SELECT id FROM tier WHERE code = 'silver')"
        " WHERE member_id = 2",
    ),
}


def test_every_invariant_has_a_planted_violation(shop: Shop) -> None:
    named = {finding.id for finding in audit(shop).findings}

    assert named == set(BREAK) == set(PROMISES), "each can be broken here, and told in words"
    assert len(ALL) == len({invariant.name for invariant in ALL})


def test_a_planted_violation_is_seen_and_named(shop: Shop, tmp_path: Path) -> None:
    for code, statements in sorted(BREAK.items()):
        with broken_books(shop, tmp_path / f"{code}.db") as books:
            for statement in statements:
                assert books.exec_driver_sql(statement).rowcount > 0, statement
            with Session(books) as session:
                report = run_audit(World(session, fixed_clock(shop.when(NOW))), full=True)
        finding = next(f for f in report.findings if f.id == code)
        assert finding.count > 0, code
        assert finding.first_ids, code
        assert not report.is_clean, code
    assert audit(shop).is_clean


TABLES = ("lot", "transfer", "allocation", "activity", "award", "point_grant", "return_match",
          "counter", "standing", "standing_log", "member", "notice", "award_log", "referral",
          "referral_terms", "referral_fund", "challenge", "challenge_entry")  # fmt: skip


@contextmanager
def broken_books(shop: Shop, copy: Path) -> Iterator[sa.Connection]:
    """The books without their constraints, as a thief would work; nothing of it stays."""
    if shop.engine.dialect.name == "postgresql":
        with shop.engine.connect() as connection:
            for table in TABLES:
                connection.exec_driver_sql(f"CREATE TABLE loose AS SELECT * FROM {table}")
                connection.exec_driver_sql(f"DROP TABLE {table} CASCADE")
                connection.exec_driver_sql(f"ALTER TABLE loose RENAME TO {table}")
            yield connection
            connection.rollback()
        return
    assert shop.engine.url.database is not None
    with (
        closing(sqlite3.connect(shop.engine.url.database)) as kept,
        closing(sqlite3.connect(copy)) as books,
    ):
        kept.backup(books)
        books.execute("PRAGMA legacy_alter_table=ON")
        for table in TABLES:
            books.execute(f"CREATE TABLE loose AS SELECT * FROM {table}")
            books.execute(f"DROP TABLE {table}")
            books.execute(f"ALTER TABLE loose RENAME TO {table}")
        books.commit()
    with opened(f"sqlite:///{copy}") as engine, engine.connect() as connection:
        yield connection


def test_the_audit_writes_nothing(shop: Shop) -> None:
    before = shop.rows("SELECT COUNT(*) FROM transfer")

    audit(shop)

    assert shop.rows("SELECT COUNT(*) FROM transfer") == before


def test_a_shop_where_nothing_happened_is_clean(engine: sa.Engine) -> None:
    assert broken(Shop(engine)) == set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_check_compares_every_row_with_every_other(engine: sa.Engine) -> None:
    loops: dict[tuple[str, int], list[str]] = {}
    with engine.connect() as connection:
        for invariant in ALL:
            plan = f"EXPLAIN QUERY PLAN {invariant.sql.replace(':now', '0')}"
            for step, loop, _, told in connection.exec_driver_sql(plan):
                if told.startswith("CORRELATED"):
                    loops[invariant.id, step] = [told]
                elif told.startswith(("SCAN", "SEARCH")):
                    loops.setdefault((invariant.id, loop), []).append(told)

    repeated = [(key, told) for key, (_, *inner) in loops.items() for told in inner]
    assert len(repeated) > 20
    assert [found for found in repeated if found[1].startswith("SCAN")] == []
