"""Cashiers and payment tokens of files: guessed, kept as hashes, never shown, cards refused."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from gamification.world import fixed_clock
from tests.webapp.intake.running import HEADER, Intake, all_rows, shop_profile
from webapp.console.previews import people_preview, purchases_preview
from webapp.intake.faults import BadRow
from webapp.intake.guess import guess, read_sheet
from webapp.intake.hiding import rows_to_show
from webapp.intake.looking import Place, look_at_purchases
from webapp.intake.mapping import Choice, Terms, profile_for, recognised, stored
from webapp.intake.paying import is_card_number, masked, payment_reader
from webapp.intake.profile import Profile
from webapp.intake.purchases import Tally, ensure_programme, stage_files
from webapp.intake.rejects import write_rejects
from webapp.intake.staging import Staging
from webapp.intake.watching import Nobody
from webapp.world import Worlds

Write = Callable[[str, str], Path]
BESIDE = 'operator = "by"\npayment = "token"'
HEAD = HEADER.strip() + ",by,token\n"
TODAY = datetime(2025, 3, 10, 12, tzinfo=UTC)
TOKEN, CARD = "fp_Secret-7Qm3", "4111111111111111"
KEPT = "SELECT hash, seen_at FROM member_trace WHERE kind = 'payment'"


@pytest.fixture
def intake(engine: sa.Engine) -> Intake:
    return Intake(Worlds(engine, fixed_clock(TODAY)))


def telling() -> Profile:
    return shop_profile(columns=BESIDE)


@pytest.mark.parametrize(
    "text",
    [
        CARD, "4111 1111 1111 1111", "4111-1111-1111-1111", "4111\u00a01111\u00a01111\u00a01111",
        f"{CARD}.0", "378282246310005", "VISA 3782 822463 10005", f";{CARD}=25121010000",
        f"МИР {CARD}", "2200 0000 0000 0004", "6304 0000 0000 0000 000"
    ],
)  # fmt: skip
def test_a_full_card_number_is_told_however_it_is_written(text: str) -> None:
    with pytest.raises(BadRow) as refused:
        payment_reader(str)(text)

    assert (refused.value.code, refused.value.field) == ("card_number", "payment")
    assert len(re.findall(r"\d", refused.value.value)) <= 4


@pytest.mark.parametrize(
    "text",
    [
        "fp_7Qm3xT9kLw2", "4111111111111112", "550e8400-e29b-41d4-8716-446655440000", "1234",
        f"tok{CARD}", "**** **** **** 1111", "411111111111", CARD + CARD,
    ],
)  # fmt: skip
def test_what_is_no_card_number_is_a_token(text: str) -> None:
    assert not is_card_number(text)
    assert payment_reader(str.upper)(f" {text} ") == text.upper()
    assert payment_reader(str)("  ") is None


def test_a_token_that_is_too_long_or_no_text_is_not_repeated_in_the_reason() -> None:
    faults = []
    for text in ("a" * 197 + "secr", "a\x00b"):
        with pytest.raises(BadRow) as refused:
            payment_reader(str)(text)
        faults.append((refused.value.code, refused.value.value))

    assert faults == [("too_long", "•••• secr"), ("unreadable", "")]


def test_of_a_token_its_last_signs_are_shown_and_of_a_short_one_half() -> None:
    assert [masked(text) for text in (TOKEN, "12345", "cash", "1", " ")] == [
        "•••• 7Qm3", "•••• 45", "•••• sh", "••••", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cashier", "payment"),
    [
        ("Кассир", "Токен оплаты"), ("Продавец", "Токен карты"), ("ФИО кассира", "Токен"),
        ("cashier", "payment_token"), ("Clerk", "PaymentToken"), ("operator", "card fingerprint"),
        ("Официант", "Отпечаток карты"), ("Sold by", "Card token"),
    ],
)  # fmt: skip
def test_headers_in_both_languages_are_understood(
    written: Write, cashier: str, payment: str
) -> None:
    text = f"Номер чека;Дата;Карта клиента;Сумма;Касса;{cashier};{payment}\n"
    path = written("a.csv", text + "1;2026-02-01;anna;100;Касса 2;Ольга;fp_1\n")

    choice, sheet = recognised(path)
    columns = profile_for(choice, sheet, Terms("RUB", "Europe/Moscow", "ru")).columns

    assert (choice.columns["cashier"], choice.columns["payment"]) == (cashier, payment)
    assert (choice.columns["customer"], choice.columns["store"]) == ("Карта клиента", "Касса")
    assert (columns.operator, columns.payment) == (6, 7)


@pytest.mark.parametrize("cell", ["cash", "картой", "120,50 руб", ""])
def test_a_way_of_paying_is_not_taken_for_a_token(written: Write, cell: str) -> None:
    for header in ("Оплата", "payment", "Payment token"):
        text = f"Номер чека;Дата;Клиент;Сумма;{header}\n"
        found = guess(read_sheet(written("a.csv", text + f"1;2026-02-01;anna;100;{cell}\n")))
        assert "payment" not in found.columns or (header, cell) == ("Payment token", "")


def test_who_stood_at_the_till_and_a_hash_of_what_was_paid_with_are_kept(
    intake: Intake, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = (
        f"P1,anna,2025-03-01 10:00,CUP,1,100,Ольга,\nP1,anna,2025-03-01 10:00,TEA,1,50,,{TOKEN}\n"
        f"P2,boris,2025-03-02 10:00,CUP,1,100,, {TOKEN} \n"
        f"R1,anna,2025-03-03 10:00,TEA,-1,50,Ира,fp_of_a_return\n"
    )
    staged: list[str] = []
    gather = Staging.gather

    def looked_at(staging: Staging) -> None:
        gather(staging)
        staged.extend(map(repr, staging._db.execute("SELECT * FROM row")))

    monkeypatch.setattr(Staging, "gather", looked_at)
    intake.purchases(written("a.csv", HEAD + rows), telling())

    told = intake.rows("SELECT external_id, operator FROM activity ORDER BY external_id")
    assert told == [("P1", "Ольга"), ("P2", None), ("R1", "Ира")]
    assert len(staged) == 4
    kept = intake.rows("SELECT hash FROM member_trace")
    assert (len(kept), len(set(kept)), len(kept[0][0])) == (2, 1, 32)
    everything = repr(all_rows(intake.worlds.engine))
    leaks = re.findall("secret-7|of_a_return", "".join(staged) + everything, re.IGNORECASE)
    assert leaks == []


def test_only_what_would_not_be_forgotten_by_now_is_kept(intake: Intake, written: Write) -> None:
    days = {"old": 181, "late": 179, "new": 1}
    lines = [
        f"P-{who},{who},{TODAY - timedelta(days=ago):%Y-%m-%d} 12:00,CUP,1,100,,fp_1\n"
        for who, ago in days.items()
    ]

    intake.purchases(written("a.csv", HEAD + "".join(lines)), telling())

    kept = "SELECT m.external_id FROM member_trace t JOIN member m ON m.id = t.member_id ORDER BY 1"
    assert intake.rows(kept) == [("late",), ("new",)]


def test_the_latest_sight_counts_in_whatever_order_files_come(
    intake: Intake, written: Write
) -> None:
    seen = []
    for day in (2, 1, 3):
        row = f"P{day},anna,2025-03-0{day} 12:00,CUP,1,100,,fp_1\n"
        intake.purchases(written("a.csv", HEAD + row), telling())
        seen.append(intake.rows(KEPT)[0][1])

    days = [datetime(2025, 3, day, 9, tzinfo=UTC) for day in (2, 2, 3)]
    assert seen == [int(day.timestamp() * 1_000_000) for day in days]


def test_rows_that_name_two_cashiers_or_tokens_hold_their_receipt_back(
    intake: Intake, written: Write
) -> None:
    rows = (
        "P1,anna,2025-03-01 10:00,CUP,1,100,Ольга,fp_1\nP1,anna,2025-03-01 10:00,TEA,1,50,Ира,\n"
        "P2,anna,2025-03-02 10:00,CUP,1,100,,fp_1\nP2,anna,2025-03-02 10:00,TEA,1,50,,fp_2\n"
        "P3,anna,2025-03-03 10:00,CUP,1,100,Ольга,fp_1\nP3,anna,2025-03-03 10:00,TEA,1,50,,fp_1\n"
    )

    outcome = intake.purchases(written("a.csv", HEAD + rows), telling())

    assert intake.codes() == [
        (2, "mixed_cashiers"), (3, "mixed_cashiers"), (4, "mixed_payments"), (5, "mixed_payments"),
    ]  # fmt: skip
    assert (outcome.page.recorded, outcome.tally.held_documents) == (1, 2)


def test_a_receipt_in_two_files_is_one_though_only_one_of_them_says_who_rang_it_up(
    intake: Intake, written: Write
) -> None:
    row = "P1,anna,2025-03-01 10:00,CUP,1,100,"
    paths = [written("a.csv", HEAD + row + "Ольга,fp_1\n"), written("b.csv", HEAD + row + ",\n")]

    intake.purchases(paths, telling())

    assert intake.rows("SELECT amount, operator FROM activity") == [(10_000, "Ольга")]
    assert intake.rejects == ()


def test_a_receipt_with_a_card_number_is_refused_and_no_list_repeats_it(
    intake: Intake, written: Write, tmp_path: Path
) -> None:
    rows = (
        "P0,anna,2025-02-01 10:00,CUP,1,100,,fp_1\n"
        f"P1,anna,2025-03-01 10:00,CUP,1,100,,{CARD}\nP1,anna,2025-03-01 10:00,TEA,1,50,,\n"
        f"P2,anna,2025-03-02 10:00,CUP,one,100,,{TOKEN}\n"
        f"P3,anna,2025-03-03 10:00,CUP,1,100,{TOKEN}\n"
        f'P4,anna,2025-03-04 10:00,"CUP,1,100,,{TOKEN}\nP5",anna,2025-03-04 10:00,CUP,1,100,,x\n'
    )
    path, target = written("a.csv", HEAD + rows), tmp_path / "rejects.csv"

    intake.purchases(path, telling())
    write_rejects(target, [path], intake.rejects, lambda one: rows_to_show(one, telling()))

    said = target.read_text(encoding="utf-8-sig")
    listed = list(csv.DictReader(io.StringIO(said)))
    assert [(one["line"], one["code"]) for one in listed] == [
        ("3", "card_number"), ("4", "held_back"), ("5", "not_a_number"), ("6", "unreadable_row"),
        ("7", "over_lines"),
    ]  # fmt: skip
    assert (listed[0]["field"], listed[0]["value"]) == ("payment", "•••• 1111")
    assert listed[0]["row"] == "P1,anna,2025-03-01 10:00,CUP,1,100,,•••• 1111"
    assert listed[2]["row"].endswith(",•••• 7Qm3")
    assert [one["row"] for one in listed[3:]] == ["", ""]
    assert re.findall(f"{CARD}|Secret", said) == []
    assert intake.rows("SELECT external_id FROM activity") == [("P0",)]


def test_rejects_of_a_file_without_payments_are_shown_as_they_came(
    intake: Intake, written: Write, tmp_path: Path
) -> None:
    path, target = written("a.csv", HEADER + "P1,anna,soon,CUP,1,100\nP2,anna\n"), tmp_path / "r"

    intake.purchases(path)
    write_rejects(target, [path], intake.rejects, lambda one: rows_to_show(one, shop_profile()))

    listed = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert [one["row"] for one in listed] == ["P1,anna,soon,CUP,1,100", "P2,anna"]


def test_a_workbook_keeps_its_short_rows_and_hides_its_tokens(
    intake: Intake, tmp_path: Path
) -> None:
    path, book = tmp_path / "a.xlsx", Workbook()
    for row in (
        [*HEAD.strip().split(",")],
        ["P1", "anna", "2025-03-01", "CUP", 1, 100, None, int(CARD)],
    ):
        book.active.append(row)
    book.save(path)

    intake.purchases(path, telling())
    shown = list(rows_to_show(path, telling()))

    assert intake.codes() == [(2, "card_number")]
    assert shown == [(2, ["P1", "anna", "2025-03-01", "CUP", "1", "100", "", "•••• 1111"])]


def test_a_dry_run_writes_no_key(intake: Intake, written: Write) -> None:
    path = written("a.csv", HEAD + "P1,anna,2025-03-01 10:00,CUP,1,100,,fp_1\n")

    intake.purchases(path, telling(), dry=True)

    assert intake.rows("SELECT * FROM trace_key") == []


def test_the_same_token_has_another_hash_at_each_look(written: Write) -> None:
    path = written("a.csv", HEAD + "P1,anna,2025-03-01 10:00,CUP,1,100,,fp_1\n")
    marks = []
    for _ in range(2):
        with Staging() as staging:
            stage_files([path], telling(), staging, TODAY, Tally(), Nobody())
            marks += [document.rows[0].payment for document in staging.documents()]

    assert len(set(marks)) == 2


def place(folder: Path, kind: str, text: str, columns: dict[str, str]) -> Place:
    path = folder / kind / "a.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return Place(folder, {kind: path.name}, {kind: stored(Choice("", columns))})


@pytest.mark.parametrize(
    ("members", "tokens", "told"),
    [(10, 2, True), (10, 3, False), (9, 1, False), (30, 0, False), (60, 12, True)],
)
def test_tokens_that_many_strangers_share_are_noticed(
    intake: Intake, tmp_path: Path, members: int, tokens: int, told: bool
) -> None:
    rows = "".join(
        f"P{n};2025-03-01;c{n};10;{f'way-{n % tokens}' if tokens else ''}\n" for n in range(members)
    )
    columns = {"receipt": "a", "moment": "b", "customer": "c", "total": "d", "payment": "e"}
    found = place(tmp_path, "purchases", f"a;b;c;d;e\n{rows}", columns)
    intake.worlds.run(lambda world: ensure_programme(world, telling()))

    seen = look_at_purchases(found, tmp_path / "purchases" / "a.csv", intake.worlds, Nobody())
    preview = purchases_preview(found, found.sheet("purchases"), seen, "RUB")

    assert (preview.tokens, preview.payers) == (tokens, members if tokens else 0)
    assert preview.says_way_of_paying is told
    assert intake.rows("SELECT kind FROM member_trace") == [], "a look keeps nothing"


@pytest.mark.parametrize("role", ["payment", "customer", ""])
def test_the_preview_shows_no_token_wherever_its_column_is_put(tmp_path: Path, role: str) -> None:
    text = f'Чек;Токен оплаты;Заметка\n1;{TOKEN};да\n2;fp_9;"a;{TOKEN}\n3;fp"\n'
    found = place(tmp_path, "purchases", text, {role: "Токен оплаты"} if role else {})

    preview = purchases_preview(found, found.sheet("purchases"), {}, "RUB")

    assert preview.sample[:2] == (("1", "•••• 7Qm3", "да"), ("2", "•••• _9", "…"))
    assert [one.sample for one in preview.columns if one.column] == ["•••• 7Qm3"] * bool(role)
    assert "Secret" not in repr(preview)


def test_a_column_that_was_chosen_for_tokens_is_hidden_whatever_it_is_called(
    tmp_path: Path,
) -> None:
    text = f"Чек;Поле 7\n1;{TOKEN}\n"
    found = place(tmp_path, "purchases", text, {"payment": "Поле 7"})

    assert "Secret" not in repr(purchases_preview(found, found.sheet("purchases"), {}, "RUB"))


def test_neither_does_the_preview_of_members(tmp_path: Path) -> None:
    found = place(tmp_path, "members", f"Код клиента;payment_token\nanna;{TOKEN}\n", {})

    preview = people_preview(found, found.sheet("members"), {})

    assert preview.sample == (("anna", "•••• 7Qm3"),)
