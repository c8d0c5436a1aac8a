"""Whether whoever invites works in the shop: told by e-mail, and by who stood at the till."""

from collections.abc import Iterable
from dataclasses import dataclass

from gamification.referrals.traces import LASTING_EPOCH, plain_value, trace_hash, trace_keys
from gamification.store import Store


@dataclass(frozen=True, slots=True)
class Worker:
    """One of the shop's people: the e-mail they sign in by, and how receipts may call them."""

    email: str
    name: str = ""

    def is_called(self, operator: str) -> bool:
        """Whether a receipt's operator is this person, by name or by e-mail."""
        called = operator.strip().casefold()
        return bool(called) and called in (self.name.strip().casefold(), self.email.casefold())


def worker_who_is(store: Store, member_id: int, staff: Iterable[Worker]) -> Worker | None:
    """Who of the shop's people a member is: one mailbox is theirs, now or formerly; else None."""
    people = {plain_value("email", one.email): one for one in staff}
    if not people:
        return None
    key = trace_keys(store, [LASTING_EPOCH])[LASTING_EPOCH]
    by_hash = {trace_hash("email", box, key): one for box, one in people.items() if box}
    rows = store.rows(
        "SELECT hash FROM member_trace WHERE member_id = ? AND kind = 'email'", member_id
    )
    return next((by_hash[mark] for (mark,) in rows if mark in by_hash), None)
