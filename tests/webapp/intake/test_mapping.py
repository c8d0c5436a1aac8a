"""What a file is taken for at first sight, and the profile that chosen columns make."""

import gzip
from pathlib import Path

import pytest

from webapp.intake.faults import BadFile
from webapp.intake.guess import date_formats_of, guess, looks_like_header, read_sheet, words_of
from webapp.intake.mapping import (
    Choice,
    MissingColumns,
    Terms,
    missing_roles,
    profile_for,
    recognised,
    roles_of,
)
from webapp.intake.profile import load_profile

TERMS = Terms("RUB", "Europe/Moscow", "ru")
KASSA = """Номер чека;Дата;Карта клиента;Товар;Кол-во;Цена;Сумма;Магазин
А-17;01.02.2026 10:15;4000111;Латте;2;180,00;360,00;Центр
А-18;13.02.2026 11:00;4000112;Круассан;1;150,50;150,50;Центр
В-1;14.02.2026 12:00;4000111;Латте;-1;180,00;-180,00;Центр
"""
SHOP = """Order ID,Customer ID,Created At,Product Code,Qty,Unit Price
1001,77,2/13/2026 8:26,MUG,2,4.50
1002,78,2/14/2026 18:01,CUP,1,3.25
"""


def write(folder: Path, text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_russian_headers_are_understood(tmp_path: Path) -> None:
    path = write(tmp_path, KASSA, encoding="cp1251")

    choice, sheet = recognised(path)

    assert choice == Choice("", {
        "receipt": "Номер чека", "customer": "Карта клиента", "moment": "Дата", "sku": "Товар",
        "quantity": "Кол-во", "price": "Цена", "total": "Сумма", "store": "Магазин",
    })  # fmt: skip
    profile = profile_for(choice, sheet, TERMS)
    assert (profile.currency, profile.zone, profile.file.decimal) == ("RUB", "Europe/Moscow", ",")
    assert profile.date_formats == ("%d.%m.%Y %H:%M",)
    assert (profile.columns.amount, profile.columns.price) == (7, None)
    assert profile.kinds.negative_total_is_return


def test_english_headers_with_american_dates(tmp_path: Path) -> None:
    choice, sheet = recognised(write(tmp_path, SHOP))

    profile = profile_for(choice, sheet, TERMS)

    assert profile.date_formats == ("%m/%d/%Y %H:%M",)
    assert (profile.columns.document, profile.columns.customer) == ((1,), 2)
    assert (profile.columns.quantity, profile.columns.price) == (5, 6)
    assert profile.file.decimal == "."


def test_a_known_export_is_recognised_by_its_header(tmp_path: Path) -> None:
    text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    path = tmp_path / "retail.csv.gz"
    path.write_bytes(
        gzip.compress((text + "1,A,x,1,2010-12-01 08:26:00,2.55,17850.0,UK\n").encode())
    )

    choice, sheet = recognised(path)

    assert choice.profile == "online_retail"
    assert profile_for(choice, sheet, TERMS) == load_profile("online_retail")


def test_a_column_of_a_known_export_can_be_corrected(tmp_path: Path) -> None:
    text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    choice, sheet = recognised(write(tmp_path, text + "1,A,x,1,2010-12-01,2.55,17850,UK\n"))

    corrected = Choice(choice.profile, {**choice.columns, "store": "Country"})
    profile = profile_for(corrected, sheet, TERMS)

    assert profile.columns.store == 8
    assert profile.kinds == load_profile("online_retail").kinds


def test_objects_are_read_by_the_profile_that_finds_receipts(tmp_path: Path) -> None:
    line = (
        '{"client_id": "7", "transaction_history": [{"datetime": "2019-01-01T10:00:00",'
        ' "store_id": "1", "purchase_sum": 10, "products": []}]}\n'
    )

    choice, sheet = recognised(write(tmp_path, line, "lines.jsonl"))

    assert (choice.profile, sheet.labels) == ("x5_retailhero", ())
    assert choice.columns["customer"] == "object.client_id"


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty_file"), ('{"nothing": 1}\n', "not_a_table")]
)
def test_what_is_no_table_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        recognised(write(tmp_path, text))

    assert refused.value.code == code


def test_a_file_without_a_header_names_its_columns_by_number(tmp_path: Path) -> None:
    choice, sheet = recognised(write(tmp_path, "1;77;2026-02-13;100\n2;78;2026-02-14;50\n"))

    assert (sheet.header, sheet.labels, len(sheet.rows)) == (False, ("1", "2", "3", "4"), 2)
    assert choice.columns == {"moment": "3"}


