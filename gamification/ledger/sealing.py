"""Seal the books: a hash over new transfers and the seal before, so that edits show.

A hash per row would make writers wait for each other; a seal a night does not.
Source: decisions, 22.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from gamification.ledger.tables import LedgerSeal
from gamification.store import Store
from gamification.world import World

SETTLED = 600_000 << 22
"""Ten minutes of ids: a transaction older than that has ended."""

SEALED_COLUMNS = (
    "id, key, kind, member_id, debit_account_id, credit_account_id, points, occurred_at,"
    " recorded_at, activity_id, award_id, reverses_id, actor"
)


def transfers_between(store: Store, after: int, upto: int) -> list[Any]:
    """Transfers with ids above `after` up to `upto`, in order, as a seal reads them."""
    sql = f"SELECT {SEALED_COLUMNS} FROM transfer WHERE id > ? AND id <= ? ORDER BY id"
    return store.rows(sql, after, upto)


def digest_of(before: str, rows: Iterable[Any]) -> str:
    """The seal over these rows and the seal before."""
    whole = hashlib.sha256(before.encode())
    for row in rows:
        whole.update("\x1f".join("" if v is None else str(v) for v in row).encode())
        whole.update(b"\x1e")
    return whole.hexdigest()


def seal_books(world: World, upto: int | None = None) -> LedgerSeal | None:
    """Seal what was booked since the last seal; None where there is nothing new."""
    store = Store(world.session.connection())
    last = store.first("SELECT upto_id, digest FROM ledger_seal ORDER BY upto_id DESC LIMIT 1")
    after, before = (last[0], last[1]) if last else (0, "")
    rows = transfers_between(store, after, world.ids() - SETTLED if upto is None else upto)
    if not rows:
        return None
    seal = LedgerSeal(
        transfers=len(rows),
        upto_id=rows[-1][0],
        digest=digest_of(before, rows),
        sealed_at=world.now,
    )
    world.session.add(seal)
    world.session.flush()
    return seal
