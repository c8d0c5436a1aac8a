"""What a file's columns are, told from its header and its first rows; people correct it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path

from webapp.intake.faults import BadFile
from webapp.intake.paying import is_card_number
from webapp.intake.profile import FileShape
from webapp.intake.sources import is_workbook
from webapp.intake.tabular import Cells, table_rows
from webapp.intake.values import EARLIEST, LATEST

LOOKED_AT, CHECKED = 2_000, 200
ENOUGH = 0.8
NUMBER = re.compile(r"[-+−(]?[₽$€£]?\d[\d\s\u00a0\u202f.,']*\)?(?:\s*(?:₽|руб\.?|р\.|\$|€|£))?")
COMMA_CENTS = re.compile(r"\d,\d{1,2}\)?$|\d,\d{3,}\d*$")
POINT_CENTS = re.compile(r"\d\.\d+\)?$")
TOKEN = re.compile(r"(?=\D*\d)\S{4,200}")
LETTERS = re.compile(r"[^\W\d_]")
SPLIT = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")

# Words of a header by role; the first role whose words fit best takes the column.
WORDS: dict[str, tuple[str, ...]] = {
    "receipt": (
        "receipt", "receipt no", "receipt number", "receipt id", "invoice", "invoice no",
        "invoice number", "order", "order id", "order no", "order number", "basket id", "check",
        "check no", "check id", "transaction id", "document", "document no", "bill", "ticket",
        "чек", "номер чека", "чек номер", "id чека", "заказ", "номер заказа", "id заказа",
        "документ", "номер документа", "накладная", "номер накладной", "номер продажи", "продажа",
    ),
    "customer": (
        "customer", "customer id", "client", "client id", "user", "user id", "buyer", "buyer id",
        "member", "member id", "household id", "card", "card no", "card number", "loyalty card",
        "customer card", "contact id", "guest", "guest id", "external id",
        "клиент", "id клиента", "код клиента", "покупатель", "id покупателя", "код покупателя",
        "карта", "номер карты", "карта клиента", "карта лояльности", "дисконтная карта", "гость",
        "участник", "контрагент",
    ),
    "moment": (
        "date", "datetime", "date time", "timestamp", "transaction timestamp", "invoice date",
        "order date", "purchase date", "sale date", "created", "created at", "purchased at",
        "transaction date", "transaction time", "when",
        "дата", "дата и время", "дата время", "дата покупки", "дата продажи", "дата чека",
        "дата заказа", "дата документа", "создан", "момент",
    ),
    "time": ("time", "order time", "время", "время покупки", "время чека", "время продажи"),
    "sku": (
        "sku", "article", "item", "item id", "product", "product id", "product code", "stock code",
        "goods", "barcode", "ean", "upc", "code",
        "артикул", "товар", "код товара", "id товара", "номенклатура", "штрихкод", "штрих код",
        "позиция", "блюдо",
    ),
    "category": (
        "category", "department", "group", "product group", "product category", "section",
        "категория", "отдел", "группа", "группа товаров", "товарная группа", "раздел",
    ),
    "quantity": (
        "quantity", "qty", "count", "units", "amount of items", "pieces", "pcs",
        "количество", "кол во", "кол", "колво", "шт", "штук", "число",
    ),
    "price": (
        "price", "unit price", "price per unit", "item price",
        "цена", "цена за единицу", "цена за шт", "стоимость единицы",
    ),
    "total": (
        "total", "sum", "amount", "line total", "row total", "sales value", "sales", "revenue",
        "net amount", "paid", "cost",
        "сумма", "сумма строки", "стоимость", "итого", "сумма со скидкой", "выручка", "оплачено",
    ),
    "receipt_total": (
        "receipt total", "order total", "invoice total", "basket total", "purchase sum",
        "total of receipt", "grand total",
        "сумма чека", "итог чека", "сумма заказа", "итого по чеку", "сумма документа",
    ),
    "kind": (
        "type", "kind", "operation", "operation type", "document type", "transaction type",
        "тип", "вид", "операция", "тип операции", "вид операции", "тип документа", "тип чека",
    ),
    "store": (
        "store", "store id", "shop", "shop id", "branch", "outlet", "location", "point of sale",
        "магазин", "точка", "торговая точка", "филиал", "касса", "ресторан", "склад",
    ),
    "channel": ("channel", "sales channel", "source", "канал", "канал продаж", "источник"),
    "cashier": (
        "cashier", "cashier name", "cashier id", "clerk", "operator", "seller", "sold by",
        "salesperson", "sales person", "employee", "waiter", "barista", "served by",
        "кассир", "кассира", "фио кассира", "имя кассира", "код кассира", "продавец", "продавца",
        "фио продавца", "оператор", "сотрудник", "официант", "бариста",
    ),
    "payment": (
        "payment token", "card token", "pay token", "payment fingerprint", "card fingerprint",
        "fingerprint", "token",
        "токен оплаты", "токен платежа", "токен карты", "платежный токен", "платёжный токен",
        "отпечаток карты", "отпечаток платежа", "токен",
    ),
}  # fmt: skip
RETURN_WORDS = (
    "возврат", "возврат прихода", "возврат продажи", "возврат покупки", "отмена",
    "return", "returned", "refund", "refunded", "credit note", "cancelled", "r",
)  # fmt: skip
DATES = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y %H:%M", "%d.%m.%y",
    "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p",
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%Y%m%d",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first rows of a file. `labels` name its columns, each once."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    header: bool

    def column(self, label: str) -> list[str]:
        """The cells of a column that are not empty."""
        place = self.labels.index(label)
        return [row[place].strip() for row in self.rows if row[place].strip()]

    def place(self, label: str) -> int:
        """Where a column stands, counted from 1."""
        return self.labels.index(label) + 1


@dataclass(frozen=True, slots=True)
class Guess:
    """Columns by role, and how dates and numbers are written."""

    columns: Mapping[str, str] = field(default_factory=dict)
    date_formats: tuple[str, ...] = ()
    decimal: str = "."


def read_sheet(path: Path, shape: FileShape | None = None) -> Sheet:
    """The first rows of a tabular file.

    Raises:
        BadFile: it cannot be read, or holds no row.
    """
    shape = shape or FileShape()
    rows = [cells for _, cells in islice(table_rows(path, shape), LOOKED_AT) if cells is not None]
    if not rows:
        raise BadFile("empty_file", file=path.name)
    width = max(len(row) for row in rows[:50])
    header = looks_like_header(rows[0])
    names = rows[0] if header else [str(n) for n in range(1, width + 1)]
    body = [row for row in rows[1 if header else 0 :] if len(row) == width or is_workbook(path)]
    padded = (tuple([*row, *[""] * width][:width]) for row in body)
    return Sheet(unique_labels(names, width), tuple(padded), header)


def looks_like_header(cells: Cells) -> bool:
    """A header is words: no number, no date, and mostly letters."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or any(NUMBER.fullmatch(cell) for cell in filled):
        return False
    return all(LETTERS.search(cell) for cell in filled)


