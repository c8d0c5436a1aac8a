"""Who waits for whom: members held by what they do, and the gate to all of their challenges.

PostgreSQL only; SQLite lets one transaction write at a time.

What changes the entries of many members at once (a closing, an end that moves, a challenge
called off) closes the gate; whatever moves one member's entries passes it first. So neither
writes over what the other has just written. The gate comes before any row: who waits at it
holds nothing that those inside could want. Source: decision 0129.
"""

from collections.abc import Iterable
from typing import Any

from gamification.store import Store

GATE = 0x6C617572
"""The key of the advisory lock."""


def pass_gate(store: Store) -> None:
    """Wait while entries of many are being changed; nobody begins before this one is done."""
    if store.postgres:
        store.first("SELECT pg_advisory_xact_lock_shared(?)", GATE)


def close_gate(store: Store) -> None:
    """Wait for everybody inside, and keep others waiting until the transaction ends."""
    if store.postgres:
        store.first("SELECT pg_advisory_xact_lock(?)", GATE)


def hold_members(store: Store, members: Iterable[int]) -> None:
    """Hold members until the transaction ends, ascending. Source: decisions, 8."""
    if store.postgres:
        pass_gate(store)
        wanted = sorted(set(members))
        store.in_list("SELECT id FROM member WHERE id IN (?*) ORDER BY id FOR UPDATE", wanted)


def hold_member_found(store: Store, joins: str, where: str, value: Any) -> None:
    """Hold the member that a search for one value finds, in one statement."""
    if store.postgres:
        # What the gate answers is made before a row can be held.
        store.first(
            "WITH gate AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(?) AS open)"
            f" SELECT m.id FROM gate, member m {joins} WHERE {where} FOR UPDATE OF m",
            *(GATE, value),
        )
