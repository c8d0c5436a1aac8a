"""First acts beyond purchases: told twice, beyond their limit, over midnight and the date line."""

import threading
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gamification.achievements.publishing import publish_medal
from gamification.activities.registry import ACT_TYPES, ActType
from gamification.audit.run import run_audit
from gamification.commands.acts import (
    Per,
    ToldAct,
    cancel_act,
    check_in,
    note_act,
    record_act,
    set_act_terms,
)
from gamification.commands.owner import touch_definitions
from gamification.commands.till import MemberRef, Outcome
from gamification.ledger.tables import TRANSFER_KINDS
from gamification.measures.catalogue import Count
from gamification.readmodels.member import home_of
from gamification.readmodels.report import member_report
from gamification.readmodels.visits import CheckInCard
from gamification.refusals import ActClosed, ActNotYours, ActOutOfTime, ConflictingBody
from gamification.world import World, fixed_clock
from tests.shop import Person, Shop
from webapp.db import read_only


@pytest.fixture
def anna(engine: sa.Engine) -> Person:
    return Shop(engine, at="2026-09-21 12:00", columns={"pending_days": 0}).join("anna")


def terms(
    anna: Person, code: str, points: int, *, per: Per | None = None, most: int = 1,
    on: bool = True, since: str = "2026-01-01",
) -> None:  # fmt: skip
    with anna.shop.world() as world:
        start = anna.shop.when(since)
        set_act_terms(world, code, points=points, per=per, most=most, on=on, valid_from=start)


def tell(anna: Person, external_id: str, at: str, *, code: str = "daily_check_in") -> Outcome:
    told = ToldAct(code, "app", external_id, anna.shop.when(at))
    with anna.shop.world(at) as world:
        return record_act(world, told, MemberRef(member_id=anna.id))


def look_in(anna: Person, at: str, zone: str | None = None) -> Outcome | None:
    """Check in at a local moment, in a zone that becomes the member's own."""
    moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone or anna.shop.zone))
    with Session(anna.shop.engine) as session:
        world = World(session, fixed_clock(moment))
        if zone:
            session.execute(
                sa.text("UPDATE member SET zone = :zone WHERE id = :id"),
                {"zone": zone, "id": anna.id},
            )
        found = check_in(world, anna.id)
        session.commit()
    return found


def best_run(anna: Person) -> int:
    rows = anna.shop.rows(
        "SELECT c.value FROM counter c JOIN achievement_version v ON v.measure_id = c.measure_id"
        " JOIN achievement a ON a.id = v.achievement_id"
        " WHERE a.code = 'daily_visitor' AND c.member_id = ? AND c.period = 'all'",
        anna.id,
    )
    return int(rows[0][0]) if rows else 0


def states(anna: Person) -> list[tuple[str, str]]:
    sql = "SELECT type, state FROM activity WHERE member_id = ? ORDER BY id"
    return [(str(kind), str(state)) for kind, state in anna.shop.rows(sql, anna.id)]


def broken(shop: Shop, at: str = "2026-12-31") -> list[str]:
    with shop.engine.connect() as connection, Session(read_only(connection)) as session:
        report = run_audit(World(session, fixed_clock(shop.when(at))), full=True)
    return [finding.id for finding in report.findings if finding.count]


def test_the_same_act_five_times_counts_once(anna: Person) -> None:
    terms(anna, "daily_check_in", 2)

    answers = [tell(anna, "app-1", "2026-09-21 12:00") for _ in range(5)]

    assert [a.status for a in answers] == ["recorded", *["replayed"] * 4]
    assert {a.answer["points"] for a in answers} == {2}
    assert (anna.balance("2026-09-21 12:00"), states(anna)) == (2, [("daily_check_in", "counted")])


def test_twenty_check_ins_at_once_are_one(anna: Person) -> None:
    terms(anna, "daily_check_in", 2)
    statuses: list[str] = []

    def post() -> None:
        while True:
            try:
                found = look_in(anna, "2026-09-21 12:00")
                assert found is not None
                statuses.append(found.status)
                return
            except sa.exc.OperationalError:
                continue

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == ["recorded", *["replayed"] * 19]
    assert anna.balance("2026-09-21 13:00") == 2


