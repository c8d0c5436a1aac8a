"""The demo's year of café «Полдень»: what it holds, and that it always is the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from gamification.audit.run import run_audit
from gamification.readmodels.challenges import challenges_of
from gamification.world import fixed_clock
from tests.databases import SqliteCopies
from tests.webapp.api.till import CARD, OWN_ID, PHONE
from webapp.accounts.passwords import is_password
from webapp.accounts.queries import account_by_email
from webapp.accounts.rules import keyed_hash, typed_activation
from webapp.accounts.tables import ActivationCode
from webapp.db import make_engine
from webapp.demo import DemoStory, load, sign_ins
from webapp.demo.telling import LOOKED_IN
from webapp.demo.terms import ACT_POINTS
from webapp.demo.ways_in import PASSWORD
from webapp.world import Worlds

NOW = datetime(2026, 3, 20, 14, 30, tzinfo=UTC)
RECEIPTS = "type IN ('purchase', 'return')"
SECRET = "story-of-a-café-that-nobody-guesses"


def tell(engine: sa.Engine, members: int = 300) -> DemoStory:
    return load(engine, lambda _line: None, now=NOW, secret=SECRET, members=members)


@pytest.fixture(scope="module")
def noon(sqlite_copies: SqliteCopies) -> Iterator[sa.Engine]:
    """The whole story, told once."""
    url, drop = sqlite_copies.take()
    engine = make_engine(url)
    tell(engine)
    yield engine
    engine.dispose()
    drop()


def rows(engine: sa.Engine, sql: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def one(engine: sa.Engine, sql: str) -> int:
    return int(str(rows(engine, sql)[0][0]))


def test_three_hundred_people_buy_six_thousand_times(noon: sa.Engine) -> None:
    receipts = one(noon, f"SELECT COUNT(*) FROM activity WHERE {RECEIPTS}")

    assert one(noon, "SELECT COUNT(*) FROM member") == 300
    assert 5_500 <= receipts <= 6_500


def test_the_last_receipt_is_of_today_or_yesterday(noon: sa.Engine) -> None:
    last = one(noon, "SELECT MAX(occurred_at) FROM activity")

    age = NOW - datetime.fromtimestamp(last / 1e6, UTC)
    assert timedelta() < age < timedelta(days=1)


def test_everything_a_page_can_show_is_there(noon: sa.Engine) -> None:
    kinds = {str(kind) for (kind,) in rows(noon, "SELECT DISTINCT kind FROM transfer")}
    states = {str(state) for (state,) in rows(noon, "SELECT DISTINCT state FROM activity")}
    tiers = {str(code) for (code,) in rows(noon, "SELECT DISTINCT t.code FROM standing s"
                                                 " JOIN tier t ON t.id = s.tier_id")}  # fmt: skip
    notices = {str(kind) for (kind,) in rows(noon, "SELECT DISTINCT kind FROM notice")}

    assert kinds >= {"purchase", "grant", "spend", "clawback", "expiry", "act"}
    assert states == {"counted", "partly_returned", "returned", "superseded"}
    assert tiers == {"sprout", "leaf", "branch", "wreath"}
    assert notices >= {"medal", "tier_reached"}
    assert one(noon, "SELECT MAX(line_count) FROM activity") >= 15
    assert one(noon, "SELECT COUNT(*) FROM activity_line WHERE discounts IS NOT NULL") > 50
    assert one(noon, "SELECT COUNT(*) FROM member WHERE locale = 'en'") == 12
    assert one(noon, "SELECT COUNT(*) FROM activity WHERE channel = 'online'") > 300


def test_the_four_who_can_be_tried_stand_where_they_should(noon: sa.Engine) -> None:
    found = rows(
        noon,
        "SELECT m.name, m.origin, m.claimed_at IS NOT NULL, t.code, COUNT(a.id) FROM member m"
        " LEFT JOIN standing s ON s.member_id = m.id LEFT JOIN tier t ON t.id = s.tier_id"
        " LEFT JOIN activity a ON a.member_id = m.id AND a.type = 'purchase'"
        " WHERE m.phone <= '+70000000003' GROUP BY m.id ORDER BY m.phone",
    )

    new, average, champion, imported = found
    assert new == ("Тимур Ахметов", "signup", 1, "sprout", 0)
    assert average[:3] == ("Анна Соколова", "import", 1)
    assert average[3] in ("leaf", "branch")
    assert champion[3] == "wreath"
    assert int(str(champion[4])) > 150
    assert imported[:3] == ("Павел Морозов", "import", 0)
    assert int(str(imported[4])) > 30


def test_the_member_of_the_documented_examples_is_there(noon: sa.Engine) -> None:
    found = rows(
        noon,
        "SELECT c.number, m.phone, m.external_id FROM member m"
        " JOIN card c ON c.member_id = m.id AND c.state = 'active'"
        " WHERE m.external_id NOT LIKE 'P%%'",
    )

    assert found == [(CARD, PHONE, OWN_ID)]


def test_the_first_acts_of_the_story_are_there(noon: sa.Engine) -> None:
    told = f"type, COUNT(*) FROM activity WHERE NOT {RECEIPTS} AND state = 'counted'"
    acts = dict(rows(noon, f"SELECT {told} GROUP BY type"))
    holders = (
        "SELECT a.code, COUNT(DISTINCT w.member_id) FROM award w"
        " JOIN achievement a ON a.id = w.achievement_id GROUP BY a.code"
    )
    medals = dict(rows(noon, holders))

    invited = {"friend_joined", "friend_came", "invited_bonus"}
    assert set(acts) == set(ACT_POINTS) | invited | {"challenge_completed"}
    assert acts["joined"] == 1
    assert acts["daily_check_in"] == sum(map(len, LOOKED_IN.values()))
    assert 150 < int(str(acts["birthday"])) < 300
    assert medals["daily_visitor"] == medals["stay_in_touch"] == 2
    assert int(str(medals["birthday_guest"])) > 30


def test_most_guests_live_in_one_of_three_cities(noon: sa.Engine) -> None:
    found = dict(rows(noon, "SELECT city, COUNT(*) FROM member GROUP BY city"))
    nowhere = int(str(found.pop(None)))

    assert set(found) == {"Москва", "Химки", "Королёв"}
    assert max(found, key=lambda city: int(str(found[city]))) == "Москва"
    assert min(map(int, map(str, found.values()))) > 30
    assert 10 < nowhere < 40


def test_challenges_run_come_and_are_over(noon: sa.Engine) -> None:
    states = dict(rows(noon, "SELECT code, state FROM challenge"))
    assert states == {
        "fillings": "ended", "coffee-card": "live", "sweet-way": "live",
        "warm-evenings": "scheduled",
    }  # fmt: skip
    with Worlds(noon, fixed_clock(NOW)).open(readonly=True) as world:
        account = account_by_phone(noon, "+70000000001")
        shown = challenges_of(world, account)
    assert {view.code for view in shown.current} >= {"coffee-card"}
    coffee = next(view for view in shown.current if view.code == "coffee-card")
    assert 0 < coffee.score < coffee.terms.goal
    assert [view.code for view in shown.coming] == ["warm-evenings"]


def test_two_of_three_agreed_to_news_and_are_invited_to_challenges(noon: sa.Engine) -> None:
    agreed = "SELECT member_id FROM consent WHERE purpose = 'marketing' AND given"
    invited = dict(
        rows(
            noon,
            "SELECT JSON_EXTRACT(payload, '$.challenge'), COUNT(DISTINCT member_id) FROM notice"
            f" WHERE kind = 'challenge_invitation' AND member_id IN ({agreed}) GROUP BY 1",
        )
    )

    assert 150 < one(noon, f"SELECT COUNT(*) FROM ({agreed})") < 250
    assert set(invited) >= {"coffee-card", "sweet-way"}
    assert all(int(str(count)) > 100 for count in invited.values())
    for phone in ("+70000000001", "+70000000002"):  # both have an inbox to look at
        number = account_by_phone(noon, phone)
        assert one(noon, "SELECT COUNT(*) FROM notice WHERE kind = 'challenge_invitation'"
                         f" AND member_id = {number}")  # fmt: skip
    strangers = f"kind = 'challenge_invitation' AND member_id NOT IN ({agreed})"
    assert one(noon, f"SELECT COUNT(*) FROM notice WHERE {strangers}") == 0


def account_by_phone(noon: sa.Engine, phone: str) -> int:
    return one(noon, f"SELECT id FROM member WHERE phone = '{phone}'")


def test_a_birthday_was_noted_once_a_year_at_most(noon: sa.Engine) -> None:
    spans = rows(
        noon,
        "SELECT MAX(occurred_at) - MIN(occurred_at) FROM activity WHERE type = 'birthday'"
        " GROUP BY member_id HAVING COUNT(*) > 1",
    )

    assert all(int(str(span)) >= 365 * 86_400_000_000 for (span,) in spans)


def test_the_books_of_the_story_hold(noon: sa.Engine) -> None:
    with Worlds(noon, fixed_clock(NOW)).open(readonly=True) as world:
        report = run_audit(world, full=True)

    assert [finding for finding in report.findings if finding.count] == []


def test_the_same_instant_tells_the_same_story(
    noon: sa.Engine, sqlite_copies: SqliteCopies
) -> None:
    url, drop = sqlite_copies.take()
    again = make_engine(url)
    tell(again)

    for sql in (
        "SELECT id, external_id, occurred_at, amount, points, outcome FROM activity ORDER BY id",
        "SELECT id, key, points, occurred_at, trace FROM transfer ORDER BY id",
        "SELECT id, name, phone, email, birthday, city FROM member ORDER BY id",
        "SELECT id, kind, payload FROM notice ORDER BY id",
    ):
        assert rows(noon, sql) == rows(again, sql)
    again.dispose()
    drop()


def test_a_database_with_a_programme_stays_as_it_is(noon: sa.Engine) -> None:
    before = one(noon, "SELECT COUNT(*) FROM activity")

    story = tell(noon)

    assert not story.told
    assert len(story.ways_in) == 8
    assert one(noon, "SELECT COUNT(*) FROM activity") == before


def test_what_is_printed_opens_the_doors(noon: sa.Engine) -> None:
    with Worlds(noon, fixed_clock(NOW)).open(readonly=True) as world:
        lines = list(sign_ins(world))
        owner = account_by_email(world, "owner@noon.example")
        slip = world.session.exec(sa.select(ActivationCode)).scalar_one()

    assert owner is not None
    assert is_password(owner.password_hash, PASSWORD)
    printed = next(line.split()[1] for line in lines if "slip" in line)
    assert slip.code_hash == keyed_hash(SECRET, "activation", typed_activation(printed))
    assert {line.split()[0] for line in lines[2:]} == {
        "new", "average", "champion", "imported", "cashier", "marketer", "owner",
    }  # fmt: skip


def test_a_real_shop_prints_no_ways_in(engine: sa.Engine) -> None:
    with Worlds(engine, fixed_clock(NOW)).open(readonly=True) as world:
        assert list(sign_ins(world)) == []


def test_a_small_story_is_told_on_both_engines(engine: sa.Engine) -> None:
    story = tell(engine, members=24)

    with Worlds(engine, fixed_clock(NOW)).open(readonly=True) as world:
        report = run_audit(world, full=True)
    assert story.told
    assert story.members == 24
    assert one(engine, f"SELECT COUNT(*) FROM activity WHERE {RECEIPTS}") == story.receipts
    assert [finding for finding in report.findings if finding.count] == []


def test_two_of_the_main_people_brought_friends(noon: sa.Engine) -> None:
    found = rows(
        noon,
        "SELECT m.email, COUNT(*), SUM(r.state = 'rewarded'), SUM(r.referrer_points)"
        " FROM referral r"
        " JOIN member m ON m.id = r.referrer_id GROUP BY m.email ORDER BY m.email",
    )
    by_email = {str(email): values for email, *values in found}

    assert by_email["anna@example.com"][0] == 3
    assert by_email["veronika@example.com"][0] == 9
    assert all(paid > 0 and brought == 300 * paid for _, paid, brought in by_email.values())  # type: ignore[operator]
    assert one(noon, "SELECT SUM(opened) FROM referral_visits") == 12 * 4
