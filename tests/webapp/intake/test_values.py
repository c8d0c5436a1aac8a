"""Cells as people and programs write them."""

from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from gamification.columns import to_micros
from webapp.intake.faults import BadRow
from webapp.intake.values import (
    id_reader,
    moment_reader,
    number_reader,
    short_text,
    thousandths,
)

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("mark", "text", "wanted"),
    [
        (".", "12.50", "12.50"),
        (".", " -3 ", "-3"),
        (".", "1,234,567.8", "1234567.8"),
        (".", "2.2e-16", "2.2E-16"),
        (".", ".5", "0.5"),
        (".", "£2.55", "2.55"),
        (",", "1 234,50", "1234.50"),
        (",", "1\u00a0234,50 ₽", "1234.50"),
        (",", "1\u202f234,50 руб.", "1234.50"),
        (",", "1.234,50", "1234.50"),
        (",", "\u22125,5", "-5.5"),
        (",", "(300,00)", "-300.00"),
        (",", "7", "7"),
        (",", "100.250", "100250"),
        (".", "0.250", "0.250"),
    ],
)
def test_numbers(mark: str, text: str, wanted: str) -> None:
    assert number_reader(mark)(text) == Decimal(wanted)


@pytest.mark.parametrize(
    ("mark", "text", "code"),
    [
        (".", "", "not_a_number"),
        (".", "abc", "not_a_number"),
        (".", "1,5", "not_a_number"),
        (".", "1.2.3", "not_a_number"),
        (".", "NaN", "not_a_number"),
        (".", "Infinity", "not_a_number"),
        (".", "٣", "not_a_number"),
        (".", "1e999", "number_too_large"),
        (".", "1e-99", "number_too_large"),
        (".", "1000000000000", "number_too_large"),
        (",", "1.5", "not_a_number"),
        (",", "1,5,5", "not_a_number"),
        (".", "0,250", "not_a_number"),
        (".", "-0,250", "not_a_number"),
        (",", "0.250", "not_a_number"),
        (",", "000.250,5", "not_a_number"),
    ],
)
def test_what_is_no_number(mark: str, text: str, code: str) -> None:
    with pytest.raises(BadRow) as refused:
        number_reader(mark)(text)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2010-12-01 08:26:00", "2010-12-01T05:26:00"),
        ("2010-12-01T08:26", "2010-12-01T05:26:00"),
        ("2010-12-01T08:26:00Z", "2010-12-01T08:26:00"),
        ("2010-12-01T08:26:00+05:00", "2010-12-01T03:26:00"),
        ("01.12.2010 08:26:00", "2010-12-01T05:26:00"),
        ("01.12.2010 08:26", "2010-12-01T05:26:00"),
        ("2010-12-01", "2010-12-01T09:00:00"),
        ("01.12.2010", "2010-12-01T09:00:00"),
        ("2010-12-01 00:00:00", "2010-11-30T21:00:00"),
    ],
)
def test_moments_of_moscow(text: str, wanted: str) -> None:
    read = moment_reader((), MOSCOW, time(12))

    assert read(text) == to_micros(datetime.fromisoformat(wanted).replace(tzinfo=UTC))


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/New_York", "Pacific/Kiritimati"])
def test_a_date_is_a_day_of_the_shop_in_whatever_zone_times_are_written(zone: str) -> None:
    read = moment_reader((), ZoneInfo("UTC"), time(12), days_in=ZoneInfo(zone))

    noon = datetime(2024, 3, 2, 12, tzinfo=ZoneInfo(zone))
    assert read("2024-03-02") == read("02.03.2024") == to_micros(noon)
    assert read("2024-03-02 00:00") == to_micros(datetime(2024, 3, 2, tzinfo=UTC))


def test_moments_by_a_pattern() -> None:
    read = moment_reader(("%m/%d/%Y %I:%M %p",), ZoneInfo("UTC"), time(12))

    assert read("12/31/2010 11:05 PM") == to_micros(datetime(2010, 12, 31, 23, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_date"),
        ("31.02.2010", "not_a_date"),
        ("yesterday", "not_a_date"),
        ("0001-01-01", "date_out_of_range"),
        ("1969-12-31", "date_out_of_range"),
        ("2026-01-02", "from_the_future"),
    ],
)
def test_what_is_no_moment(text: str, code: str) -> None:
    read = moment_reader((), MOSCOW, time(12), datetime(2026, 1, 1, tzinfo=UTC))

    with pytest.raises(BadRow) as refused:
        read(text)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("whole", "case", "text", "wanted"),
    [
        (True, "keep", " 13085.0 ", "13085"),
        (True, "keep", "13085.00", "13085"),
        (True, "keep", "13085.5", "13085.5"),
        (True, "keep", "13085,0", "13085"),
        (True, "keep", "13085,00", "13085"),
        (True, "keep", "13,000", "13,000"),
        (True, "keep", "1E5", "1E5"),
        (True, "keep", "00123", "00123"),
        (False, "keep", "13085.0", "13085.0"),
        (True, "upper", "ab-1", "AB-1"),
        (True, "lower", "AB-1", "ab-1"),
    ],
)
def test_ids(whole: bool, case: str, text: str, wanted: str) -> None:
    assert id_reader(whole=whole, case=case)(text) == wanted


@pytest.mark.parametrize("text", ["1.3085E+4", "4,6E+12", " 4.60723E+12 ", "4e+16"])
@pytest.mark.parametrize("whole", [True, False])
def test_an_id_that_a_spreadsheet_has_shortened_is_nobodys(text: str, whole: bool) -> None:
    with pytest.raises(BadRow) as refused:
        id_reader(whole=whole, case="keep")(text)

    assert (refused.value.code, refused.value.value) == ("shortened_id", text.strip())
    assert id_reader(whole=whole, case="keep", strict=False)(text) == text.strip()


@pytest.mark.parametrize(
    ("quantity", "wanted"), [("1", 1000), ("0.3335", 334), ("-0.3335", -334), ("0.0004", 0)]
)
def test_thousandths_are_rounded_half_up(quantity: str, wanted: int) -> None:
    assert thousandths(Decimal(quantity)) == wanted


def test_texts_are_trimmed_and_bounded() -> None:
    assert short_text("  мыло ", "sku", 10) == "мыло"
    assert short_text("  ", "sku", 10) is None
    for text, code in (("x" * 11, "too_long"), ("a\x00b", "unreadable")):
        with pytest.raises(BadRow) as refused:
            short_text(text, "sku", 10)
        assert (refused.value.code, refused.value.field) == (code, "sku")
