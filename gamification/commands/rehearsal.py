"""What receipts would bring, decided by the real engine and undone before anybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gamification.activities.receipts import Receipt
from gamification.commands.intake import take_page
from gamification.ledger.actions import SYSTEM_ACCOUNTS
from gamification.store import Store
from gamification.world import World

ISSUE = SYSTEM_ACCOUNTS["issue"]
BROUGHT = f"""
SELECT COALESCE(SUM(CASE WHEN debit_account_id = {ISSUE} THEN points
                         WHEN credit_account_id = {ISSUE} THEN -points ELSE 0 END), 0)
FROM transfer WHERE id > ?
"""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Net points that would be issued, and how many receipts would be new."""

    points: int
    recorded: int


def rehearse_page(world: World, people: Sequence[tuple[str, Sequence[Receipt]]]) -> Rehearsed:
    """Take a page as an import would, sum up, and put everything back.

    Receipts of several members, each named by external id. A member whose
    receipts lie on two pages is judged on each as if the other were not there.
    """
    savepoint = world.session.begin_nested()
    try:
        start = world.ids()
        report = take_page(world.session, world.ids, people)
        row = Store(world.session.connection()).first(BROUGHT, start)
        assert row is not None, "a sum always answers"
        return Rehearsed(points=int(row[0]), recorded=report.recorded)
    finally:
        savepoint.rollback()
