"""Everything that was defined and not done: the programme as the engine reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session, col, select

from gamification.achievements.rules import LevelRule, MedalRule
from gamification.achievements.tables import Achievement, AchievementLevel, AchievementVersion
from gamification.challenges.queries import running_rules
from gamification.challenges.rules import ChallengeRule
from gamification.columns import to_micros
from gamification.earning.acts import ActBook
from gamification.earning.tables import EarnRule, EarnRuleVersion
from gamification.earning.versions import RuleBook, RuleVersion
from gamification.measures.catalogue import Sum, parse_spec
from gamification.measures.rules import MeasureBook, build_book
from gamification.measures.tables import Measure
from gamification.notices.tables import MessageText
from gamification.programme import Programme, ProgrammeRow, programme_of
from gamification.refusals import ProgrammeMissing
from gamification.store import Store
from gamification.tiers.rules import TierStep
from gamification.tiers.tables import Tier
from gamification.world import World


@dataclass(frozen=True)
class Definitions:
    """The programme, its tiers, rules, measures and medals at one version."""

    programme: Programme
    tiers: tuple[TierStep, ...]
    rules: RuleBook
    acts: ActBook
    book: MeasureBook
    medals: dict[int, tuple[MedalRule, ...]]
    tier_measure: int
    version: int
    challenges: tuple[ChallengeRule, ...] = ()
    sayings: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    """Subject and text of messages that the shop has written itself, by kind and language."""

    def tier_at(self, position: int) -> TierStep:
        """The tier on that step; the highest there is when steps were removed."""
        return self.tiers[min(position, len(self.tiers)) - 1]

    def position_of(self, tier_id: int) -> int:
        """The step of a tier."""
        return next(t.position for t in self.tiers if t.id == tier_id)


_KEPT: WeakKeyDictionary[sa.Engine, Definitions] = WeakKeyDictionary()


def current_definitions(session: Session, version: int | None = None) -> Definitions:
    """The definitions in force, kept per engine until their version grows.

    Raises:
        ProgrammeMissing: nobody has set the programme up.
    """
    if version is None:
        version = session.execute(sa.text("SELECT version FROM programme")).scalar()
    bind = session.get_bind()
    kept = _KEPT.get(bind.engine)
    if kept is None or kept.version != version:
        kept = _KEPT[bind.engine] = load_definitions(session)
    return kept


def definitions_now(world: World) -> Definitions:
    """As `current_definitions`, without a session: one small statement while nothing changes.

    Raises:
        ProgrammeMissing: nobody has set the programme up.
    """
    row = Store(world.connection).first("SELECT version FROM programme")
    if row is None:
        raise ProgrammeMissing()
    return definitions_of(world, row[0])


def definitions_of(world: World, version: int) -> Definitions:
    """As `current_definitions`, for somebody who has just read the version."""
    kept = _KEPT.get(world.connection.engine)
    return kept if kept and kept.version == version else current_definitions(world.session, version)


def load_definitions(session: Session) -> Definitions:
    """Read all definitions. Raises ProgrammeMissing."""
    row = session.get(ProgrammeRow, 1, populate_existing=True)
    if row is None:
        raise ProgrammeMissing()
    tiers = [
        TierStep(id=t.id or 0, code=t.code, position=t.position, threshold=t.threshold)
        for t in session.exec(select(Tier).order_by(col(Tier.position)))
    ]
    measures = [
        (m.id or 0, m.keys_id, parse_spec(m.spec), m.status)
        for m in session.exec(select(Measure).order_by(col(Measure.id)))
        if m.status != "paused"
    ]
    versions = _rule_versions(session)
    tier_measure = next(
        i for i, _, spec, _ in measures if isinstance(spec, Sum) and spec.by == "day"
    )
    return Definitions(
        programme=programme_of(row),
        tiers=tuple(tiers),
        rules=RuleBook([v for v in versions if v.kind != "act"]),
        acts=ActBook([v for v in versions if v.kind == "act"]),
        book=build_book(measures),
        medals=_medal_rules(session),
        tier_measure=tier_measure,
        version=row.version,
        challenges=running_rules(session, row.zone),
        sayings=_sayings(session),
    )


def _sayings(session: Session) -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for said in session.exec(select(MessageText)):
        found.setdefault(said.kind, {})[said.locale] = (said.subject, said.text)
    return found


def _rule_versions(session: Session) -> list[RuleVersion]:
    rows = session.exec(
        select(EarnRuleVersion, EarnRule)
        .where(col(EarnRuleVersion.rule_id) == col(EarnRule.id))
        .order_by(col(EarnRule.position), col(EarnRule.id), col(EarnRuleVersion.number))
    )
    return [
        RuleVersion(
            id=v.id or 0,
            code=r.code,
            kind=r.kind,
            params=v.params,
            valid_from=to_micros(v.valid_from),
            valid_until=None if v.valid_until is None else to_micros(v.valid_until),
        )
        for v, r in rows
    ]


def _medal_rules(session: Session) -> dict[int, tuple[MedalRule, ...]]:
    levels: dict[int, list[LevelRule]] = {}
    for level in session.exec(select(AchievementLevel).order_by(col(AchievementLevel.level))):
        rule = LevelRule(level.level, level.threshold, level.points)
        levels.setdefault(level.version_id, []).append(rule)
    rows = session.exec(
        select(Achievement, AchievementVersion)
        .where(col(Achievement.live_version_id) == col(AchievementVersion.id))
        .where(col(Achievement.state) == "live")
        .order_by(col(Achievement.position))
    )
    found: dict[int, list[MedalRule]] = {}
    for medal, version in rows:
        rule_ = MedalRule(
            id=medal.id or 0,
            code=medal.code,
            version_id=version.id or 0,
            measure_id=version.measure_id,
            occurrence=medal.occurrence,
            on_reversal=medal.on_reversal,
            levels=tuple(levels.get(version.id or 0, ())),
        )
        found.setdefault(version.measure_id, []).append(rule_)
    return {measure_id: tuple(rules) for measure_id, rules in found.items()}
