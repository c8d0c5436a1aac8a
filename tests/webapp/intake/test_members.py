"""A file of members: who is new, what is filled up, what is refused, what never comes twice."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from gamification.commands.owner import ProgrammePlan, set_up_programme
from gamification.refusals import ProgrammeMissing
from gamification.world import fixed_clock
from tests.webapp.intake.running import HEADER, Intake, all_rows, differences, shop_profile
from webapp.intake.faults import BadFile
from webapp.intake.member_profile import (
    MemberProfile,
    load_member_profile,
    recognised_members,
)
from webapp.intake.members import MembersOutcome, run_members_import
from webapp.world import Worlds

Write = Callable[..., Path]
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)

COLUMNS = (
    "Код клиента", "ФИО", "Телефон", "E-mail", "Номер карты", "Дата рождения",
    "Дата регистрации", "Баллы", "Баллы до", "Рассылка",
)  # fmt: skip
ANNA = (
    "7.0", " Анна  Ветрова ", "8 (916) 123-45-67", "Anna@Example.ru", "4400001, 4400002",
    "01.02.1990", "15.03.2024", "1 120,70", "31.12.2026", "да",
)  # fmt: skip
FILE = f"""{";".join(COLUMNS)}
{";".join(ANNA)}
8;Борис;+7 916 000-00-00;;;;;;;нет
9;;;;;;;5;;
"""


@pytest.fixture
def shop(engine: sa.Engine) -> Intake:
    """A programme in roubles, on a fixed day."""
    worlds = Worlds(engine, fixed_clock(NOW))
    plan = ProgrammePlan(name="Shop")
    worlds.run(lambda world: set_up_programme(world, plan))
    return Intake(worlds)


def bring(
    shop: Intake, path: Path, profile: MemberProfile | None = None, *, dry: bool = False
) -> MembersOutcome:
    return run_members_import(shop.worlds, path, profile or recognised_members(path), dry=dry)


def counted(outcome: MembersOutcome) -> tuple[int, int, int, int]:
    report = outcome.report
    return report.joined, report.filled, report.known, len(outcome.rejects)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_file_that_speaks_for_itself(shop: Intake, written: Write, encoding: str) -> None:
    path = written("members.csv", FILE, encoding)

    outcome = bring(shop, path)

    assert counted(outcome) == (3, 0, 0, 0)
    assert (outcome.report.opening_points, outcome.rounded) == (1_125, Decimal("-0.70"))
    assert shop.rows(
        "SELECT external_id, name, phone, email, origin, locale FROM member ORDER BY external_id"
    ) == [
        ("7", "Анна Ветрова", "+79161234567", "anna@example.ru", "import", "ru"),
        ("8", "Борис", "+79160000000", None, "import", "ru"),
        ("9", "", None, None, "import", "ru"),
    ]
    ((born, joined),) = shop.rows("SELECT birthday, joined_at FROM member WHERE external_id = '7'")
    assert str(born) == "1990-02-01"
    assert datetime.fromtimestamp(joined / 10**6, UTC) == datetime(2024, 3, 14, 21, tzinfo=UTC)
    assert shop.rows("SELECT number, state FROM card ORDER BY 1") == [
        ("4400001", "active"),
        ("4400002", "active"),
    ]
    assert shop.rows("SELECT purpose, given, text_version, channel FROM consent ORDER BY id") == [
        ("marketing", True, "import", "import"),
        ("marketing", False, "import", "import"),
    ]


@pytest.mark.parametrize("header", ["city", "City", "Город", "Населённый пункт"])
def test_a_city_comes_with_the_file_and_is_compared_by_its_key(
    shop: Intake, written: Write, header: str
) -> None:
    first = f"id;{header}\n7;  г. Орёл \n8;—\n9;\n"
    bring(shop, written("members.csv", first))

    again = bring(shop, written("again.csv", f"id;{header}\n7;ОРЕЛ\n8;Тверь\n9;{'Й' * 81}\n"))

    assert counted(again) == (0, 1, 1, 1)
    assert [(x.line, x.code, x.field) for x in again.rejects] == [(4, "too_long", "city")]
    assert shop.rows("SELECT external_id, city, city_key FROM member ORDER BY external_id") == [
        ("7", "г. Орёл", "орел"), ("8", "Тверь", "тверь"), ("9", None, None),
    ]  # fmt: skip


def test_another_city_than_the_member_has_is_a_row_for_the_shop_to_look_at(
    shop: Intake, written: Write
) -> None:
    bring(shop, written("members.csv", "id;город\n7;Орёл\n"))

    again = bring(shop, written("again.csv", "id;город\n7;Тверь\n"))

    assert [(x.code, x.field, x.value) for x in again.rejects] == [("differs", "city", "Тверь")]
    assert shop.rows("SELECT city FROM member") == [("Орёл",)]


def test_an_opening_balance_lives_until_the_end_of_its_day(shop: Intake, written: Write) -> None:
    bring(shop, written("members.csv", FILE))

    assert shop.rows("SELECT kind, points, actor FROM transfer ORDER BY points") == [
        ("opening", 5, "import"),
        ("opening", 1_120, "import"),
    ]
    balances = {
        day: {who: row["balance"] for who, row in shop.report(date.fromisoformat(day)).items()}
        for day in ("2026-11-23", "2026-11-24", "2026-12-31", "2027-01-01")
    }
    assert balances == {
        "2026-11-23": {"7": 0, "8": 0, "9": 0},
        "2026-11-24": {"7": 1_120, "8": 0, "9": 5},
        "2026-12-31": {"7": 1_120, "8": 0, "9": 5},
        "2027-01-01": {"7": 0, "8": 0, "9": 5},
    }


def test_the_same_file_again_changes_nothing(shop: Intake, written: Write) -> None:
    path = written("members.csv", FILE)
    bring(shop, path)
    before = all_rows(shop.worlds.engine)

    again = bring(shop, path)

    assert counted(again) == (0, 0, 3, 0)
    assert differences(all_rows(shop.worlds.engine), before) == {}


def test_a_dry_run_tries_everything_and_keeps_nothing(shop: Intake, written: Write) -> None:
    before = all_rows(shop.worlds.engine)

    outcome = bring(shop, written("members.csv", FILE + "9;;12;;;;;;;\n"), dry=True)

    assert counted(outcome) == (3, 0, 0, 1)
    assert differences(all_rows(shop.worlds.engine), before) == {}


def test_members_of_an_import_are_filled_up(shop: Intake, written: Write) -> None:
    shop.purchases(written("may.csv", HEADER + "P1,7,2026-05-01 10:00,CUP,1,1000\n"))

    outcome = bring(shop, written("members.csv", FILE))

    assert counted(outcome) == (2, 1, 0, 0)
    assert shop.rows("SELECT name, phone FROM member WHERE external_id = '7'") == [
        ("Анна Ветрова", "+79161234567")
    ]
    found = shop.report(date(2026, 11, 24))["7"]
    assert (found["balance"], found["orders"]) == (1_130, 1)


def test_purchases_of_the_past_after_their_members(shop: Intake, written: Write) -> None:
    bring(shop, written("members.csv", "id,name\n7,Anna\n8,Boris\n"))

    shop.purchases(
        written(
            "may.csv",
            HEADER + "P1,7,2026-05-01 10:00,SOFA,1,40000\nP2,7,2026-05-02 10:00,CUP,1,100\n",
        )
    )

    log = "SELECT effective_from, reason, voided_by IS NULL FROM standing_log l JOIN member m"
    assert [
        (day, reason, bool(holds))
        for day, reason, holds in shop.rows(
            f"{log} ON m.id = l.member_id WHERE m.external_id = '7' ORDER BY l.effective_from, l.id"
        )
    ] == [
        ("2026-05-01", "joined", True),
        ("2026-05-01", "reached", True),
        ("2026-11-24", "joined", False),
    ]
    assert shop.rows("SELECT points FROM transfer ORDER BY id") == [(400,), (3,)]
    assert shop.report(date(2026, 11, 24))["7"]["tier"] == "branch"
    assert shop.report(date(2026, 11, 24))["8"]["tier"] == "sprout"


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("7,Other Name,,,,", "differs", "name"),
        ("7,,+79990000000,,,", "differs", "phone"),
        ("7,,,,,77", "differs", "opening"),
        ("new,,+79161234567,,,", "phone_taken", "phone"),
        ("new,,,ANNA@example.ru,,", "email_taken", "email"),
        ("new,,,,4400001,", "card_taken", "cards"),
        ('new,,,,"4,4E+12",', "shortened_id", "cards"),
        ("4.4E+12,,,,,", "shortened_id", "external_id"),
        ("new,,12,,,", "not_a_phone", "phone"),
        ("new,,,no-mail,,", "not_an_email", "email"),
        ("new,,,,,-1", "negative_points", "balance"),
        ("new,,,,,many", "not_a_number", "balance"),
        ("new,,,,,99999999999", "number_too_large", "balance"),
        ("new,,,,,1000000001", "number_too_large", "balance"),
        ("new,,,,,1e5", "not_a_number", "balance"),
        ("new,,,,,1E+999", "number_too_large", "balance"),
        (",,,,,5", "no_external_id", "external_id"),
        ("new,x", "unreadable_row", ""),
    ],
)
def test_a_row_is_taken_whole_or_not_at_all(
    shop: Intake, written: Write, row: str, code: str, field: str
) -> None:
    bring(shop, written("members.csv", FILE))
    before = all_rows(shop.worlds.engine)

    outcome = bring(shop, written("more.csv", f"id,name,phone,email,card,balance\n{row}\n"))

    assert [(r.line, r.code, r.field) for r in outcome.rejects] == [(2, code, field)]
    assert differences(all_rows(shop.worlds.engine), before) == {}


def test_nobody_is_born_tomorrow(shop: Intake, written: Write) -> None:
    text = "id,birthday\n7,2026-11-24\n8,2026-11-25\n9,25.11.2026\n"

    outcome = bring(shop, written("members.csv", text))

    told = [(r.line, r.code, r.field, r.value) for r in outcome.rejects]
    assert told == [
        (3, "from_the_future", "birthday", "2026-11-25"),
        (4, "from_the_future", "birthday", "25.11.2026"),
    ]


def test_nobody_joins_tomorrow(shop: Intake, written: Write) -> None:
    outcome = bring(shop, written("m.csv", "id,joined\n7,2026-11-24\n8,2026-11-25\n9,2199-12-31\n"))

    assert [(r.line, r.code, r.field) for r in outcome.rejects] == [
        (3, "from_the_future", "joined"),
        (4, "from_the_future", "joined"),
    ]


def test_two_rows_of_one_file_see_each_other(shop: Intake, written: Write) -> None:
    text = "id,phone,card\na,+79160000001,1\nb,+79160000001,\nc,,1\na,+79160000001,1\na,,2\n"

    outcome = bring(shop, written("members.csv", text))

    assert counted(outcome) == (1, 1, 1, 2)
    assert [(r.line, r.code) for r in outcome.rejects] == [(3, "phone_taken"), (4, "card_taken")]
    assert shop.rows("SELECT number FROM card ORDER BY 1") == [("1",), ("2",)]


PROFILE = """
name = "CRM"
zone = "Europe/London"
region = "GB"
rounding = "half_up"
[file]
delimiter = ";"
[columns]
external_id = 1
name = ["First", "Last"]
phone = "Mobile"
balance = "Points"
balance_from = "As of"
balance_until = "Until"
[customer]
case = "upper"
[consents.marketing]
column = "News"
at = "Asked"
text_version = "2024-1"
"""


def test_a_profile_for_a_file_with_names_of_its_own(
    shop: Intake, written: Write, tmp_path: Path
) -> None:
    (tmp_path / "crm.toml").write_text(PROFILE)
    profile = load_member_profile(str(tmp_path / "crm.toml"))
    head = "Ref;First;Last;Mobile;Points;As of;Until;News;Asked\n"

    outcome = bring(
        shop,
        written(
            "crm.csv",
            f"{head}a1;Ann;Lee;020 7946 0958;10.5;2026-03-01;2026-06-30;yes;2024-05-01 10:00\n"
            "b2;Bob;;;3.4;;;perhaps;\nc3;Cid;;;9;2026-03-01;2026-02-28;;\n",
        ),
        profile,
    )

    assert [(r.line, r.code) for r in outcome.rejects] == [
        (3, "not_yes_or_no"),
        (4, "expired_before"),
    ]
    assert shop.rows("SELECT external_id, name, phone FROM member") == [
        ("A1", "Ann Lee", "+442079460958")
    ]
    assert outcome.rounded == Decimal("0.5")
    balance = {
        day: shop.report(day)["A1"]["balance"]
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 30), date(2026, 7, 1))
    }
    assert list(balance.values()) == [0, 11, 11, 0]
    ((at,),) = shop.rows("SELECT at FROM consent")
    assert datetime.fromtimestamp(at / 10**6, UTC) == datetime(2024, 5, 1, 9, tzinfo=UTC)


def test_a_later_answer_is_kept_beside_the_one_before(
    shop: Intake, written: Write, tmp_path: Path
) -> None:
    (tmp_path / "crm.toml").write_text(PROFILE)
    profile = load_member_profile(str(tmp_path / "crm.toml"))
    head = "Ref;First;Last;Mobile;Points;As of;Until;News;Asked\n"
    for news, asked in (
        ("yes", "2024-05-01"),
        ("no", "2024-04-01"),
        ("no", "2024-06-01"),
        ("no", ""),
    ):
        bring(shop, written("crm.csv", f"{head}a1;;;;;;;{news};{asked}\n"), profile)

    assert shop.rows("SELECT given FROM consent ORDER BY id") == [(True,), (False,)]


def test_files_that_cannot_be_used(shop: Intake, written: Write, tmp_path: Path) -> None:
    for text, code in (("", "empty_file"), ("name,phone\nAnna,1\n", "no_column")):
        with pytest.raises(BadFile) as refused:
            bring(shop, written("members.csv", text))
        assert refused.value.code == code
    (tmp_path / "bad.toml").write_text("[columns]\nexternal_id = 1\nfone = 2\n")
    with pytest.raises(BadFile) as refused:
        load_member_profile(str(tmp_path / "bad.toml"))
    assert (refused.value.code, refused.value.values["key"]) == ("bad_profile", "columns.fone")


def test_members_need_a_programme_first(intake: Intake, written: Write) -> None:
    with pytest.raises(ProgrammeMissing):
        bring(intake, written("members.csv", "id\n7\n"))


BY_CARD = HEADER + (
    "P1,4400001,2026-05-01 10:00,CUP,1,1000\n"
    "P2,7,2026-05-02 10:00,CUP,1,300\n"
    "RP2,4400002,2026-05-03 10:00,CUP,-1,300\n"
)


def test_purchases_by_card_are_those_of_the_card_s_owner(shop: Intake, written: Write) -> None:
    bring(shop, written("members.csv", FILE))
    path = written("may.csv", BY_CARD)

    foreseen = shop.purchases(path, dry=True)
    outcome = shop.purchases(path)
    again = shop.purchases(path)

    assert (foreseen.forecast.members if foreseen.forecast else None) == 0
    assert (outcome.page.recorded, outcome.page.members, again.page.recorded) == (3, 0, 0)
    assert shop.rows("SELECT COUNT(*) FROM member") == [(3,)]
    found = shop.report(date(2026, 11, 24))["7"]
    assert (found["orders"], found["sales"], found["returned"]) == (2, "1300.00", "-300.00")
    states = "SELECT external_id, state FROM activity WHERE type = 'purchase' ORDER BY external_id"
    assert shop.rows(states) == [("P1", "counted"), ("P2", "returned")]


def test_a_number_may_be_an_id_alone(shop: Intake, written: Write) -> None:
    bring(shop, written("members.csv", FILE))

    ids = shop_profile(customer="cards = false")
    outcome = shop.purchases(written("may.csv", BY_CARD), ids)

    assert (outcome.page.recorded, outcome.page.members) == (3, 2)
