"""Words before the end of a challenge and at its beginning, to those who want them."""

from datetime import timedelta

from gamification.challenges.queries import names_of
from gamification.challenges.rules import ChallengeRule
from gamification.challenges.sight import is_in_control
from gamification.columns import from_micros, to_micros
from gamification.commands.challenge_members import reminder_code
from gamification.definitions import current_definitions
from gamification.notices.actions import write_notice
from gamification.programme import day_starts, local_day
from gamification.store import Store
from gamification.world import World

PAGE = 200


def remind_of_challenges(world: World) -> int:
    """Tell a page of members, each once a day and challenge; answers how many were told.

    Who asked hears of the beginning and, where the terms name no day for reminders, of the
    last day. Nobody of a control arm hears anything.
    """
    store = Store(world.connection)
    for rule in current_definitions(world.session).challenges:
        if rule.state not in ("scheduled", "live"):
            continue
        told = _of_ends(world, store, rule) or _of_beginning(world, store, rule)
        if told:
            return told
    return 0


def _of_ends(world: World, store: Store, rule: ChallengeRule) -> int:
    if rule.terms.remind_days:
        return 0  # all who take part are reminded then: challenge_messages
    today = local_day(world.now, rule.zone)
    first, after = (day_starts(today + timedelta(days=n), rule.zone) for n in (0, 1))
    key = f"challenge_ends:{today}:"  # a later end is told of on its own day
    rows = store.rows(
        "SELECT e.id, e.member_id, m.locale, e.ends_at FROM challenge_entry e"
        " JOIN member m ON m.id = e.member_id"
        " JOIN prompt p ON p.member_id = e.member_id AND p.code = ? AND p.value = 'yes'"
        " WHERE e.challenge_id = ? AND e.arm = 'treatment' AND e.state = 'joined'"
        " AND m.status = 'active' AND e.ends_at > ? AND e.ends_at <= ? AND e.ends_at > ?"
        " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.dedupe_key = ? || e.id)"
        f" ORDER BY e.id LIMIT {PAGE}",
        *(reminder_code(rule.id), rule.id),
        *(to_micros(first), to_micros(after), to_micros(world.now), key),
    )
    for entry_id, member_id, locale, ends in rows:
        on = local_day(from_micros(ends - 1), rule.zone).isoformat()
        _tell(world, store, rule, "challenge_ends", member_id, locale, f"{key}{entry_id}", on)
    return len(rows)


def _of_beginning(world: World, store: Store, rule: ChallengeRule) -> int:
    now = to_micros(world.now)
    began = local_day(from_micros(rule.starts), rule.zone)
    if rule.starts > now or began != local_day(world.now, rule.zone):
        return 0
    key = f"challenge_begins:{rule.id}:"
    rows = store.rows(
        "SELECT p.member_id, m.locale FROM prompt p JOIN member m ON m.id = p.member_id"
        " WHERE p.code = ? AND p.value = 'yes' AND m.status = 'active'"
        " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.dedupe_key = ? || p.member_id)"
        " AND NOT EXISTS (SELECT 1 FROM challenge_entry e WHERE e.challenge_id = ?"
        "  AND e.member_id = p.member_id AND (e.arm = 'control' OR e.state = 'outside'))"
        f" ORDER BY p.member_id LIMIT {PAGE}",
        *(reminder_code(rule.id), key, rule.id),
    )
    told = [row for row in rows if not is_in_control(rule, row[0])]
    for member_id, locale in told:
        own = f"{key}{member_id}"
        _tell(world, store, rule, "challenge_begins", member_id, locale, own, began.isoformat())
    return len(told)


def _tell(
    world: World,
    store: Store,
    rule: ChallengeRule,
    kind: str,
    member_id: int,
    locale: str,
    key: str,
    on: str,
) -> None:
    names = names_of(store, rule.id)
    write_notice(
        world,
        kind=kind,
        channel="inbox",
        member_id=member_id,
        locale=locale,
        payload={"challenge": rule.code, "names": names, "on": on},
        dedupe_key=key,
    )
