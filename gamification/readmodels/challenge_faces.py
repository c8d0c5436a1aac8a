"""What challenges look like: names, rules and budgets, read once per version of definitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session, col, select

from gamification.achievements.tables import Achievement
from gamification.challenges.queries import challenge_rule
from gamification.challenges.rules import ChallengeRule
from gamification.challenges.tables import Challenge, ChallengeText
from gamification.definitions import Definitions
from gamification.readmodels.views import Named
from gamification.world import World


@dataclass(frozen=True, slots=True)
class ChallengeFace:
    """A launched challenge as people see it; `budget` in points, `medal` its medal's code."""

    rule: ChallengeRule
    named: Named
    about: Named
    budget: int | None
    medal: str | None


ChallengeFaces = Mapping[int, ChallengeFace]
"""By id, in the order of their start."""

_KEPT: WeakKeyDictionary[sa.Engine, tuple[Definitions, ChallengeFaces]] = WeakKeyDictionary()


def challenge_faces(world: World, definitions: Definitions) -> ChallengeFaces:
    """Every challenge that was launched, kept until the definitions change."""
    engine = world.connection.engine
    kept = _KEPT.get(engine)
    if kept is None or kept[0] is not definitions:
        kept = _KEPT[engine] = (definitions, _read(world.session, definitions))
    return kept[1]


def _read(session: Session, definitions: Definitions) -> ChallengeFaces:
    names: dict[int, dict[str, str]] = {}
    abouts: dict[int, dict[str, str]] = {}
    for text in session.exec(select(ChallengeText)):
        names.setdefault(text.challenge_id, {})[text.locale] = text.name
        if text.about:
            abouts.setdefault(text.challenge_id, {})[text.locale] = text.about
    rows = session.execute(
        select(Challenge, col(Achievement.code))
        .join(Achievement, col(Achievement.id) == col(Challenge.medal_id), isouter=True)
        .where(col(Challenge.launched_at).is_not(None))
        .order_by(col(Challenge.starts_at), col(Challenge.id))
    )
    running = {rule.id: rule for rule in definitions.challenges}
    found = {}
    for challenge, medal in rows:
        ident = challenge.id or 0
        rule = running.get(ident) or challenge_rule(challenge, definitions.programme.zone.key)
        found[ident] = ChallengeFace(
            rule=rule,
            named=Named(challenge.code, names.get(ident, {})),
            about=Named(challenge.code, abouts.get(ident, {})),
            budget=challenge.budget,
            medal=medal,
        )
    return found
