"""`laurel import`, `laurel report` and `laurel init`, as the terminal calls them."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gamification.programme import ProgrammeRow
from tests.webapp.cli.conftest import ROWS, Said
from tests.webapp.intake.running import HEADER, SALES
from webapp.cli.place import open_place
from webapp.cli.progress import Bars
from webapp.cli.tongue import terminal_language
from webapp.intake import purchases as intake
from webapp.tier_names import named_plans

Laurel = Callable[..., Said]


def purchases(laurel: Laurel, *words: str) -> Said:
    return laurel("import", "purchases", "may.csv", "--profile", "shop.toml", *words)


def test_an_import_says_what_it_did(laurel: Laurel, files: Path) -> None:
    said = purchases(laurel)

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "There was no programme yet: “Shop” was set up with the shipped tiers, in RUB.",
        "5 rows hold 3 receipts that can be read.",
        "3 recorded, 0 known already, 2 members joined.",
        "Sales 2100.00, returned -100.00, net 2000.00 RUB.",
        "Passed over without a customer: 1 receipt, 1 row.",
        "1 receipt was held back: its rows cannot be read, or contradict each other.",
        "Rows not taken: 1.",
        "They are listed in may.csv.rejects.csv.",
        "The last receipt is of 2025-03-05.",
    ]
    text = (files / "may.csv.rejects.csv").read_text("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(text))) == [
        {
            "file": "may.csv",
            "line": "6",
            "code": "not_a_number",
            "field": "quantity",
            "value": "x",
            "reason": "This is not a number: x",
            "row": "P4,anna,2025-03-07 12:00,CUP,x,5",
        }
    ]


def test_a_second_import_says_that_everything_is_known(laurel: Laurel, files: Path) -> None:
    purchases(laurel)

    answer = json.loads(purchases(laurel, "--json", "--rejects", "mine.csv").out)

    assert (answer["recorded"], answer["known"], answer["programme_created"]) == (0, 3, False)
    assert (answer["rejects"], answer["rejected_rows"]) == ("mine.csv", 1)
    assert (answer["net"], answer["currency"], answer["last_date"]) == (
        "2000.00",
        "RUB",
        "2025-03-05",
    )


def test_rejects_of_files_with_one_name_are_told_apart(laurel: Laurel, files: Path) -> None:
    for folder, rows in (("x", ROWS), ("y", ROWS.replace("P", "Q"))):
        (files / folder).mkdir()
        (files / folder / "may.csv").write_text(HEADER + rows)

    words = ("x/may.csv", "y/may.csv", "--profile", "shop.toml", "--rejects", "out.csv")
    laurel("import", "purchases", *words)

    text = (files / "out.csv").read_text("utf-8-sig")
    assert [row["file"] for row in csv.DictReader(io.StringIO(text))] == ["x/may.csv", "y/may.csv"]


def test_a_dry_run_writes_no_file_and_no_row(laurel: Laurel, files: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in files.rglob("*")}
    answer = json.loads(purchases(laurel, "--dry-run", "--json").out)
    people = laurel("import", "members", "people.csv", "--dry-run")

    assert people.code == 2
    assert {path: path.stat().st_mtime_ns for path in files.rglob("*")} == before
    assert (answer["receipts"], answer["recorded"], answer["rejects"]) == (3, 0, None)
    assert not (files / "may.csv.rejects.csv").exists()
    assert laurel("report", "members").code == 2


def test_a_dry_run_says_what_would_come_and_that_a_programme_would(
    laurel: Laurel, files: Path
) -> None:
    first, would = (
        purchases(laurel, "--dry-run"),
        json.loads(purchases(laurel, "--dry-run", "--json").out),
    )
    purchases(laurel)
    again = json.loads(purchases(laurel, "--dry-run", "--json").out)

    assert first.out.splitlines()[1:4] == [
        "A dry run: nothing was written.",
        "3 receipts would be recorded, 0 are known already; 2 members would join.",
        "There is no programme yet: one would be set up with the shipped tiers, in RUB."
        " To choose its terms yourself, run laurel init first.",
    ]
    assert would["would"] == {"receipts": 3, "known": 0, "members": 2, "programme": True}
    assert again["would"] == {"receipts": 0, "known": 3, "members": 0, "programme": False}


def test_members_before_a_programme_are_told_what_to_run(laurel: Laurel, files: Path) -> None:
    answer = laurel("import", "members", "people.csv")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "laurel: There is no programme yet. Set one up first: laurel init\n"


def test_ctrl_c_is_answered_with_a_sentence_and_a_repeat_goes_on(
    laurel: Laurel, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(intake, "PAGE_LINES", 1)
        patch.setattr(Bars, "recording", interrupted)
        said = purchases(laurel)
    again = json.loads(purchases(laurel, "--json").out)

    assert (said.code, said.out) == (130, "")
    assert said.err == ("Stopped. What was recorded stays; the same command goes on from there.\n")
    assert (again["recorded"], again["known"]) == (2, 1)


def test_the_terminal_speaks_russian_where_it_is_asked_to(
    laurel: Laurel, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")

    said = purchases(laurel)

    assert "Последний чек" in said.out
    text = (files / "may.csv.rejects.csv").read_text("utf-8-sig")
    assert "Это не число" in text


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "ru_RU", "LC_ALL": "en_GB"}, "en"),
        ({"LANG": "de_DE"}, "en"),
    ],
)
def test_the_language_of_the_terminal(variables: dict[str, str], language: str) -> None:
    assert terminal_language(variables) == language


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("may.csv", "--profile", "nothing"), "There is no profile nothing."),
        (("may.csv", "--profile", "missing.toml"), "cannot be read"),
        (("gone.csv", "--profile", "shop.toml"), "The file gone.csv cannot be opened"),
        (("shop.toml", "--profile", "shop.toml"), "has no column"),
        (("may.csv",), "Missing option '--profile'"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    laurel: Laurel, files: Path, words: tuple[str, ...], said: str
) -> None:
    answer = laurel("import", "purchases", *words)

    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert laurel("report", "members").code == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("customer =", "customr =",
         "has an unknown key “columns.customr”. Did you mean “customer”?"),
        ("zone =", "xyz = 1\nzone =", "has an unknown key “xyz”. It may have: name, source,"),
        ('document = "doc"', "", "lacks “columns.document”."),
        ('"RUB"', '"rub"', "is written in capital letters, such as RUB."),
        ('"Europe/Moscow"', '"Moscow"', "is no time zone such as Europe/Moscow."),
        ('name = "Shop"', "name = 5", "“name” in the profile shop.toml is a text in quotation"),
        ("[kinds]", "[file]\ndecimal = ';'\n[kinds]", "is one of: '.', ','."),
        ('price = "price"', "", "needs exactly one of price, amount and total"),
        ('at = "at"', "at = 0", "in the profile shop.toml cannot be “0”."),
    ],
)  # fmt: skip
def test_a_wrong_profile_is_told_in_plain_words(
    laurel: Laurel, files: Path, old: str, new: str, said: str
) -> None:
    assert old in SALES
    (files / "shop.toml").write_text(SALES.replace(old, new, 1))

    answer = purchases(laurel)

    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert said in answer.err
    assert "Input should" not in answer.err


def test_a_typo_in_a_profile_of_members_is_told_too(laurel: Laurel, files: Path) -> None:
    (files / "people.toml").write_text(
        '[columns]\nexternal_id = "id"\n[consents.marketing]\ncolum = "x"\n'
    )
    laurel("init", "--currency", "RUB")

    answer = laurel("import", "members", "people.csv", "--profile", "people.toml")

    assert answer.code == 2
    assert "unknown key “consents.marketing.colum”. Did you mean “column”?" in answer.err


def test_a_file_of_which_nothing_can_be_read_was_given_the_wrong_profile(
    laurel: Laurel, files: Path
) -> None:
    (files / "may.csv").write_text(HEADER + ROWS.replace("2025", "MMXXV"))

    answer = purchases(laurel)

    assert answer.code == 2
    assert "Not one row of 5 can be read with this profile." in answer.err


def test_another_currency_is_refused(laurel: Laurel, files: Path) -> None:
    purchases(laurel)
    (files / "shop.toml").write_text(SALES.replace("RUB", "EUR"))

    answer = purchases(laurel)

    assert answer.code == 2
    assert "in another currency" in answer.err


def test_members_come_and_are_reported(laurel: Laurel, files: Path) -> None:
    purchases(laurel)

    said = laurel("import", "members", "people.csv")
    again = json.loads(laurel("import", "members", "people.csv", "--json").out)

    assert said.out.splitlines() == [
        "2 rows: 0 members joined, 1 filled up, 0 known already.",
        "1 opening balance, 10 points.",
        "Rounding to whole points changed the sum by -0.4.",
        "Rows not taken: 1.",
        "They are listed in people.csv.rejects.csv.",
    ]
    assert (again["known"], again["openings"], again["rejected_rows"]) == (1, 0, 1)
    assert again["columns"] == {
        "external_id": "id",
        "name": ["name"],
        "phone": "phone",
        "balance": "balance",
    }


def test_a_dry_run_of_members_keeps_nothing(laurel: Laurel, files: Path) -> None:
    purchases(laurel)

    answer = json.loads(laurel("import", "members", "people.csv", "--dry-run", "--json").out)

    assert (answer["filled"], answer["openings"], answer["dry_run"]) == (1, 1, True)
    again = json.loads(laurel("import", "members", "people.csv", "--dry-run", "--json").out)
    assert again == answer


COLUMNS = (
    "external_id,net,sales,returned,sale_documents,orders,return_documents,first_order,last_order,"
    "active_months,longest_month_streak,net_365d,points_earned,points_reversed,balance,pending,"
    "tier,medals"
)


def test_the_report_of_the_last_day_and_of_another(laurel: Laurel, files: Path) -> None:
    purchases(laurel)

    last = laurel("report", "members", "--csv")
    first = laurel("report", "members", "--as-of", "2025-03-01", "--csv")
    said = ["As of the end of 2025-03-05.\n", "As of the end of 2025-03-01.\n"]
    assert [last.err, first.err] == said

    assert last.out.splitlines()[0] == COLUMNS
    assert last.out.splitlines()[1].startswith(
        "anna,2000.00,2000.00,0.00,1,1,0,2025-03-01,2025-03-01,1,1,2000.00,20,0,0,20,sprout,"
    )
    assert last.out.splitlines()[2].startswith("boris,0.00,100.00,-100.00,1,1,1,2025-03-02,")
    rows = list(csv.DictReader(io.StringIO(first.out)))
    assert [(row["external_id"], row["orders"], row["first_order"]) for row in rows] == [
        ("anna", "1", "2025-03-01"),
        ("boris", "0", ""),
    ]


def test_the_report_for_programs_and_for_people(laurel: Laurel, files: Path) -> None:
    purchases(laurel)

    answer = json.loads(laurel("report", "members", "--json").out)
    table = laurel("report", "members").out.splitlines()

    assert (answer["as_of"], answer["currency"], len(answer["members"])) == ("2025-03-05", "RUB", 2)
    assert ",".join(answer["members"][0]) == COLUMNS
    assert table[0].split() == COLUMNS.split(",")
    assert table[1].split()[:2] == ["anna", "2000.00"]
    assert laurel("report", "members", "--json", "--csv").code == 2
    assert laurel("report", "members", "--as-of", "soon").code == 2


def test_init_sets_a_programme_up_once(laurel: Laurel, files: Path) -> None:
    words = ("--name", "Полдень", "--currency", "eur", "--zone", "Europe/Berlin")

    said = laurel("init", *words, "--template", "cafe", "--colour", "#fd0", "--point-worth", "0.5")
    again = laurel("init", *words)

    assert said.out.splitlines() == [
        "The programme “Полдень” is set up, in EUR and Europe/Berlin.",
        "  Sprout: 3 % in points from 0",
        "  Leaf: 5 % in points from 40",
        "  Branch: 7 % in points from 100",
        "  Wreath: 10 % in points from 200",
        "The colour is too pale for text: pages use #756600 instead.",
        "Next: laurel import members FILE, laurel import purchases FILE --profile …",
    ]
    assert (again.code, "set up already" in again.err) == (2, True)
    assert purchases(laurel).code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--currency", "ROUBLE"),
        ("--currency", "XXQ"),
        ("--zone", "Moscow"),
        ("--colour", "pale"),
        ("--point-worth", "0"),
        ("--point-worth", "0.001"),
        ("--point-worth", "NaN"),
        ("--name", " "),
        ("--pending-days", "91"),
    ],
)
def test_init_refuses_what_makes_no_sense(
    laurel: Laurel, files: Path, words: tuple[str, str]
) -> None:
    answer = laurel("init", *words)

    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert laurel("report", "members").code == 2


def test_init_without_a_terminal_takes_the_defaults(laurel: Laurel, files: Path) -> None:
    answer = json.loads(laurel("init", "--json", "--expiry-months", "0").out)

    assert (answer["name"], answer["currency"], answer["zone"]) == ("Laurel", "USD", "UTC")
    assert (answer["point_worth"], answer["expiry_months"]) == ("0.01", None)
    assert [tier["from"] for tier in answer["tiers"]] == [0, 200, 600, 1_200]
    with open_place(existing=True) as place, place.programme.open(readonly=True) as world:
        kept = world.session.get(ProgrammeRow, 1)
    assert kept is not None and kept.expiry_months is None


def test_init_and_the_wizard_begin_with_the_same_terms(laurel: Laurel, files: Path) -> None:
    words = ("--currency", "GBP", "--zone", "Europe/London", "--locale", "en")

    answer = json.loads(laurel("init", "--json", *words).out)

    wizard = named_plans("standard", "GBP")
    assert [tier["from"] for tier in answer["tiers"]] == [x.threshold for x in wizard]
    assert answer["point_worth"] == "0.01"
    with open_place() as place, place.programme.open(readonly=True) as world:
        assert world.session.get_one(ProgrammeRow, 1).review_over == 200_000