def unique_labels(names: Sequence[str], width: int) -> tuple[str, ...]:
    """A label for each column: its name, told apart from others and never empty."""
    labels: list[str] = []
    for place in range(width):
        name = " ".join(names[place].split()) if place < len(names) else ""
        label = name[:80] or f"№ {place + 1}"
        while label in labels:
            label += f" ({place + 1})"
        labels.append(label)
    return tuple(labels)


def words_of(label: str) -> str:
    """A header in small letters, its words parted by single spaces."""
    apart = SPLIT.sub(" ", label.replace("№", " номер ").replace("#", " no "))
    return " ".join(re.sub(r"[\W_]+", " ", apart).casefold().split())


def guess(sheet: Sheet) -> Guess:
    """Which column is what: by the words of the header, checked against the cells."""
    columns: dict[str, str] = {}
    scored = sorted(
        (-score, order, place, role, label)
        for place, label in enumerate(sheet.labels)
        for order, role in enumerate(WORDS)
        if (score := fit(words_of(label), role)) > 0 and could_be(role, sheet.column(label))
    )
    for _, _, _, role, label in scored:
        if role not in columns and label not in columns.values():
            columns[role] = label
    if "moment" not in columns:
        columns |= dated_column(sheet, columns)
    return settled(sheet, columns)


