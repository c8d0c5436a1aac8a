"""Numbers and money are written as Babel writes them, without asking it each time."""

import random
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_currency, format_decimal

from webapp.words.formats import HARD_SPACE, MINUS, SIGNS, money_in, number_in

PLACES = [Locale.parse(language) for language in ("ru", "en")]
DRAWN = random.Random(3)
WHOLE = [0, 1, -1, 999, 1000, -1000, 12_345, -1_234_567, 10**12]
WHOLE += [DRAWN.randrange(-(10**9), 10**9) for _ in range(200)]


@pytest.mark.parametrize("where", PLACES, ids=str)
def test_whole_numbers_and_parts_of_them(where: Locale) -> None:
    parts = [Decimal(n) / 1000 for n in WHOLE]

    for value in [*WHOLE, *parts]:
        plain = str(format_decimal(abs(value), locale=where, format="#,##0.###"))
        assert number_in(value, where) == (MINUS + plain if value < 0 else plain)


@pytest.mark.parametrize("where", PLACES, ids=str)
@pytest.mark.parametrize(("currency", "digits"), [("RUB", 2), ("EUR", 2)])
def test_money_with_and_without_small_change(where: Locale, currency: str, digits: int) -> None:
    for minor in WHOLE:
        places = 0 if minor % 10**digits == 0 else digits
        pattern = where.currency_formats["standard"].pattern.split(";")[0]
        pattern = pattern.replace(".00", "." + "0" * places if places else "")
        plain = format_currency(
            Decimal(abs(minor)) / 10**digits, currency, pattern, where, currency_digits=False
        )
        plain = plain.replace(f"{currency}{HARD_SPACE}", currency)
        for written in (currency, "₽", "€"):
            plain = plain.replace(written, SIGNS.get(currency, currency))
        assert money_in(minor, currency, where) == (MINUS + plain if minor < 0 else plain)
