"""The same three rows, however they are written down."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from webapp.intake.faults import BadFile
from webapp.intake.nested import json_rows
from webapp.intake.profile import FileShape
from webapp.intake.rows import picked_cells
from webapp.intake.sources import encoding_of
from webapp.intake.tabular import table_rows

ROWS = [["Чек", "Сумма", "Что"], ["1", "10,5", "чай; мята"], ["2", "-3", "кружка"]]


def cells(path: Path, **shape: object) -> list[list[str]]:
    return [row or [] for _, row in table_rows(path, FileShape.model_validate(shape))]


def text_of(mark: str) -> str:
    quoted = [[f'"{cell}"' if mark in cell else cell for cell in row] for row in ROWS]
    return "".join(mark.join(row) + "\r\n" for row in quoted)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_marks_and_letters_are_found_out(tmp_path: Path, mark: str, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(text_of(mark).encode(encoding))

    assert cells(path) == ROWS


def test_gzip_is_known_by_its_bytes_and_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(gzip.compress(text_of(";").encode("cp1251")))

    assert cells(path) == ROWS


def test_a_late_letter_decides_about_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a,b\n" * 500_000 + "я,б\n".encode("cp1251"))

    assert encoding_of(path) == "cp1251"
    path.write_bytes(b"a,b\n" * 500_000 + "я,б\n".encode())
    assert encoding_of(path) == "utf-8"


@pytest.mark.parametrize("encoding", ["auto", "utf-8"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_damaged_byte_does_not_make_another_alphabet_of_a_file(
    tmp_path: Path, encoding: str, packed: bool
) -> None:
    path = tmp_path / "file.csv"
    damaged = "a,b\nЖук,1\nx\nПетр,2\n".encode().replace(b"x", b"x\xff")
    path.write_bytes(gzip.compress(damaged) if packed else damaged)

    with pytest.raises(BadFile) as refused:
        cells(path, encoding=encoding)

    assert refused.value.code == "damaged_text"
    assert (refused.value.values["encoding"], refused.value.values["line"]) == ("utf-8", 3)
    assert cells(path, encoding="cp1251")[2] == ["xя"]


@pytest.mark.parametrize("text", ["Пётр,ёлка\n", "№ 1,«Ёлка»\n", "a,b\nц\n", "Мёд\n" * 99])
def test_russian_of_old_is_still_known(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode("cp1251"))

    assert encoding_of(path) == "cp1251"


def test_cells_between_spaces(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("1   2010-12-01 08:26\t5\n\n 2 2010-12-02 09:00 7 \n")

    assert cells(path, format="spaces") == [
        ["1", "2010-12-01", "08:26", "5"],
        ["2", "2010-12-02", "09:00", "7"],
    ]


def test_quotes_may_hold_lines_and_places_are_those_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('a,b\n"one\ntwo",2\n3,4\n')

    found = list(table_rows(path, FileShape()))

    assert found == [(1, ["a", "b"]), (2, ["one\ntwo", "2"]), (4, ["3", "4"])]


def test_a_quote_that_never_ends_spoils_one_row_only_where_quotes_mean_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "file.csv"
    path.write_text('a,b\n5" pipe,1\n"half,2\nc,3\n')

    assert cells(path, quoting=False) == [["a", "b"], ['5" pipe', "1"], ['"half', "2"], ["c", "3"]]


def workbook(path: Path, *rows: list[object], sheet: str = "Sheet") -> Path:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_says_what_a_person_would_have_typed(tmp_path: Path) -> None:
    day = datetime.fromisoformat("2010-12-01")
    path = workbook(
        tmp_path / "book.xlsx",
        ["id", "when", "day", "much", "flag"],
        [13085, datetime.fromisoformat("2010-12-01T08:26"), day, 2.55, True],
        [None, None, None, None, None],
        [13086.0, "text", None, 3],
    )

    assert cells(path) == [
        ["id", "when", "day", "much", "flag"],
        ["13085", "2010-12-01 08:26:00", "2010-12-01", "2.55", "1"],
        ["13086", "text", "", "3", ""],
    ]


def test_midnight_is_a_time_of_day_where_most_of_the_column_have_one(tmp_path: Path) -> None:
    """Workbooks keep a date and its midnight alike; the format of a cell may tell a date."""
    midnight, later = map(datetime.fromisoformat, ("2024-03-02", "2024-03-02 00:00:01"))
    path = tmp_path / "book.xlsx"
    book = Workbook()
    head, late, early = ["when", "day"], [later, midnight], [midnight, later]
    for row in (head, early, late, late, [midnight, midnight], late):
        book.active.append(row)
    book.active["A5"].number_format = 'dd.mm.yyyy "h"'
    book.save(path)

    assert [row[0] for row in cells(path)[1:]] == [
        "2024-03-02 00:00:00",
        "2024-03-02 00:00:01",
        "2024-03-02 00:00:01",
        "2024-03-02",
        "2024-03-02 00:00:01",
    ]
    assert {row[1] for row in cells(path)[2:]} == {"2024-03-02"}


def test_a_sheet_is_chosen_by_its_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", ["a"], sheet="Чеки")

    assert cells(path, sheet="Чеки") == [["a"]]
    with pytest.raises(BadFile) as refused:
        cells(path, sheet="Чек")
    assert (refused.value.code, refused.value.values["known"]) == ("no_sheet", "Чеки")


def picked(path: Path, *columns: str | int, **shape: object) -> list[list[str] | None]:
    return [row for _, row in picked_cells(path, FileShape.model_validate(shape), columns)]


def test_columns_are_found_by_name_or_number(written: Callable[..., Path]) -> None:
    path = written("file.csv", "Id , The  Sum\n1,2\n")

    assert picked(path, "the sum", "ID") == [["2", "1"]]
    assert picked(path, 2, header=False) == [[" The  Sum"], ["2"]]
    for column in ("amount", 3):
        with pytest.raises(BadFile) as refused:
            picked(path, column)
        assert refused.value.code == "no_column"


def test_a_row_of_another_width_is_no_row(written: Callable[..., Path]) -> None:
    path = written("file.csv", "a,b,c\n1,2\n1,2,3,,\n1,2,3,4\n")

    assert picked(path, "c") == [None, ["3"], None]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (gzip.compress(b"a,b\n1,2\n" * 9_000)[:-20], "broken_packing"),
        (b"PK\x03\x04 not a workbook", "broken_packing"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(BadFile) as refused:
        picked(path, "a")

    assert refused.value.code == code


def test_a_file_that_is_not_there_and_a_wrong_encoding(written: Callable[..., Path]) -> None:
    with pytest.raises(BadFile) as refused:
        picked(Path("nowhere.csv"), "a")
    assert refused.value.code == "cannot_open"

    path = written("file.csv", "a\nя\n", "cp1251")
    with pytest.raises(BadFile) as refused:
        picked(path, "a", encoding="utf-8")
    assert refused.value.code == "wrong_encoding"
    assert (refused.value.values["encoding"], refused.value.values["seems"]) == ("utf-8", "cp1251")
    with pytest.raises(BadFile) as refused:
        picked(path, "a", encoding="martian")
    assert refused.value.code == "unknown_encoding"


NOISE = bytes(range(256)) * 8


@pytest.mark.parametrize(
    ("name", "content", "encoding", "code"),
    [
        ("file.csv.gz", NOISE, "auto", "not_gzip"),
        ("file.csv.gz", NOISE, "utf-8", "not_gzip"),
        ("file.csv", NOISE, "auto", "not_text"),
        ("file.csv", NOISE, "utf-8", "not_text"),
        ("file.csv", b"a\n" + b"\x98" * 9, "auto", "not_text"),
    ],
)
def test_what_is_no_text_says_so(
    tmp_path: Path, name: str, content: bytes, encoding: str, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(BadFile) as refused:
        picked(path, "a", encoding=encoding)

    assert refused.value.code == code


def test_a_plain_file_that_is_only_called_gz_is_read(tmp_path: Path) -> None:
    path = tmp_path / "unpacked-on-the-way.csv.gz"
    path.write_text("a,b\n1,2\n")

    assert picked(path, "b") == [["2"]]


def test_lines_of_json_become_rows(tmp_path: Path) -> None:
    card = {
        "who": {"id": 7},
        "papers": [
            {"at": "2020-01-01", "sum": 12.10, "goods": [{"sku": "A"}, {"sku": "B"}]},
            {"at": "2020-01-02", "sum": 5, "goods": []},
        ],
    }
    path = tmp_path / "file.jsonl"
    path.write_text(f'{{"other": 1}}\t{json.dumps(card)}\nnot json\t{{\n')
    shape = FileShape(format="json", object=2, receipts="papers", lines="goods")
    columns = ["object.who.id", "receipt.sum", "line.sku", "receipt.goods"]

    assert list(json_rows(path, shape, columns)) == [
        (1, ["7", "12.1", "A", ""]),
        (1, ["7", "12.1", "B", ""]),
        (1, ["7", "5", "", ""]),
        (2, None),
    ]


def test_a_file_tells_how_far_it_was_read(written: Callable[..., Path]) -> None:
    path, seen = written("file.csv", "a,b\n" * 400_000), io.StringIO()

    rows = table_rows(path, FileShape(), lambda done: print(done, file=seen))
    assert sum(1 for _ in rows) == 400_000

    told = [int(line) for line in seen.getvalue().split()]
    assert told == sorted(told)
    assert told[-1] == path.stat().st_size
