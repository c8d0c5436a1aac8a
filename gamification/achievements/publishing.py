"""Put medals into the programme: definition, version, levels and the measure they ask for."""

from collections.abc import Sequence

from sqlmodel import col, select

from gamification.achievements.tables import Achievement, AchievementLevel, AchievementVersion
from gamification.measures.catalogue import Spec
from gamification.measures.publishing import ensure_measure
from gamification.world import World


def publish_medal(
    world: World,
    *,
    code: str,
    spec: Spec,
    levels: Sequence[tuple[int, int]],
    position: int,
    occurrence: str = "once",
    visibility: str = "open",
    on_reversal: str = "keep",
    state: str = "live",
) -> Achievement:
    """A medal, or a new version of one that is there.

    Args:
        state: of a new one; a draft waits until what it is given for is there.
        levels: (threshold, points) from the first metal up.
    """
    session = world.session
    medal = session.exec(select(Achievement).where(col(Achievement.code) == code)).first()
    if medal is None:
        medal = Achievement(
            code=code,
            position=position,
            occurrence=occurrence,
            visibility=visibility,
            state=state,
            on_reversal=on_reversal,
        )
        session.add(medal)
        session.flush()
    assert medal.id is not None, "flushed rows have ids"
    measure = ensure_measure(world, spec)
    number = len(
        session.exec(
            select(AchievementVersion.id).where(col(AchievementVersion.achievement_id) == medal.id)
        ).all()
    )
    version = AchievementVersion(
        achievement_id=medal.id,
        number=number + 1,
        criterion={"measure": measure.spec},
        measure_id=measure.id or 0,
        published_at=world.now,
    )
    session.add(version)
    session.flush()
    for level, (threshold, points) in enumerate(levels, 1):
        session.add(
            AchievementLevel(
                version_id=version.id or 0, level=level, threshold=threshold, points=points
            )
        )
    medal.live_version_id = version.id
    session.flush()
    return medal
