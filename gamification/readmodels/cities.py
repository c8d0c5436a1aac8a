"""The cities that members have named, for whoever chooses some of them."""

from typing import NamedTuple

from gamification.members.queries import HERE
from gamification.store import Store

MOST_OFFERED = 50


class CityChoice(NamedTuple):
    """A city as most of its members write it; `key` is what it is compared by.

    `members` None: it was chosen once, and is not among those that are offered.
    """

    key: str
    name: str
    members: int | None = None


class Cities(NamedTuple):
    """The cities with the most members, and how many members have named none."""

    offered: tuple[CityChoice, ...] = ()
    unnamed: int = 0


NOWHERE = Cities()


def known_cities(store: Store) -> Cities:
    """What members who take part have named, the most usual first; three statements."""
    counts: dict[str, int] = dict(
        store.rows(
            f"SELECT m.city_key, COUNT(*) FROM member m WHERE {HERE} AND m.city_key IS NOT NULL"
            f" GROUP BY m.city_key ORDER BY COUNT(*) DESC, m.city_key LIMIT {MOST_OFFERED}"
        )
    )
    spelt = sorted(
        store.in_list(
            f"SELECT m.city_key, m.city, COUNT(*) FROM member m WHERE {HERE}"
            " AND m.city_key IN (?*) GROUP BY m.city_key, m.city",
            list(counts),
        ),
        key=lambda row: (row[2], row[1]),
    )
    names = {key: name for key, name, _ in spelt}
    rows = store.rows(f"SELECT COUNT(*) FROM member m WHERE {HERE} AND m.city_key IS NULL")
    offered = (CityChoice(key, names[key], n) for key, n in counts.items())
    return Cities(tuple(offered), int(rows[0][0]))
