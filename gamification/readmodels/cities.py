"""The cities that members have named, for whoever chooses some of them."""

from collections import Counter
from heapq import nsmallest
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
    """What members who take part have named, the most usual first; one statement of an index."""
    rows = store.rows(
        f"SELECT m.city_key, m.city, COUNT(*) FROM member m WHERE {HERE}"
        " GROUP BY m.city_key, m.city"
    )
    counts, spelt = Counter[str](), dict[str, tuple[int, str]]()
    unnamed = 0
    for key, name, n in rows:
        if key is None:
            unnamed += n
        else:
            counts[key] += n
            spelt[key] = max(spelt.get(key, (0, "")), (n, name))
    usual = nsmallest(MOST_OFFERED, counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return Cities(tuple(CityChoice(key, spelt[key][1], n) for key, n in usual), unnamed)
