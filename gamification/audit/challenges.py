"""What must be true of challenges: paid once, within the budget, and as a recount says."""

from collections.abc import Iterator, Sequence

from gamification.audit.invariants import Invariant
from gamification.case import Act, EntryState
from gamification.challenges.actions import FINISHED
from gamification.challenges.queries import member_entries
from gamification.challenges.rules import ChallengeRule, evaluate, firm_from
from gamification.definitions import Definitions
from gamification.store import Store

CHALLENGE_INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "C1",
        "promised_is_what_entries_got",
        """
        SELECT c.id FROM challenge c
        LEFT JOIN (SELECT challenge_id, SUM(points) got FROM challenge_entry
                   GROUP BY challenge_id) e ON e.challenge_id = c.id
        WHERE c.spent <> COALESCE(e.got, 0) ORDER BY c.id
        """,
    ),
    Invariant(
        "C2",
        "a_challenge_pays_once",
        """
        SELECT m.id FROM member m
        LEFT JOIN (SELECT member_id, SUM(points) got FROM challenge_entry GROUP BY member_id) e
               ON e.member_id = m.id
        LEFT JOIN (SELECT member_id, SUM(points_left) brought FROM activity
                   WHERE source = '@laurel' AND state = 'counted' AND type IN
                   ('challenge_step', 'challenge_completed', 'challenge_compensation')
                   GROUP BY member_id) a ON a.member_id = m.id
        WHERE COALESCE(e.got, 0) <> COALESCE(a.brought, 0) ORDER BY m.id
        """,
    ),
    Invariant(
        "C3",
        "the_budget_of_a_challenge_is_kept",
        "SELECT id FROM challenge WHERE spent > budget AND state <> 'cancelled' ORDER BY id",
    ),
    Invariant(
        "C4",
        "the_control_group_gets_nothing",
        """
        SELECT id FROM challenge_entry WHERE (arm = 'control' OR state = 'outside')
          AND (paid > 0 OR points > 0 OR due_at IS NOT NULL) ORDER BY id
        """,
    ),
    Invariant(
        "C6",
        "rungs_that_went_back_kept_nothing",
        """
        SELECT e.id FROM challenge_entry e WHERE e.paid = 0 AND e.points > 0
          AND COALESCE(e.prize, '') <> 'cancelled' ORDER BY e.id
        """,
    ),
)


def wrong_entries(
    store: Store, definitions: Definitions, member_id: int, acts: Sequence[Act], now: int
) -> Iterator[int]:
    """Entries whose rungs are not those of a recount.

    Fewer may be deserved where a return came after the hold; what was told after the grace
    counts nowhere.
    """
    rules = {rule.id: rule for rule in definitions.challenges}
    for entry in member_entries(store, member_id, list(rules)):
        rule = rules[entry.challenge_id]
        is_over = entry.state in FINISHED or rule.state == "cancelled"
        if (entry.paid or not is_over) and _is_wrong(rule, entry, acts, now, is_over=is_over):
            yield entry.id


def _is_wrong(
    rule: ChallengeRule, entry: EntryState, acts: Sequence[Act], now: int, *, is_over: bool
) -> bool:
    own = rule.of_version(entry.version)
    deserved = len(evaluate(own, acts, (entry.starts, entry.ends)).reached)
    if deserved >= entry.rung:
        return deserved > entry.rung and not is_over
    paid = entry.reached[: min(entry.paid, entry.rung)]
    kept = [rung for rung in paid[deserved:] if firm_from(own, rung) <= now]
    return deserved + len(kept) < entry.rung