def test_another_body_under_the_same_id_is_refused(anna: Person) -> None:
    tell(anna, "app-1", "2026-09-21 12:00")

    with pytest.raises(ConflictingBody):
        tell(anna, "app-1", "2026-09-21 12:01")
    with pytest.raises(ConflictingBody):
        anna.spend_money("app-1", "500", source="app")


def test_beyond_its_limit_an_act_is_kept_and_brings_nothing(anna: Person) -> None:
    terms(anna, "daily_check_in", 2)
    tell(anna, "app-1", "2026-09-21 09:00")

    again = tell(anna, "app-2", "2026-09-21 21:00")
    tomorrow = tell(anna, "app-3", "2026-09-22 00:00")

    assert (again.status, again.answer) == ("ignored", {"points": 0, "ignored": "act_limit"})
    assert tell(anna, "app-2", "2026-09-21 21:00").status == "ignored"
    assert tomorrow.answer["points"] == 2
    assert anna.balance("2026-09-22 01:00") == 4
    assert broken(anna.shop) == []


def test_an_act_that_arrives_late_meets_the_limit_of_its_own_day(anna: Person) -> None:
    terms(anna, "daily_check_in", 2, per="week", most=2)
    for number, day in enumerate((21, 25), 1):
        tell(anna, f"app-{number}", f"2026-09-{day} 09:00")

    with anna.shop.world("2026-09-28 12:00") as world:
        late = ToldAct("daily_check_in", "app", "late", anna.shop.when("2026-09-23 09:00"))
        assert record_act(world, late, MemberRef(member_id=anna.id)).status == "ignored"

    assert tell(anna, "app-3", "2026-09-28 13:00").status == "recorded"
    assert broken(anna.shop) == []


def test_terms_hold_from_their_instant_on(anna: Person) -> None:
    terms(anna, "daily_check_in", 2)
    terms(anna, "daily_check_in", 5, since="2026-09-23")
    terms(anna, "daily_check_in", 5, on=False, since="2026-09-24")

    points = [tell(anna, f"app-{d}", f"2026-09-{d} 12:00").answer["points"] for d in range(22, 25)]

    assert points == [2, 5, 0]
    assert states(anna)[-1] == ("daily_check_in", "ignored")
    assert look_in(anna, "2026-09-25 12:00") is None
    assert len(states(anna)) == 3


def test_only_the_programme_says_that_somebody_joined(anna: Person) -> None:
    for code in ("joined", "birthday", "purchase", "flown_to_the_moon"):
        with pytest.raises(ActNotYours):
            tell(anna, "app-1", "2026-09-21 12:00", code=code)

    assert states(anna) == []


def test_an_act_is_told_within_thirty_days_and_not_ahead(anna: Person) -> None:
    for at in ("2026-08-20 12:00", "2026-09-21 12:06"):
        told = ToldAct("daily_check_in", "app", "odd", anna.shop.when(at))
        with anna.shop.world() as world, pytest.raises(ActOutOfTime):
            record_act(world, told, MemberRef(member_id=anna.id))


def test_what_happens_once_ever_happens_once(anna: Person) -> None:
    terms(anna, "joined", 50)

    for at in ("2026-09-21 12:00", "2027-09-21 12:00"):
        with anna.shop.world(at) as world:
            found = note_act(world, anna.id, "joined")
            assert found is not None

    assert states(anna) == [("joined", "counted")]
    assert anna.balance("2026-09-21 12:00") == 50
    assert anna.tier() == "bronze"


def test_points_for_an_act_can_be_spent_at_once_and_burn_in_a_year(engine: sa.Engine) -> None:
    anna = Shop(engine, at="2026-09-21 12:00").join("anna")
    terms(anna, "joined", 50)
    with anna.shop.world() as world:
        note_act(world, anna.id, "joined")

    assert anna.balance("2026-09-21 12:00") == 50
    assert (anna.balance("2027-09-21 23:59"), anna.balance("2027-09-22 00:00")) == (50, 0)


