"""From a row's cells to what a receipt needs of it: by profile, each cell read once."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice, repeat
from pathlib import Path
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from webapp.intake.faults import BadFile, BadRow
from webapp.intake.nested import json_rows
from webapp.intake.paying import payment_reader
from webapp.intake.profile import Column, Columns, FileShape, Profile
from webapp.intake.sources import Watch, ignore
from webapp.intake.tabular import (
    Cells,
    Placed,
    Spread,
    Torn,
    file_kind,
    lines_of,
    table_rows,
)
from webapp.intake.values import (
    MOST,
    Number,
    exact_text,
    id_reader,
    moment_reader,
    number_reader,
    short_text,
    thousandths,
)

T = TypeVar("T")
SALE, RETURN, ADJUSTMENT = "sale", "return", "adjustment"


class Row(NamedTuple):
    """One readable row. Numbers are exact text, instants microseconds, quantity thousandths.

    Of a payment only its keyed hash is here.
    """

    document: str
    member: str | None
    kind: str
    at: int
    sku: str | None
    category: str | None
    quantity: int
    price: str | None
    amount: str | None
    total: str | None
    paid: str | None
    discounts: str | None
    store: str | None
    channel: str | None
    names: str | None
    operator: str | None
    payment: str | None


def placed_cells(path: Path, profile: Profile, watch: Watch = ignore) -> Iterator[Placed]:
    """Every row of a file after its header, cells in the order of `wanted_columns`.

    Raises:
        BadFile: the file cannot be read, is empty, or lacks a column.
    """
    columns = wanted_columns(profile)
    if file_kind(path, profile.file) == "json":
        return json_rows(path, profile.file, columns, watch)
    return picked_cells(path, profile.file, columns, watch, salvage=True)


def picked_cells(
    path: Path,
    shape: FileShape,
    columns: Sequence[Column],
    watch: Watch = ignore,
    *,
    salvage: bool = False,
) -> Iterator[Placed]:
    """The cells of some columns of a tabular file, row by row.

    Args:
        salvage: answer what a row of a wrong width still says, as `Torn` cells.
    """
    rows = table_rows(path, shape, watch)
    first = next(rows, None)
    if first is None or first[1] is None:
        raise BadFile("empty_file", file=str(path))
    width = len(first[1])
    places = column_places(path, first[1] if shape.header else [], columns, width)
    pad = file_kind(path, shape) == "xlsx"
    for line, cells in rows if shape.header else chain([first], rows):
        fits, lines = cells, lines_of(cells)
        if cells is not None and len(cells) != width:
            fits = fitted(cells, width, pad=pad)
        if fits is not None:
            picked = [fits[place] for place in places]
            yield line, picked if lines == 1 else Spread(picked, lines)
        elif salvage and cells:
            kept = (cells[place] if place < len(cells) else "" for place in places)
            yield line, Torn(kept, lines)
        else:
            yield line, None


def rows_as_written(path: Path, shape: FileShape) -> Iterator[Placed]:
    """The rows of `picked_cells` with all their cells, as they stand in the file.

    Of a file of JSON, which has lines and no rows, nothing is shown.
    """
    if file_kind(path, shape) == "json":
        return repeat((0, None))
    rows = table_rows(path, shape)
    return islice(rows, 1, None) if shape.header else rows


def fitted(cells: Cells, width: int, *, pad: bool) -> Cells | None:
    """A row of another width than the first, when only empty cells make the difference.

    A row cut short could pass for one without a customer, so that it is no row
    at all; workbooks alone leave out empty cells at the end.
    """
    if len(cells) < width:
        return [*cells, *[""] * (width - len(cells))] if pad else None
    return None if any(cell.strip() for cell in cells[width:]) else cells[:width]


def column_places(path: Path, header: Cells, columns: Sequence[Column], width: int) -> list[int]:
    """Where the columns stand, counted from 0. Raises BadFile for one that is not there."""
    names: dict[str, int] = {}
    for place, cell in enumerate(header):
        names.setdefault(header_key(cell), place)
    places: list[int] = []
    for column in columns:
        place = column - 1 if isinstance(column, int) else names.get(header_key(column), width)
        if place >= width:
            known = ", ".join(cell.strip() for cell in header) or str(width)
            raise BadFile("no_column", file=str(path), column=column, known=known)
        places.append(place)
    return places


def header_key(text: str) -> str:
    """Headers are equal whatever their case and spaces."""
    return " ".join(text.split()).casefold()


def wanted_columns(profile: Profile) -> list[Column]:
    """Every column that the profile names, once."""
    names = profile.columns
    single = (
        names.customer, names.sku, names.quantity, names.price, names.amount, names.total,
        names.store, names.channel, names.category, names.kind, names.operator, names.payment,
    )  # fmt: skip
    several = (*names.document, *names.at, *(names.names or ()), *(names.paid or ()))
    found = [*several, *single, *profile.discounts.values()]
    return list(dict.fromkeys(column for column in found if column is not None))


class RowReader:
    """Reads rows of one profile. Categories may come from a file of goods.

    `mark` turns what was paid with into the hash that is kept of it.
    Every spelling of a cell is understood once and then remembered: half a
    million rows hold a few thousand different cells.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        goods: dict[str, str] | None = None,
        latest: datetime | None = None,
        mark: Callable[[str], str],
    ) -> None:
        names = profile.columns
        self._order = {column: place for place, column in enumerate(wanted_columns(profile))}
        document = id_reader(whole=profile.document.whole, case=profile.document.case)
        customer = id_reader(whole=profile.customer.whole, case=profile.customer.case)
        sku = id_reader(whole=profile.goods.whole, case=profile.goods.case, strict=False)
        times_in, shop = ZoneInfo(profile.times_in or profile.zone), ZoneInfo(profile.zone)
        moment = moment_reader(profile.date_formats, times_in, profile.noon, latest, days_in=shop)
        self.document_of = self._joined(names.document, text_reader("document", 120, document), "/")
        self.member_of = self._cell(names.customer, text_reader("customer", 120, customer))
        self._at = self._spaced(names.at, field_reader("at", moment))
        self._sku = self._cell(names.sku, text_reader("sku", 120, sku))
        self._store = self._cell(names.store, text_reader("store", 120))
        self._channel = self._cell(names.channel, text_reader("channel", 40))
        self._category = self._cell(names.category, text_reader("category", 120))
        self._kind_word = self._cell(names.kind, str.strip)
        self._names = self._joined(names.names or (), text_reader("names", 120, document), "/")
        self._operator = self._cell(names.operator, text_reader("operator", 120))
        self._payment = self._cell(names.payment, payment_reader(mark))
        self._number = number_reader(profile.file.decimal)
        self._total = self._cell(names.total, exact_reader("total", self._number))
        self._money = money_cells(profile, self._order)
        self._paid = [self._order[column] for column in names.paid or ()]
        self._discounts = [(kind, self._order[c]) for kind, c in profile.discounts.items()]
        self._kinds = kind_reader(profile)
        self._goods = goods or {}
        self._shop_channel = profile.channel

    def read(self, cells: Cells, document: str, member: str | None) -> Row:
        """What a receipt needs of this row. Raises BadRow."""
        sku = self._sku(cells)
        quantity, price, amount = self._money(cells)
        return Row(
            document,
            member,
            self._kinds(document, self._kind_word(cells) or ""),
            self._at(cells),
            sku,
            self._category(cells) or self._goods.get(sku or ""),
            quantity,
            price,
            amount,
            self._total(cells),
            self._paid_points(cells) if self._paid else None,
            self._taken_off(cells) if self._discounts else None,
            self._store(cells),
            self._channel(cells) or self._shop_channel,
            self._names(cells),
            self._operator(cells),
            self._payment(cells),
        )

    def _cell(self, column: Column | None, read: Callable[[str], T]) -> Callable[[Cells], T | None]:
        """Reads the cell of a column; None where the profile has no such column."""
        if column is None:
            return nothing
        place = self._order[column]
        return lambda cells: read(cells[place])

    def _joined(
        self, columns: Columns, read: Callable[[str], str | None], mark: str
    ) -> Callable[[Cells], str | None]:
        """Reads several cells as one id; None when any of them is empty."""
        if len(columns) < 2:
            return self._cell(columns[0] if columns else None, read)
        places = [self._order[column] for column in columns]

        def joined(cells: Cells) -> str | None:
            parts = [read(cells[place]) for place in places]
            whole = mark.join(part for part in parts if part)
            if not all(parts):
                return None
            return short_text(whole, "document", 120)

        return joined

    def _spaced(self, columns: Columns, read: Callable[[str], T]) -> Callable[[Cells], T]:
        """Reads several cells, joined by spaces, as one text."""
        places = [self._order[column] for column in columns]
        if len(places) == 1:
            (place,) = places
            return lambda cells: read(cells[place])
        return lambda cells: read(" ".join(cells[place].strip() for place in places))

    def _paid_points(self, cells: Cells) -> str | None:
        """What was paid with points of another programme, added up, whatever its sign."""
        found = [self._number(text) for place in self._paid if (text := cells[place].strip())]
        return exact_text(abs(sum(found, Decimal(0)))) if any(found) else None

    def _taken_off(self, cells: Cells) -> str | None:
        """The discounts of a row, those that are none left out."""
        found = [
            f"{kind}\t{exact_text(amount)}"
            for kind, place in self._discounts
            if (text := cells[place].strip()) and (amount := self._number(text))
        ]
        return "\n".join(found) or None


