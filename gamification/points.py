"""Whole points and money in minor units: all rounding lives here."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import gcd

MINOR_DIGITS = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
     "XAF", "XOF", "XPF"), 0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)  # fmt: skip


def minor_digits(currency: str) -> int:
    """How many digits stand behind the point in this currency."""
    return MINOR_DIGITS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Money as whole minor units, rounded once, half away from zero."""
    scaled = amount.scaleb(minor_digits(currency))
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as exact decimal money: 12345 kopecks are 123.45."""
    return Decimal(minor).scaleb(-minor_digits(currency))


def kept_share(amount: int, left: int, whole: int) -> int:
    """The part of an amount that stays when `left` of `whole` units are kept.

    Rounded toward zero from the whole every time, so that pieces taken one by
    one add up to taking everything at once.
    """
    if left == whole or whole == 0:
        return amount
    return abs(amount) * left // whole * (1 if amount >= 0 else -1)


def spread(total: int, weights: list[int]) -> list[int]:
    """Split a whole number by weights; the parts add up to it exactly.

    Cumulative rounding: each part is the difference of two rounded sums.
    """
    whole = sum(weights)
    if whole == 0:
        return [total, *[0] * (len(weights) - 1)] if weights else []
    parts, run, given = [], 0, 0
    for weight in weights:
        run += weight
        upto = total * run // whole
        parts.append(upto - given)
        given = upto
    return parts


def price_text(price: Fraction) -> str:
    """A unit price as text that is equal exactly when the prices are equal."""
    return str(price)


def ratio_text(amount: int, quantity: int) -> str:
    """As `price_text`, of an amount for a quantity that is not zero."""
    part = gcd(amount, quantity) if quantity > 0 else -gcd(amount, quantity)
    over, under = amount // part, quantity // part
    return str(over) if under == 1 else f"{over}/{under}"
