"""What the clock tells about challenges: an invitation, reminders, a word at the end.

A page of members is one transaction, and how far it came is kept with it: a step that was
killed is done again, and nobody hears anything twice. Source: decision 0123.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from gamification.audiences.conditions import parse_audience
from gamification.audiences.sets import members_of
from gamification.challenges.arms import arm_of
from gamification.challenges.nearness import facts, left_of, unit_of
from gamification.challenges.rules import DAY, ChallengeRule, days_after, period_at
from gamification.columns import from_micros, to_micros
from gamification.commands.challenge_members import reminder_code
from gamification.definitions import Definitions, current_definitions
from gamification.members.queries import AGREED, HERE
from gamification.notices.rules import NOTICE_COLUMNS
from gamification.programme import day_starts, local_day
from gamification.store import Store, compact_json
from gamification.world import World

PAGE = 500
MORNING = timedelta(hours=10)
"""Reminders go out at ten in the morning of the programme's zone."""
TOLD_LATE = 7
"""So many days after its grace the end of somebody's own time is no news any more."""
WANTS = (
    "NOT EXISTS (SELECT 1 FROM prompt w WHERE w.member_id = m.id AND w.code = ? AND w.value = 'no')"
)
"""Whoever has not said no to reminders of a challenge."""
Line = tuple[int, str, str, dict[str, Any], str]
"""Member, language, purpose, values, key."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The clock at its work: the store, the definitions in force, the instant."""

    world: World
    store: Store
    definitions: Definitions
    now: int

    def upto(self, challenge_id: int, message: str) -> tuple[int, bool]:
        """The last member that a message looked at, and whether it is done."""
        row = self.store.first(
            "SELECT upto, done_at FROM challenge_post WHERE challenge_id = ? AND message = ?",
            *(challenge_id, message),
        )
        return (0, False) if row is None else (int(row[0]), row[1] is not None)

    def keep(self, challenge_id: int, message: str, upto: int, *, done: bool = False) -> None:
        """Keep how far a message came."""
        row = (challenge_id, message, upto, self.now if done else None)
        self.store.insert("challenge_post", [row], conflict="replace")

    def tell(self, kind: str, lines: Iterable[Line]) -> None:
        """Lay messages into inboxes, each once per key."""
        rows = [
            (
                self.world.ids(), member_id, kind, "inbox", purpose, locale,
                compact_json(values), key, "open", 0, self.now, self.now,
            )
            for member_id, locale, purpose, values, key in lines
        ]  # fmt: skip
        self.store.insert("notice", rows, columns=NOTICE_COLUMNS, conflict="ignore")


def desk_of(world: World) -> Desk:
    """The clock's desk in this transaction."""
    definitions = current_definitions(world.session)
    return Desk(world, Store(world.connection), definitions, to_micros(world.now))


def invite_members(world: World) -> int:
    """Invite a page of the members whom a live challenge is meant for; answers how many were seen.

    Only of the treatment arm, and only who agreed to marketing. Whoever joins while it is live
    is looked at when they have joined.
    """
    desk = desk_of(world)
    for rule in _live(desk):
        upto, _ = desk.upto(rule.id, "invitation")
        page = desk.store.rows(
            f"SELECT m.id, m.locale, m.joined_at, {AGREED}, e.state FROM member m"
            " LEFT JOIN challenge_entry e ON e.challenge_id = ? AND e.member_id = m.id"
            f" WHERE m.id > ? AND {HERE} ORDER BY m.id, e.id DESC LIMIT ?",
            *(rule.id, upto, PAGE),
        )
        if page:
            found = _meant(desk, rule, [row for row in page if row[3] and _fresh(row[4])])
            desk.tell("challenge_invitation", _invitations(rule, found))
            desk.keep(rule.id, "invitation", int(page[-1][0]))
            return len(page)
    return 0


def _fresh(state: str | None) -> bool:
    """Whether somebody with an entry in this state, or none, may still be invited."""
    return state in (None, "joined")


def _live(desk: Desk) -> list[ChallengeRule]:
    return [
        rule for rule in desk.definitions.challenges
        if rule.state == "live" and rule.starts <= desk.now < rule.ends
    ]  # fmt: skip


