"""What definitions look like: names, perks and thresholds, read once per version."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session, col, select

from gamification.achievements.tables import Achievement, AchievementText
from gamification.definitions import Definitions, current_definitions
from gamification.earning.tables import EarnRule
from gamification.measures.catalogue import Count, Gap, Spec, Streak, Within
from gamification.readmodels.views import Named
from gamification.tiers.tables import Tier
from gamification.world import World


@dataclass(frozen=True, slots=True)
class TierFace:
    """A tier as people see it; `threshold` in minor units."""

    id: int
    code: str
    position: int
    threshold: int
    metal: str
    named: Named
    perks: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class MedalFace:
    """A medal as people see it, with the number inside its rule."""

    id: int
    code: str
    measure_id: int
    occurrence: str
    visibility: str
    thresholds: tuple[int, ...]
    needs: int | None
    hours: tuple[int, int] | None
    categories: tuple[str, ...] = ()
    points: tuple[int, ...] = ()  # what each level brings
    named: Named | None = None  # the shop's own words, where it wrote some
    about: Named | None = None

    def reward(self, level: int) -> int:
        """The points that come with a level."""
        return self.points[level - 1] if 0 < level <= len(self.points) else 0


@dataclass(frozen=True, slots=True)
class Faces:
    """Tiers in order, medals by id in the order of the board, rules by code.

    `visits` is the measure of the run of days on which somebody looked in.
    """

    definitions: Definitions
    tiers: tuple[TierFace, ...]
    medals: Mapping[int, MedalFace]
    rules: Mapping[str, Named]
    visits: int | None = None

    def tier(self, position: int) -> TierFace:
        """The tier on that step."""
        return self.tiers[min(position, len(self.tiers)) - 1]

    def tier_named(self, code: str) -> Named:
        """A tier's name, also of one that is gone."""
        return next((t.named for t in self.tiers if t.code == code), Named(code))


_KEPT: WeakKeyDictionary[sa.Engine, Faces] = WeakKeyDictionary()


def current_faces(session: Session, version: int | None = None) -> Faces:
    """The faces of the definitions in force. Raises ProgrammeMissing."""
    definitions = current_definitions(session, version)
    engine = session.get_bind().engine
    kept = _KEPT.get(engine)
    if kept is None or kept.definitions is not definitions:
        kept = _KEPT[engine] = _read_faces(session, definitions)
    return kept


def faces_of(world: World, version: int) -> Faces:
    """As `current_faces`, for somebody who has just read the version."""
    kept = _KEPT.get(world.connection.engine)
    if kept is not None and kept.definitions.version == version:
        return kept
    return current_faces(world.session, version)


def _read_faces(session: Session, definitions: Definitions) -> Faces:
    tiers = tuple(
        TierFace(
            id=t.id or 0,
            code=t.code,
            position=t.position,
            threshold=t.threshold,
            metal=t.metal,
            named=Named(t.code, t.names),
            perks=tuple(t.perks),
        )
        for t in session.exec(select(Tier).order_by(col(Tier.position)))
    )
    shown = {
        a.id: a.visibility
        for a in session.exec(select(Achievement).where(col(Achievement.state) == "live"))
    }
    medals, words = {}, _medal_words(session)
    for rule in sorted((m for ms in definitions.medals.values() for m in ms), key=lambda m: m.id):
        spec = definitions.book.specs[rule.measure_id]
        medals[rule.id] = MedalFace(
            id=rule.id,
            code=rule.code,
            measure_id=rule.measure_id,
            occurrence=rule.occurrence,
            visibility=shown[rule.id],
            thresholds=tuple(level.threshold for level in rule.levels),
            needs=_number_inside(spec),
            hours=spec.where.hours[0] if isinstance(spec, Count) and spec.where.hours else None,
            categories=spec.where.categories if isinstance(spec, Count) else (),
            points=tuple(level.points for level in rule.levels),
            named=Named(rule.code, words[rule.id][0]) if rule.id in words else None,
            about=Named(rule.code, words[rule.id][1]) if rule.id in words else None,
        )
    rules = {r.code: Named(r.code, r.names) for r in session.exec(select(EarnRule))}
    specs = definitions.book.specs.items()
    visits = next((i for i, spec in specs if is_visits(spec)), None)
    return Faces(definitions, tiers, medals, rules, visits)


def _medal_words(session: Session) -> dict[int, tuple[dict[str, str], dict[str, str]]]:
    """Names and descriptions by language of the medals that have words of their own."""
    found: dict[int, tuple[dict[str, str], dict[str, str]]] = {}
    for text in session.exec(select(AchievementText)):
        names, abouts = found.setdefault(text.achievement_id, ({}, {}))
        names[text.locale] = text.name
        if text.description:
            abouts[text.locale] = text.description
    return found


def is_visits(spec: Spec) -> bool:
    """Whether a measure is the run of days on which somebody looked in."""
    return isinstance(spec, Streak) and spec.unit == "day" and spec.events == ("daily_check_in",)


def _number_inside(spec: Spec) -> int | None:
    """The number that a medal's sentence says besides its threshold."""
    if isinstance(spec, Within | Gap):
        return spec.days
    return spec.where.lines_from if isinstance(spec, Count) else None
