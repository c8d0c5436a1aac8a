"""What a later end of a challenge does to entries, and to what was told of the added time."""

from gamification.activities.tables import COUNTED
from gamification.case import MemberState
from gamification.challenges.actions import FINISHED, move_entry, take_in
from gamification.challenges.queries import challenge_rule, write_entry
from gamification.challenges.rules import ChallengeRule, period_at
from gamification.challenges.tables import Challenge
from gamification.columns import to_micros
from gamification.definitions import current_definitions
from gamification.loading import load_pages
from gamification.store import Store
from gamification.world import World

COUNTED_ONCE = (*COUNTED, "returned", "superseded", "cancelled")
"""States of an act that counted when it was told, whatever became of it."""


def lengthen_entries(world: World, challenge: Challenge, was: int) -> None:
    """Let the entries that ended with the challenge end with it again, or with their period."""
    store = Store(world.connection)
    rule = challenge_rule(challenge, current_definitions(world.session).programme.zone.key)
    for (starts,) in store.rows(
        "SELECT DISTINCT starts_at FROM challenge_entry WHERE challenge_id = ? AND ends_at = ?",
        *(challenge.id, was),
    ):
        _, _, ends = period_at(rule, int(starts))
        store.run(
            "UPDATE challenge_entry SET ends_at = ?"
            " WHERE challenge_id = ? AND ends_at = ? AND starts_at = ?",
            *(ends, challenge.id, was, starts),
        )


def count_added_time(world: World, challenge_id: int, since: int) -> None:
    """Let what was told already of the added time count, as if the end had always been later.

    A till's clock may be some minutes ahead. Nobody else is in the challenge now.

    Args:
        since: the end as it was, in microseconds.
    """
    store, definitions = Store(world.connection), current_definitions(world.session)
    rule = next(rule for rule in definitions.challenges if rule.id == challenge_id)
    rows = store.rows(
        "SELECT m.id FROM member m WHERE m.status <> 'erased' AND EXISTS"
        " (SELECT 1 FROM activity a WHERE a.member_id = m.id AND a.occurred_at >= ?)",
        since,
    )
    for state in load_pages(store, definitions, (i for (i,) in rows), lock=False).values():
        state.read_entries([challenge_id])
        _take_in_again(world, rule, state, since)
        for entry in state.entries[challenge_id]:
            if entry.state not in FINISHED:
                move_entry(rule, state, entry, to_micros(world.now))
                write_entry(store, entry)


def _take_in_again(world: World, rule: ChallengeRule, state: MemberState, since: int) -> None:
    """Take in whom an act of the added time would have, under the terms of when it was told."""
    acts = [act for act in state.acts_since(since) if act.state in COUNTED_ONCE]
    for act in sorted(acts, key=lambda one: (one.recorded, one.id)):
        if rule.concerns(act, now_kept=True):
            for entry in take_in(rule, state, world.ids, act, [act.occurred]):
                write_entry(Store(world.connection), entry)