def _meant(desk: Desk, rule: ChallengeRule, rows: Sequence[Any]) -> list[Any]:
    """Those of the treatment arm for whom the audience holds, asked as for joining it."""
    share = rule.terms.control_percent
    rows = [row for row in rows if arm_of(rule.code, row[0], share) == "treatment"]
    if rule.terms.window == "joined":
        rows = [row for row in rows if rule.starts <= row[2] < rule.ends]
    if not rule.terms.audience:
        return list(rows)
    audience, zone = parse_audience(rule.terms.audience), desk.definitions.programme.zone
    early = [row[0] for row in rows if row[2] <= rule.starts]
    found = members_of(desk.store, audience, rule.starts, zone, only=early)
    for row in rows:
        if row[2] > rule.starts:
            found |= members_of(desk.store, audience, row[2], zone, only=(row[0],))
    return [row for row in rows if row[0] in found]


def _invitations(rule: ChallengeRule, rows: Iterable[Any]) -> Iterable[Line]:
    for member_id, locale, joined, *_ in rows:
        ends = days_after(rule, joined) if rule.terms.window == "joined" else rule.ends
        key = f"challenge_invitation:{rule.id}:{member_id}"
        yield member_id, locale, "marketing", facts(rule, ends, rule.terms.endowed), key


def remind_members(world: World) -> int:
    """Remind a page of members of a challenge that ends soon; answers how many were seen.

    Who is in it, and who was invited and has not begun; never who is done, who is only
    watched, or who was not meant. One that came while the challenge was paused is made up for.
    """
    desk = desk_of(world)
    for rule in _live(desk):
        for days in sorted(rule.terms.remind_days):
            if rule.terms.window == "dates" and (seen := _remind_page(desk, rule, days)):
                return seen
    for rule in desk.definitions.challenges:
        # Who joined at the end has their own days after it.
        if rule.terms.window != "dates" and rule.state in ("live", "ending"):
            for days in sorted(rule.terms.remind_days):
                if seen := _remind_own_time(desk, rule, days):
                    return seen
    return 0