def nothing(_cells: Cells) -> None:
    """Reads a column that the profile does not have."""


def text_reader(
    field: str, most: int, read: Callable[[str], str] = str.strip
) -> Callable[[str], str | None]:
    """Reads a text that fits its column; None when there is none."""

    @lru_cache(maxsize=65_536)
    def fitting(text: str) -> str | None:
        try:
            return short_text(read(text), field, most)
        except BadRow as bad:
            raise BadRow(bad.code, field, bad.value) from None

    return fitting


def field_reader(field: str, read: Callable[[str], T]) -> Callable[[str], T]:
    """Reads a cell, and names its field when it cannot."""

    @lru_cache(maxsize=65_536)
    def named(text: str) -> T:
        try:
            return read(text.strip())
        except BadRow as bad:
            raise BadRow(bad.code, field, bad.value) from None

    return named


def exact_reader(field: str, number: Number) -> Callable[[str], str]:
    """Reads a number as exact text."""
    return field_reader(field, lambda text: exact_text(number(text)))


Worth = tuple[int, str | None, str | None]
"""Quantity in thousandths, unit price and money of the row as exact text."""


def money_cells(profile: Profile, order: dict[Column, int]) -> Callable[[Cells], Worth]:
    """Reads what a row is worth, in whichever way the profile says it."""
    names, number = profile.columns, number_reader(profile.file.decimal)
    quantity = field_reader("quantity", number)
    money = field_reader("price" if names.price is not None else "amount", number)
    told = names.price if names.price is not None else names.amount
    places = [None if column is None else order[column] for column in (names.quantity, told)]

    @lru_cache(maxsize=65_536)
    def worth(many: str | None, much: str | None) -> Worth:
        if many is not None and names.total is not None and not many.strip():
            return 0, None, None  # a receipt that lists no goods
        found = Decimal(1) if many is None else quantity(many)
        amount = price = None if much is None else money(much)
        if amount is not None and names.price is not None:
            amount = found * amount
        if amount is not None and abs(amount) >= MOST:
            raise BadRow("number_too_large", "amount", str(amount))
        if many is None and amount is not None and amount < 0:
            found = -found
        return (
            thousandths(found),
            None if price is None or names.price is None else exact_text(price),
            None if amount is None else exact_text(amount),
        )

    many_at, much_at = places
    return lambda cells: worth(
        None if many_at is None else cells[many_at], None if much_at is None else cells[much_at]
    )


