"""Who did something with a challenge, by the account that is written down with it."""

from collections.abc import Iterable

from webapp.accounts.queries import staff_names
from webapp.world import open_entrance


def people_called(actors: Iterable[str]) -> dict[str, str]:
    """The names of accounts, by the text that stands for each."""
    keys = {key for actor in actors if (key := actor.removeprefix("account:")).isdigit()}
    if not keys:
        return {}
    with open_entrance(readonly=True) as world:
        found = staff_names(world, {int(key) for key in keys})
    return {f"account:{key}": name for key, name in found.items()}