def test_both_contacts_confirmed_make_stay_in_touch(anna: Person) -> None:
    with anna.shop.world() as world:
        note_act(world, anna.id, "phone_confirmed")
    assert anna.medals() == set()

    with anna.shop.world() as world:
        note_act(world, anna.id, "email_confirmed")
        note_act(world, anna.id, "profile_completed")

    assert anna.medals() == {"stay_in_touch", "nice_to_meet"}
    assert broken(anna.shop) == []


def test_acts_move_no_measure_of_purchases(anna: Person) -> None:
    terms(anna, "joined", 600)
    with anna.shop.world() as world:
        note_act(world, anna.id, "joined")

    assert anna.medals() == set()
    assert anna.shop.rows("SELECT value FROM counter WHERE member_id = ?", anna.id) == []


def test_a_run_of_days_goes_by_the_members_own_midnight(anna: Person) -> None:
    look_in(anna, "2026-09-21 23:50")
    look_in(anna, "2026-09-22 00:05")
    third = look_in(anna, "2026-09-23 23:59")

    assert best_run(anna) == 3
    assert third is not None
    assert third.answer["medals"] == [["daily_visitor", 1, "once"]]
    assert broken(anna.shop) == []


@pytest.mark.parametrize(
    ("looks", "runs"),
    [
        # The night on which summer time ends in New York has 25 hours.
        ([("2026-10-31 22:00", "America/New_York"), ("2026-11-01 23:30", "America/New_York"),
          ("2026-11-02 00:10", "America/New_York")], 3),
        ([("2026-09-21 23:00", "Europe/Moscow"), ("2026-09-22 20:00", "America/New_York")], 2),
        # Over the date line a whole date is missing: 23 September never was for her.
        ([("2026-09-22 20:00", "America/Los_Angeles"), ("2026-09-24 18:00", "Pacific/Auckland")],
         2),
        # Two late evenings around midnight.
        ([("2026-09-21 23:59", "Europe/Moscow"), ("2026-09-22 00:01", "Europe/Moscow")], 2),
        # Back over the date line the same date comes twice: it counts once.
        ([("2026-09-22 08:00", "Pacific/Auckland"), ("2026-09-22 09:00", "America/Los_Angeles")],
         1),
    ],
)  # fmt: skip
def test_a_change_of_zone_breaks_no_run(
    anna: Person, looks: list[tuple[str, str]], runs: int
) -> None:
    for at, zone in looks:
        look_in(anna, at, zone)

    assert best_run(anna) == runs
    assert broken(anna.shop) == []


def test_two_missing_days_a_month_are_forgiven_and_a_third_is_not(anna: Person) -> None:
    for day in (1, 2, 4, 6, 7):
        look_in(anna, f"2026-10-{day:02} 12:00")
    assert best_run(anna) == 5

    look_in(anna, "2026-10-09 12:00")
    assert best_run(anna) == 5

    for day in range(10, 15):
        look_in(anna, f"2026-10-{day} 12:00")
    assert best_run(anna) == 6


def test_a_real_miss_in_the_same_zone_takes_a_freeze_also_within_a_day(anna: Person) -> None:
    for day in (1, 2, 3, 6):  # both freezes of October are used
        look_in(anna, f"2026-10-{day:02} 23:30")

    look_in(anna, "2026-10-08 00:10")

    assert best_run(anna) == 4


def test_a_late_act_heals_a_run(anna: Person) -> None:
    for day in (1, 2, 3, 8, 9):
        tell(anna, f"app-{day}", f"2026-10-{day:02} 12:00")
    assert best_run(anna) == 3

    with anna.shop.world("2026-10-10 12:00") as world:
        for day in (5, 6):
            late = ToldAct("daily_check_in", "app", f"app-{day}",
                           anna.shop.when(f"2026-10-{day:02} 12:00"))  # fmt: skip
            record_act(world, late, MemberRef(member_id=anna.id))

    assert best_run(anna) == 7
    assert broken(anna.shop) == []