def kind_reader(profile: Profile) -> Callable[[str, str], str]:
    """Tells returns and adjustments from sales by document number or by a column's word."""
    kinds = profile.kinds
    words = {
        **{header_key(word): SALE for word in kinds.sale_values},
        **{header_key(word): RETURN for word in kinds.return_values},
        **{header_key(word): ADJUSTMENT for word in kinds.adjustment_values},
    }

    @lru_cache(maxsize=4096)
    def kind_of(document: str, word: str) -> str:
        if kinds.return_prefix and document.startswith(kinds.return_prefix):
            return RETURN
        if kinds.adjustment_prefix and document.startswith(kinds.adjustment_prefix):
            return ADJUSTMENT
        found = words.get(header_key(word)) if words else SALE
        if found is None and kinds.sale_values:
            raise BadRow("unknown_kind", "kind", word)
        return found or SALE

    return kind_of


def goods_file(path: Path, profile: Profile) -> Path | None:
    """Where the file of goods beside a data file is looked for; None without one."""
    return None if profile.category is None else path.parent / profile.category.file


def goods_beside(path: Path, profile: Profile) -> dict[str, str] | None:
    """Categories by sku from the file of goods beside a data file; None when it is not there."""
    lookup, beside = profile.category, goods_file(path, profile)
    if lookup is None or beside is None:
        return {}
    if not beside.exists():
        return None
    shape = profile.file.model_copy(update={"format": "auto", "header": True, "delimiter": "auto"})
    read = id_reader(whole=profile.goods.whole, case=profile.goods.case, strict=False)
    return {
        read(cells[0]): cells[1].strip()[:120]
        for _, cells in picked_cells(beside, shape, [lookup.key, lookup.value])
        if cells is not None and cells[1].strip()
    }
