"""A receipt that stands in several files: the same again, in parts, or at odds. Pure."""

from collections import Counter
from collections.abc import Sequence

from webapp.intake.rows import Row

Part = Sequence[Row]
"""The rows of a receipt that stand in one file."""


def parts_to_keep(parts: Sequence[Part]) -> list[int] | None:
    """Which parts make up the receipt, by place; None when they are at odds.

    Equal goods for equal money are the same again, and the first of them is kept; parts
    without a common row are put together. How a number is spelled, the time of day and
    a customer who is left out make no difference.
    """
    goods = [Counter(map(good_of, part)) for part in parts]
    kept: list[int] = []
    for place, part in enumerate(parts):
        same = next((one for one in kept if goods[one] == goods[place]), None)
        if same is not None:
            if contradict(parts[same], part):
                return None
        elif any(goods[one].keys() & goods[place].keys() for one in kept):
            return None
        else:
            kept.append(place)
    return kept


def good_of(row: Row) -> tuple[str, str | None, int, str | None, str | None]:
    """What a row sells, how much of it and for what money; numbers have one spelling."""
    return row.kind, row.sku, row.quantity, row.price, row.amount


def contradict(one: Part, other: Part) -> bool:
    """Whether two tellings of the same goods name two shops, ways or purchases.

    What only one of them tells contradicts nothing.
    """
    told = (
        [{getattr(row, field) for row in part} - {None} for part in (one, other)]
        for field in ("store", "channel", "names")
    )
    return any(here and there and here != there for here, there in told)
