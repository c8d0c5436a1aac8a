"""What the clock says about birthdays: each is noted once a year, on the member's own day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from gamification.activities.registry import OWN_SOURCE
from gamification.columns import from_micros, to_micros
from gamification.commands.acts import note_act
from gamification.commands.till import Outcome
from gamification.definitions import current_definitions
from gamification.members.rules import birthday_in
from gamification.notices.actions import write_notice
from gamification.programme import day_starts, local_day, zone_of
from gamification.store import Store
from gamification.world import World

LOOK_BACK = 7
"""For so many days after it a birthday that nobody noted is still celebrated."""
KNOWN_DAYS = 30
"""For so many days the birthday that a member tells must be known before it is celebrated."""
PAGE = 500
STEP = 50


@dataclass(frozen=True, slots=True)
class Born:
    """Somebody with a birthday about now; `zone` is their own, where they chose one."""

    member_id: int
    birthday: date
    zone: str | None
    joined_at: int
    told_at: int | None


def celebrate_birthdays(world: World, limit: int = STEP) -> int:
    """Note birthdays that have begun where their members live; answers how many.

    Each is dated at the first instant of the member's own day. Whoever joined after it is
    not celebrated, nor one that the member told less than `KNOWN_DAYS` before, and one that
    comes within 365 days of another brings nothing: the limit of its type keeps it as
    ignored. Source: trust, 5; decision 0085.
    """
    store, programme = Store(world.connection), current_definitions(world.session).programme
    if not current_definitions(world.session).acts.at("birthday", to_micros(world.now)).on:
        return 0
    today, noted = world.now.date(), 0
    for year in (today.year - 1, today.year, today.year + 1):
        days = [today + timedelta(days=n) for n in range(-LOOK_BACK - 1, 2)]
        about = [day for day in days if day.year == year]
        for born in _born_about(store, year, about):
            zone = zone_of(born.zone) if born.zone else programme.zone
            day, local = birthday_in(born.birthday, year), local_day(world.now, zone)
            known = known_from(born, zone)
            if not max(known, local - timedelta(days=LOOK_BACK)) <= day <= local:
                continue
            at = day_starts(day, zone).astimezone(UTC)
            told = note_act(world, born.member_id, "birthday", key=str(year), at=at)
            if told is not None:
                noted += 1
                _greet(world, store, born.member_id, year, told)
            if noted == limit:
                return noted
    return noted


def _greet(world: World, store: Store, member_id: int, year: int, told: Outcome) -> None:
    """Lay the shop's wishes into the inbox, with what it brings; not for an ignored one."""
    row = store.first("SELECT m.locale, a.state FROM member m JOIN activity a ON a.id = ?"
                      " WHERE m.id = ?", told.activity_id, member_id)  # fmt: skip
    if row is None or row[1] != "counted":
        return
    write_notice(
        world,
        kind="birthday",
        channel="inbox",
        member_id=member_id,
        locale=str(row[0]),
        payload={"points": told.answer.get("points", 0)},
        dedupe_key=f"birthday:{member_id}:{year}",
    )


def known_from(born: Born, zone: ZoneInfo) -> date:
    """The first day on which a birthday can be celebrated: a member by then, and known a while."""
    joined = local_day(from_micros(born.joined_at), zone)
    if born.told_at is None:
        return joined
    return max(joined, local_day(from_micros(born.told_at), zone) + timedelta(days=KNOWN_DAYS))


def _born_about(store: Store, year: int, days: Sequence[date]) -> Iterator[Born]:
    """Active members whose birthday of a year is one of these days, and is not noted yet."""
    if not days:
        return
    wanted = {f"{day:%m-%d}" for day in days}
    if birthday_in(date(2000, 2, 29), year) in days:
        wanted.add("02-29")
    marks = ", ".join("?" * len(wanted))
    written = "to_char(m.birthday, 'MM-DD')" if store.postgres else "SUBSTR(m.birthday, 6, 5)"
    sql = (
        "SELECT m.id, m.birthday, m.zone, m.joined_at, m.birthday_told_at FROM member m"
        f" WHERE m.id > ? AND m.status = 'active' AND {written} IN ({marks})"
        " AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.source = ?"
        " AND a.external_id = CAST(m.id AS TEXT) || ?) ORDER BY m.id LIMIT ?"
    )
    last = 0
    while page := store.rows(sql, last, *sorted(wanted), OWN_SOURCE, f":birthday:{year}", PAGE):
        for member_id, birthday, zone, joined_at, told_at in page:
            born = date.fromisoformat(birthday) if isinstance(birthday, str) else birthday
            yield Born(member_id, born, zone, joined_at, told_at)
        last = page[-1][0]
