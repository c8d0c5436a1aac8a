"""Two files that nobody has seen before, each read by a few lines of TOML and no code."""

from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook

from tests.webapp.intake.running import Intake
from webapp.intake.profile import load_profile

RUSSIAN = """
name = "Касса"
source = "kassa"
currency = "RUB"
zone = "Asia/Yekaterinburg"

[file]
decimal = ","

[columns]
document = "№ чека"
customer = "Карта"
at = ["Дата", "Время"]
total = "Сумма"
kind = "Вид"
names = "Основание"
store = "Магазин"
channel = "Канал"

[customer]
case = "upper"
missing = "reject"

[kinds]
sale_values = ["Продажа"]
return_values = ["Возврат"]
adjustment_values = ["Корректировка"]
returns_are_positive = true
"""
RECEIPTS = """№ чека;Дата;Время;Карта;Вид;Сумма;Основание;Магазин;Канал
101;31.12.2024;23:30;а-7;Продажа;12 000,50;;На Ленина;касса
102;05.01.2025;10:00;А-7;Продажа;1\u00a0000,00 руб.;;На Ленина;касса
103;06.01.2025;10:00;А-7 ;Возврат;4 000,50;101;На Ленина;касса
104;07.01.2025;10:00;А-7;Возврат;1000;102;На Ленина;касса
105;08.01.2025;10:00;Б-1;Продажа;99,99;;"Сад; огород";сайт
106;09.01.2025;10:00;Б-1;Возврат;50;;На Ленина;касса
107;10.01.2025;10:00;Б-1;Корректировка;-5;;;
108;11.01.2025;10:00;;Продажа;10;;;
109;12.01.2025;10:00;Б-1;Обмен;10;;;
110;13.01.2025;10:00;Б-1;Продажа;1.5;;;
"""


def test_receipts_of_a_russian_till(intake: Intake, tmp_path: Path) -> None:
    path, profile = tmp_path / "чеки.csv", tmp_path / "kassa.toml"
    path.write_bytes(RECEIPTS.encode("cp1251"))
    profile.write_text(RUSSIAN, encoding="utf-8")

    outcome = intake.purchases(path, load_profile(str(profile)))

    assert (outcome.tally.receipts, outcome.tally.adjustments) == (6, 1)
    assert [(r.line, r.code, r.value) for r in intake.rejects] == [
        (9, "no_customer", "108"),
        (10, "unknown_kind", "Обмен"),
        (11, "not_a_number", "1.5"),
    ]
    found = intake.report(date(2025, 1, 15))
    assert {name: found["А-7"][name] for name in ("net", "sales", "returned", "orders")} == {
        "net": "8000.00",
        "sales": "13000.50",
        "returned": "-5000.50",
        "orders": 2,
    }
    assert (found["А-7"]["first_order"], found["А-7"]["active_months"]) == ("2024-12-31", 2)
    assert (found["Б-1"]["net"], found["Б-1"]["return_documents"]) == ("49.99", 1)


def test_named_returns_take_back_exactly_the_points_of_their_part(
    intake: Intake, tmp_path: Path
) -> None:
    path, profile = tmp_path / "чеки.csv", tmp_path / "kassa.toml"
    path.write_bytes(RECEIPTS.encode("cp1251"))
    profile.write_text(RUSSIAN, encoding="utf-8")

    intake.purchases(path, load_profile(str(profile)))

    kept = "SELECT external_id, state, amount_left, points, points_left FROM activity"
    assert intake.rows(f"{kept} WHERE type = 'purchase' ORDER BY external_id") == [
        ("101", "partly_returned", 800_000, 120, 80),
        ("102", "returned", 0, 20, 0),
        ("105", "counted", 9_999, 0, 0),
    ]
    stores = "SELECT DISTINCT store, channel FROM activity WHERE type = 'purchase' ORDER BY 1"
    assert intake.rows(stores) == [("На Ленина", "касса"), ("Сад; огород", "сайт")]


WORKBOOK = """
name = "Orders"
source = "orders"
currency = "EUR"
zone = "Europe/Berlin"
noon = 09:30:00

[file]
format = "xlsx"
sheet = "Orders 2025"

[columns]
document = ["Year", "Order"]
customer = "Client"
at = "Day"
sku = "Article"
quantity = "Units"
amount = "Paid"
category = "Group"

[kinds]
negative_total_is_return = true

[discounts]
loyalty = "Rebate"
"""


def test_orders_of_a_workbook(intake: Intake, tmp_path: Path) -> None:
    book, profile = Workbook(), tmp_path / "orders.toml"
    sheet = book.create_sheet("Orders 2025")
    sheet.append(["Order", "Year", "Client", "Day", "Article", "Units", "Paid", "Group", "Rebate"])
    day, late = datetime.fromisoformat("2025-02-01"), datetime.fromisoformat("2025-02-02T23:59")
    sheet.append([7, 2025, 13085, day, "A-1", 2, 19.98, "Tea", 2.0])
    sheet.append([7, 2025, 13085.0, day, 4711, 0.5, 3.333, "Tea", None])
    sheet.append([8, 2025, "13085", late, "A-1", -1, -9.99, "Tea"])
    sheet.append([9, 2025, None, late, "A-1", 1, 9.99, "Tea"])
    sheet.append([10, 2025, 555, "02.02.2025", "B", 1, "free", None])
    path = tmp_path / "orders.xlsx"
    book.save(path)
    profile.write_text(WORKBOOK)

    outcome = intake.purchases(path, load_profile(str(profile)))

    assert (outcome.tally.receipts, outcome.tally.skipped_documents) == (2, 1)
    assert [(r.line, r.code, r.field) for r in intake.rejects] == [(6, "not_a_number", "amount")]
    acts = "SELECT external_id, type, amount, state, local_date, local_minute FROM activity"
    assert intake.rows(f"{acts} ORDER BY 1") == [
        ("2025/7", "purchase", 2_331, "partly_returned", "2025-02-01", 570),
        ("2025/8", "return", -999, "counted", "2025-02-02", 1439),
    ]
    lines = "SELECT sku, category, quantity, amount FROM activity_line ORDER BY amount DESC"
    assert intake.rows(lines)[:2] == [("A-1", "Tea", 2_000, 1_998), ("4711", "Tea", 500, 333)]
    found = intake.report()["13085"]
    assert (found["net"], found["orders"], found["returned"]) == ("13.32", 1, "-9.99")
