"""From the text of a cell to a number, an instant, an id: each spelling is read once."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from gamification.columns import to_micros
from webapp.intake.faults import BadRow

EXACT = Context(prec=120)
"""Enough digits that no sum of quantity times price is ever rounded on the way."""

MOST = Decimal(10) ** 12
LEAST_EXPONENT = -40
BLANKS = str.maketrans("", "", " \u00a0\u202f\u2009'’")
MONEY_SIGNS = re.compile(r"^[₽$€£]|(?:[₽$€£]|руб\.?|р\.)$")
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
GROUPED = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?"),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d*)?"),
}
"""Thousands in groups. What begins with 0 is a part of one, written with the other mark."""
FLOAT_ID = re.compile(r"(\d+)(?:\.0+|,00?)")
SHORTENED_ID = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+", re.ASCII)
"""A long number as a spreadsheet shows it; all of one magnitude look alike."""
DOTTED = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d.%m.%y %H:%M", "%d.%m.%y")
EARLIEST, LATEST = 1970, 2200

Number = Callable[[str], Decimal]
Moment = Callable[[str], int]


@lru_cache(maxsize=4)
def number_reader(decimal: str) -> Number:
    """Reads numbers written with this decimal mark; raises BadRow for anything else.

    Spaces and grouped thousands are understood, a minus may be typographic or
    stand as brackets, and a currency sign is passed over.
    """

    @lru_cache(maxsize=65_536)
    def read(text: str) -> Decimal:
        plain = MONEY_SIGNS.sub("", text.translate(BLANKS)).replace("\u2212", "-")
        if plain.startswith("(") and plain.endswith(")"):
            plain = f"-{plain[1:-1]}"
        other = "," if decimal == "." else "."
        if other in plain and GROUPED[decimal].fullmatch(plain):
            plain = plain.replace(other, "")
        if decimal == ",":
            plain = plain.replace(",", ".") if "." not in plain else "?"
        if not PLAIN.fullmatch(plain):
            raise BadRow("not_a_number", value=text)
        return _bounded(plain, text)

    return read


def _bounded(plain: str, text: str) -> Decimal:
    try:
        found = EXACT.create_decimal(plain)
    except InvalidOperation as error:
        raise BadRow("not_a_number", value=text) from error
    exponent = found.as_tuple().exponent
    if abs(found) >= MOST or (isinstance(exponent, int) and exponent < LEAST_EXPONENT):
        raise BadRow("number_too_large", value=text)
    return found


def exact_text(number: Decimal) -> str:
    """A number in the one spelling of its value: 10, 10.0 and 1e1 are alike."""
    return str(EXACT.plus(number).normalize(EXACT))


def moment_reader(
    formats: tuple[str, ...],
    zone: ZoneInfo,
    noon: time,
    latest: datetime | None = None,
    *,
    days_in: ZoneInfo | None = None,
) -> Moment:
    """Reads local or zoned timestamps as microseconds in UTC; raises BadRow.

    Args:
        formats: strptime patterns; none means ISO 8601 or dd.mm.yyyy.
        zone: that of timestamps which do not name their own.
        noon: the time of day that a date without one is given.
        latest: nothing is dated after this instant.
        days_in: the zone in which a date alone is a day; that of the timestamps by default.
    """
    most = None if latest is None else to_micros(latest)

    @lru_cache(maxsize=65_536)
    def read(text: str) -> int:
        found = _parsed(text, formats)
        if found is None:
            raise BadRow("not_a_date", value=text)
        moment, has_time = found
        if not EARLIEST <= moment.year < LATEST:
            raise BadRow("date_out_of_range", value=text)
        if not has_time:
            moment = datetime.combine(moment.date(), noon, days_in or zone)
        micros = to_micros(
            (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
        )
        if most is not None and micros > most:
            raise BadRow("from_the_future", value=text)
        return micros

    return read


def _parsed(text: str, formats: tuple[str, ...]) -> tuple[datetime, bool] | None:
    """The moment and whether its time of day was written."""
    if not formats:
        try:
            return datetime.fromisoformat(text), ":" in text or "T" in text
        except ValueError:
            pass
    for pattern in formats or DOTTED:
        try:
            return datetime.strptime(text, pattern), "%H" in pattern or "%I" in pattern  # noqa: DTZ007
        except ValueError:
            continue
    return None


def id_reader(*, whole: bool, case: str, strict: bool = True) -> Callable[[str], str]:
    """Reads ids: trimmed, `13085.0` as `13085` when `whole`, in one case when asked.

    A `strict` one raises BadRow for what a spreadsheet has shortened: 4.6E+12 is anybody's.
    """

    @lru_cache(maxsize=65_536)
    def read(text: str) -> str:
        plain = text.strip()
        if strict and SHORTENED_ID.fullmatch(plain):
            raise BadRow("shortened_id", value=plain)
        if whole and (match := FLOAT_ID.fullmatch(plain)):
            plain = match[1]
        if case == "keep":
            return plain
        return plain.lower() if case == "lower" else plain.upper()

    return read


@lru_cache(maxsize=65_536)
def thousandths(quantity: Decimal) -> int:
    """A quantity in thousandths, half a thousandth up."""
    return int(
        quantity.scaleb(3, EXACT).quantize(Decimal(1), rounding=ROUND_HALF_UP, context=EXACT)
    )


NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""Signs that no database keeps: NUL, and halves of letters, which JSON can spell."""


def short_text(text: str, field: str, most: int) -> str | None:
    """Trimmed text that fits its column, None when there is none; raises BadRow."""
    plain = text.strip()
    if not plain:
        return None
    if len(plain) > most:
        raise BadRow("too_long", field, plain[:60])
    if NO_TEXT.search(plain):
        raise BadRow("unreadable", field)
    return plain
