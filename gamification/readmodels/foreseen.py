"""What taking a page of receipts would bring, found without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass

from gamification.activities.receipts import Receipt, body_hash
from gamification.members.newcomers import erased_among, named_among
from gamification.store import Store
from gamification.world import World


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Receipts that would be new, those known already, and who would join.

    `conflicts` are source and number of those that were recorded with other contents.
    """

    receipts: int
    known: int
    newcomers: frozenset[str]
    conflicts: tuple[tuple[str, str], ...] = ()


def foresee_page(
    world: World, people: Sequence[tuple[str, Sequence[Receipt]]], *, cards: bool = True
) -> Foreseen:
    """Look a page of receipts up, by their numbers and by the names that it has for its members.

    `cards` as in `take_page`.
    """
    store = Store(world.session.connection())
    names = {name for name, _ in people}
    there = named_among(store, names, cards=cards)
    acts = _recorded(store, people)
    fresh, known, conflicts = 0, 0, []
    for name, receipts in people:
        for receipt in receipts:
            seen = acts.get((receipt.source, receipt.external_id))
            if seen is None:
                fresh += 1
            elif seen == (there.get(name), body_hash(receipt, str(there.get(name)))):
                known += 1
            else:
                conflicts.append((receipt.source, receipt.external_id))
    newcomers = names - there.keys()
    newcomers -= erased_among(store, newcomers)
    return Foreseen(fresh, known, frozenset(newcomers), tuple(conflicts))


def _recorded(
    store: Store, people: Sequence[tuple[str, Sequence[Receipt]]]
) -> dict[tuple[str, str], tuple[int, str]]:
    """Receipts that are there already: member and hash of the body, by source and number."""
    wanted: dict[str, set[str]] = {}
    for _, receipts in people:
        for receipt in receipts:
            wanted.setdefault(receipt.source, set()).add(receipt.external_id)
    return {
        (source, number): (member_id, digest)
        for source, numbers in wanted.items()
        for number, member_id, digest in store.in_list(
            "SELECT external_id, member_id, body_hash FROM activity"
            " WHERE external_id IN (?*) AND source = ?",
            sorted(numbers),
            source,
        )
    }