def test_a_date_and_a_time_in_two_columns_are_read_together(tmp_path: Path) -> None:
    text = "чек;клиент;дата;время;сумма\n1;7;13.02.2026;10:15;100\n"

    choice, sheet = recognised(write(tmp_path, text))

    profile = profile_for(choice, sheet, TERMS)
    assert (profile.columns.at, profile.date_formats) == ((3, 4), ("%d.%m.%Y %H:%M",))


def test_headers_that_are_alike_or_empty_are_told_apart(tmp_path: Path) -> None:
    sheet = read_sheet(write(tmp_path, "Сумма;Сумма;;Дата\n1;2;3;01.02.2026\n"))

    assert sheet.labels == ("Сумма", "Сумма (2)", "№ 3", "Дата")


def test_returns_told_by_a_word_turn_sums_without_a_minus(tmp_path: Path) -> None:
    text = (
        "чек;клиент;дата;сумма;тип операции\n"
        "1;7;13.02.2026;100;Продажа\n2;7;14.02.2026;40;Возврат\n"
    )

    choice, sheet = recognised(write(tmp_path, text))
    kinds = profile_for(choice, sheet, TERMS).kinds

    assert "возврат" in kinds.return_values
    assert kinds.returns_are_positive


def test_ids_that_a_spreadsheet_made_numbers_of_are_whole_again(tmp_path: Path) -> None:
    text = "receipt,customer,date,total,sku\n1.0,7.0,2026-02-13,100,5.0\n2.0,8.0,2026-02-13,9,6.0\n"

    choice, sheet = recognised(write(tmp_path, text))
    profile = profile_for(choice, sheet, TERMS)

    assert (profile.document.whole, profile.customer.whole, profile.goods.whole) == (True,) * 3


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({}, ("customer", "receipt", "moment", "total")),
        ({"customer": "a", "receipt": "b", "moment": "c", "price": "d"}, ("quantity",)),
        ({"customer": "a", "receipt": "b", "moment": "c", "receipt_total": "d"}, ()),
    ],
)
def test_what_every_receipt_needs_is_asked_for(
    columns: dict[str, str], missing: tuple[str, ...]
) -> None:
    assert missing_roles(columns) == missing


def test_a_choice_without_a_customer_makes_no_profile(tmp_path: Path) -> None:
    choice, sheet = recognised(write(tmp_path, KASSA))
    columns = {role: label for role, label in choice.columns.items() if role != "customer"}

    with pytest.raises(MissingColumns) as refused:
        profile_for(Choice("", columns), sheet, TERMS)

    assert refused.value.roles == ("customer",)


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (["2026-02-13", "2026-02-13 10:00:00", "2026-02-13T10:00:00Z"], ()),
        (["13.02.2026", "01.02.26"], ("%d.%m.%Y", "%d.%m.%y")),
        (["01/02/2026", "03/04/2026"], ("%d/%m/%Y",)),
        (["01/02/2026", "03/14/2026"], ("%m/%d/%Y",)),
        (["3/14/2026 1:05 PM"], ("%m/%d/%Y %I:%M %p",)),
        (["soon", "later"], ()),
    ],
)
def test_the_way_dates_are_written(cells: list[str], formats: tuple[str, ...]) -> None:
    assert date_formats_of(cells) == formats


def test_a_column_of_words_is_no_sum_whatever_it_is_called(tmp_path: Path) -> None:
    text = "чек;клиент;дата;сумма прописью;сумма\n1;7;13.02.2026;сто рублей;100\n"

    found = guess(read_sheet(write(tmp_path, text)))

    assert found.columns["total"] == "сумма"


def test_words_of_a_header() -> None:
    assert [words_of(text) for text in ("CustomerID", "№ чека", "order_number", "Кол-во, шт.")] == [
        "customer id", "номер чека", "order number", "кол во шт",
    ]  # fmt: skip
    assert not looks_like_header(["1", "Анна"])


def test_roles_of_a_profile_are_those_of_the_sheet(tmp_path: Path) -> None:
    text = "invoiceno,stockcode,quantity,invoicedate,unitprice,customerid\n1,A,1,2010-12-01,1,7\n"
    sheet = read_sheet(write(tmp_path, text))

    roles = roles_of(load_profile("online_retail"), sheet)

    assert roles["customer"] == "customerid"