def reminder_at(rule: ChallengeRule, ends: int, days: int) -> int:
    """When a reminder so many days before an end is due: in the morning, before the end."""
    last = local_day(from_micros(ends - 1), rule.zone) - timedelta(days=days)
    at = to_micros((day_starts(last, rule.zone) + MORNING).astimezone(UTC))
    return min(at, ends - DAY // 24)


def _remind_page(desk: Desk, rule: ChallengeRule, days: int) -> int:
    """A page of everybody, for a time that is the same for all."""
    period, starts, ends = period_at(rule, desk.now)
    at = reminder_at(rule, ends, days)
    if not max(starts, _launched(desk, rule)) < at <= desk.now or _is_overtaken(
        desk, rule, ends, days
    ):
        return 0
    told = f"{days}:{period}:{local_day(from_micros(ends - 1), rule.zone)}"
    message = f"remind:{told}"  # who gets more time is reminded of the later end as well
    upto, done = desk.upto(rule.id, message)
    if done:
        return 0
    page = desk.store.rows(
        f"SELECT m.id, m.locale, {AGREED}, e.state, e.arm, e.score, e.version,"
        " EXISTS (SELECT 1 FROM notice n WHERE n.dedupe_key = ? || CAST(m.id AS TEXT))"
        " FROM member m LEFT JOIN challenge_entry e ON e.challenge_id = ?"
        f" AND e.member_id = m.id AND e.period = ? WHERE m.id > ? AND {HERE} AND {WANTS}"
        " ORDER BY m.id LIMIT ?",
        *(f"challenge_invitation:{rule.id}:", rule.id, period, upto),
        *(reminder_code(rule.id), PAGE),
    )
    lines = []
    for member_id, locale, agrees, state, arm, score, version, invited in page:
        key = f"challenge_reminder:{rule.id}:{told}:{member_id}"
        if state == "joined" and arm == "treatment":
            own = rule.of_version(version)
            lines.append((member_id, locale, "service", facts(own, ends, score), key))
        elif state is None and invited and agrees and rule.terms.repeat == "once":
            values = facts(rule, ends, rule.terms.endowed)
            lines.append((member_id, locale, "marketing", values, key))
    desk.tell("challenge_reminder", lines)
    last = int(page[-1][0]) if page else upto
    desk.keep(rule.id, message, last, done=len(page) < PAGE)
    return len(page)


def _is_overtaken(desk: Desk, rule: ChallengeRule, ends: int, days: int) -> bool:
    """Whether a later reminder of the same time is due as well, so that this one is stale."""
    return any(
        other < days and reminder_at(rule, ends, other) <= desk.now
        for other in rule.terms.remind_days
    )


def _launched(desk: Desk, rule: ChallengeRule) -> int:
    row = desk.store.first("SELECT launched_at FROM challenge WHERE id = ?", rule.id)
    return 0 if row is None or row[0] is None else int(row[0])


def _remind_own_time(desk: Desk, rule: ChallengeRule, days: int) -> int:
    """Those whose own time, from their joining on, ends soon."""
    rows = desk.store.rows(
        "SELECT m.id, m.locale, e.id, e.ends_at, e.starts_at, e.score, e.version"
        " FROM challenge_entry e JOIN member m ON m.id = e.member_id"
        " WHERE e.challenge_id = ? AND e.state = 'joined' AND e.arm = 'treatment'"
        f" AND e.ends_at > ? AND e.ends_at <= ? AND {HERE} AND {WANTS}"
        " AND NOT EXISTS (SELECT 1 FROM notice n"
        " WHERE n.dedupe_key = 'challenge_reminder:' || CAST(e.id AS TEXT) || ?)"
        " ORDER BY e.id LIMIT ?",
        *(rule.id, desk.now, desk.now + (days + 1) * DAY, reminder_code(rule.id)),
        *(f":{days}", PAGE),
    )
    lines = []
    for member_id, locale, entry_id, ends, starts, score, version in rows:
        if starts < reminder_at(rule, ends, days) <= desk.now:
            values = facts(rule.of_version(version), ends, score)
            key = f"challenge_reminder:{entry_id}:{days}"
            lines.append((member_id, locale, "service", values, key))
    desk.tell("challenge_reminder", lines)
    return len(lines)


def tell_missed(world: World, rule: ChallengeRule, after: int, last: int) -> None:
    """Tell those of a page of entries who had begun and did not get there how much was missing.

    Once per member and challenge, for the time that ended lately.
    """
    desk = desk_of(world)
    oldest = desk.now - rule.grace - TOLD_LATE * DAY
    rows = desk.store.rows(
        "SELECT m.id, m.locale, e.score, e.version FROM challenge_entry e"
        " JOIN member m ON m.id = e.member_id WHERE e.challenge_id = ? AND e.id > ? AND e.id <= ?"
        f" AND e.state = 'joined' AND e.arm = 'treatment' AND e.ends_at >= ? AND {HERE}"
        " ORDER BY e.ends_at DESC, e.id",
        *(rule.id, after, last, oldest),
    )
    lines = []
    for member_id, locale, score, version in rows:
        terms = rule.of_version(version).terms
        if score > terms.endowed:
            values = {"challenge": rule.code, "left": left_of(terms, score), "unit": unit_of(terms)}
            key = f"challenge_ended:{rule.id}:{member_id}"
            lines.append((member_id, locale, "service", values, key))
    desk.tell("challenge_ended", lines)


def tell_late(world: World, rule: ChallengeRule) -> None:
    """Tell those who did it after the last place was taken by how many places."""
    desk, most = desk_of(world), rule.terms.max_winners or 0
    rows = desk.store.rows(
        "SELECT m.id, m.locale, e.place FROM challenge_entry e JOIN member m ON m.id = e.member_id"
        f" WHERE e.challenge_id = ? AND e.place > ? AND {HERE} ORDER BY e.place",
        *(rule.id, most),
    )
    told = {"challenge": rule.code, "unit": "place"}
    desk.tell(
        "challenge_ended",
        [
            (member_id, locale, "service", {**told, "left": place - most},
             f"challenge_ended:{rule.id}:{member_id}")
            for member_id, locale, place in rows
        ],
    )  # fmt: skip