def settled(sheet: Sheet, columns: Mapping[str, str]) -> Guess:
    """How the chosen columns are written: date formats and the decimal mark."""
    found = Guess(columns={role: columns[role] for role in WORDS if role in columns})
    if "moment" in columns:
        found = replace(found, date_formats=date_formats_of(moments(sheet, columns)))
    numbers = [
        cell
        for role in ("quantity", "price", "total", "receipt_total")
        if role in columns
        for cell in sheet.column(columns[role])
    ]
    commas = sum(1 for cell in numbers if COMMA_CENTS.search(cell))
    points = sum(1 for cell in numbers if POINT_CENTS.search(cell))
    return replace(found, decimal="," if commas > points else ".")


def fit(words: str, role: str) -> float:
    """How well a header's words name a role: 3 exactly, less for a part, 0 not at all."""
    if words in WORDS[role]:
        return 3
    parts = words.split()
    best = 0.0
    for name in WORDS[role]:
        wanted = name.split()
        if set(wanted) <= set(parts):
            best = max(best, 1 + len(wanted) / len(parts))
    return best


def could_be(role: str, cells: Sequence[str]) -> bool:
    """Whether the cells of a column are of the kind that a role needs."""
    check, cells = CELLS.get(role), cells[:CHECKED]
    if check is None or not cells:
        return True
    return sum(1 for cell in cells if check(cell)) >= ENOUGH * len(cells)


def is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell) is not None


def is_moment(cell: str) -> bool:
    return any(reads_as(pattern, cell) for pattern in (None, *DATES))


def is_token(cell: str) -> bool:
    """Signs as machines make them; “cash” and “by card” are none. A card's number is told later."""
    return is_card_number(cell) or TOKEN.fullmatch(cell) is not None


CELLS: dict[str, Callable[[str], bool]] = {
    "moment": is_moment,
    "quantity": is_number,
    "price": is_number,
    "total": is_number,
    "receipt_total": is_number,
    "payment": is_token,
}


def dated_column(sheet: Sheet, taken: Mapping[str, str]) -> dict[str, str]:
    """The first column that holds dates, if no header says that it does."""
    for label in sheet.labels:
        cells = sheet.column(label)
        dated = cells and could_be("moment", cells) and not could_be("price", cells)
        if dated and label not in taken.values():
            return {"moment": label}
    return {}


def moments(sheet: Sheet, columns: Mapping[str, str]) -> list[str]:
    """Dates as they will be read: with the time from its own column, if there is one."""
    places = [sheet.place(columns[r]) - 1 for r in ("moment", "time") if columns.get(r)]
    joined = (" ".join(row[place].strip() for place in places).strip() for row in sheet.rows)
    return [text for text in joined if text]


def date_formats_of(cells: Sequence[str]) -> tuple[str, ...]:
    """The patterns that read these dates; none for ISO 8601, which needs none.

    Day before month where both would do, unless a month above 12 tells otherwise.
    """
    if not cells or all(reads_as(None, cell) for cell in cells):
        return ()
    for day_first in (True, False):
        family = [p for p in DATES if not p.startswith("%m" if day_first else "%d/")]
        used = [p for p in family if any(reads_as(p, cell) for cell in cells)]
        good = sum(1 for cell in cells if any(reads_as(p, cell) for p in used))
        if used and good >= ENOUGH * len(cells):
            return tuple(used)
    return ()


@lru_cache(maxsize=65_536)
def reads_as(pattern: str | None, text: str) -> bool:
    """Whether a date is written so; None stands for ISO 8601."""
    try:
        found = (
            datetime.fromisoformat(text) if pattern is None else datetime.strptime(text, pattern)  # noqa: DTZ007 - only its shape counts
        )
    except ValueError:
        return False
    return EARLIEST <= found.year < LATEST
