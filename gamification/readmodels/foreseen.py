"""What taking a page of receipts would bring, found without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from gamification.activities.receipts import Receipt
from gamification.members.newcomers import erased_among, named_among
from gamification.store import Store
from gamification.world import World


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Receipts that would be new, those known by their number, and who would join."""

    receipts: int
    known: int
    newcomers: frozenset[str]


def foresee_page(
    world: World, people: Sequence[tuple[str, Sequence[Receipt]]], *, cards: bool = True
) -> Foreseen:
    """Look a page of receipts up, by their numbers and by the names that it has for its members.

    `cards` as in `take_page`.
    """
    store = Store(world.session.connection())
    wanted: dict[str, set[str]] = {}
    for _, receipts in people:
        for receipt in receipts:
            wanted.setdefault(receipt.source, set()).add(receipt.external_id)
    known = sum(
        1
        for source, numbers in wanted.items()
        for _row in store.in_list(
            "SELECT external_id FROM activity WHERE external_id IN (?*) AND source = ?",
            sorted(numbers),
            source,
        )
    )
    names = {name for name, _ in people}
    there = named_among(store, names, cards=cards).keys()
    whole = sum(len(numbers) for numbers in wanted.values())
    newcomers = names - there
    newcomers -= erased_among(store, newcomers)
    return Foreseen(whole - known, known, frozenset(newcomers))