def test_a_cancelled_act_counts_no_more_and_its_points_go(anna: Person) -> None:
    terms(anna, "daily_check_in", 2)
    for day in (21, 22, 23):
        look_in(anna, f"2026-09-{day} 12:00")
    ids = anna.shop.rows("SELECT id FROM activity WHERE type = 'daily_check_in' ORDER BY id")

    answers = []
    for _ in range(2):
        with anna.shop.world("2026-09-24 12:00") as world:
            answers.append(cancel_act(world, ids[1][0], reason="  not there ", actor="staff:1"))

    assert [a.status for a in answers] == ["recorded", "replayed"]
    assert answers[0].answer["clawed_back"] == 2
    assert anna.balance("2026-09-24 13:00") == 4
    assert best_run(anna) == 2  # the missing day takes a freeze
    assert anna.medals() == {"daily_visitor"}  # a medal of acts is kept
    assert states(anna)[1] == ("daily_check_in", "cancelled")
    assert broken(anna.shop) == []


def test_only_an_act_that_counts_can_be_cancelled(anna: Person) -> None:
    bought = anna.spend_money("till-1", "500")

    for activity_id in (bought.activity_id, 7):
        with anna.shop.world() as world, pytest.raises(ActClosed):
            cancel_act(world, activity_id, reason="", actor="staff:1")


def test_a_day_of_the_past_knows_nothing_of_later_acts(anna: Person) -> None:
    terms(anna, "daily_check_in", 2)
    for day in (21, 22, 23):
        look_in(anna, f"2026-09-{day} 12:00")

    homes = []
    for past in (True, False):
        with Session(anna.shop.engine) as session:
            clock = fixed_clock(anna.shop.when("2026-09-22 23:59" if past else "2026-09-23 23:59"))
            homes.append(home_of(World(session, clock, past=past), anna.id))

    then, now = homes
    assert (then.balance, len(then.operations), then.check_in) == (4, 2, None)
    assert (now.balance, now.check_in) == (6, CheckInCard(True, 3, 2))
    assert [row.act for row in now.operations] == ["daily_check_in"] * 3


def test_a_report_counts_receipts_and_the_points_of_acts(anna: Person) -> None:
    terms(anna, "joined", 50)
    anna.spend_money("till-1", "1000")
    with anna.shop.world() as world:
        note_act(world, anna.id, "joined")
        (row,) = member_report(world, date(2026, 12, 31))

    assert (row.sale_documents, row.orders, row.sales) == (1, 1, 100_000)
    assert (row.points_earned, row.balance) == (100, 100)


def test_a_new_type_is_one_entry_of_the_registry(
    anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = ActType("review_written", "week", most=2, points=5, from_outside=True)
    monkeypatch.setitem(ACT_TYPES, review.code, review)
    with anna.shop.world() as world:
        levels = [(1, 10), (3, 20)]
        spec = Count(events=(review.code,))
        publish_medal(world, code="reviewer", spec=spec, levels=levels, position=90)
        touch_definitions(world)

    days = (21, 22, 23, 28)
    answers = [tell(anna, f"r-{d}", f"2026-09-{d} 12:00", code=review.code) for d in days]

    assert [a.status for a in answers] == ["recorded", "recorded", "ignored", "recorded"]
    assert [a.answer["points"] for a in answers] == [15, 5, 0, 25]
    assert anna.medals() == {"reviewer"}
    assert broken(anna.shop) == []


def test_types_of_the_registry_are_no_words_of_the_ledger(anna: Person) -> None:
    taken = {"purchase", "return", "cancellation", *TRANSFER_KINDS}

    assert taken & set(ACT_TYPES) == set()
    with pytest.raises(ValueError, match="no such event"):
        Count(events=("flown",))
