"""The medal of a challenge: an ordinary one that counts its completion, shown to holders only."""

from collections.abc import Mapping
from typing import Protocol

from gamification.achievements.publishing import publish_medal
from gamification.achievements.tables import Achievement, AchievementText
from gamification.challenges.tables import Challenge
from gamification.measures.catalogue import Count, Where
from gamification.world import World


class Named(Protocol):
    """Words with a name."""

    @property
    def name(self) -> str: ...

    @property
    def about(self) -> str: ...


FIRST_PLACE = 1_000
"""Where medals of challenges stand on the board: after the shipped ones."""


def ensure_medal(world: World, challenge: Challenge, words: Mapping[str, Named]) -> int:
    """The medal of a challenge, made at its launch; its names are those of the challenge."""
    if challenge.medal_id is None:
        spec = Count(events=("challenge_completed",), where=Where(challenges=(challenge.code,)))
        medal = publish_medal(
            world,
            code=f"challenge.{challenge.code}"[:60],
            spec=spec,
            levels=((1, 0),),
            position=FIRST_PLACE + (challenge.id or 0),
            visibility="hidden",
            on_reversal="revoke_if_below",
        )
    else:
        found = world.session.get(Achievement, challenge.medal_id)
        assert found is not None, "a medal is never deleted"
        medal = found
    assert medal.id is not None, "flushed rows have ids"
    for locale, said in words.items():
        row = world.session.get(AchievementText, (medal.id, locale)) or AchievementText(
            achievement_id=medal.id, locale=locale, name=""
        )
        row.name, row.description = said.name.strip(), said.about.strip()
        world.session.add(row)
    world.session.flush()
    return medal.id
