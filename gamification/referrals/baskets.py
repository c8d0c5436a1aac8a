"""What a basket is made of, where it matters for an invitation."""

from collections import defaultdict
from collections.abc import Iterable

from gamification.store import Store


def excluded_money(store: Store, purchases: Iterable[int]) -> dict[int, int]:
    """What is kept of goods that earn nothing (gift cards), by purchase, in minor units.

    As the purchase was judged: a line that earns nothing although points did not pay for it.
    Purchases without such goods are left out.
    """
    found: defaultdict[int, int] = defaultdict(int)
    for purchase_id, amount, quantity, left in store.in_list(
        "SELECT activity_id, amount, quantity, quantity_left FROM activity_line"
        " WHERE base = 0 AND amount > paid AND activity_id IN (?*)",
        purchases,
    ):
        # The goods of the line that are still kept; a line without a quantity is kept whole.
        found[int(purchase_id)] += int(amount) * int(left) // int(quantity) if quantity else amount
    return {purchase_id: money for purchase_id, money in found.items() if money > 0}
