"""The terms of the programme as they stand now: settings, tiers with rates, rules."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.columns import to_micros
from gamification.earning.rules import Span
from gamification.earning.tables import EarnRule, EarnRuleVersion
from gamification.earning.versions import (
    PARAMS,
    BonusParams,
    CapParams,
    ExclusionParams,
    MultiplierParams,
)
from gamification.programme import Programme, local_day
from gamification.readmodels.faces import current_faces
from gamification.readmodels.views import Named
from gamification.world import World

RuleKind = Literal["multiplier", "exclusion", "bonus", "cap"]
ALWAYS = Span()


@dataclass(frozen=True, slots=True)
class TierTerms:
    """A tier with what it takes and gives."""

    name: Named
    number: int
    of: int
    rate_bp: int
    need_minor: int


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """A rule in force beside the tiers' rates; fields that its kind has not are None.

    `times_pct` 200 is twice; `span` tells when it applies, always if it is empty.
    """

    code: str
    kind: RuleKind
    name: Named
    since: date
    times_pct: int | None = None
    categories: tuple[str, ...] = ()
    need_minor: int | None = None
    points: int | None = None
    span: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that the programme promises, at this instant."""

    programme: Programme
    today: date
    tiers: tuple[TierTerms, ...]
    rules: tuple[RuleTerms, ...]
    medals: int


def terms_of(world: World) -> Terms:
    """The terms in force now. Raises ProgrammeMissing."""
    faces = current_faces(world.session)
    programme = faces.definitions.programme
    rates = faces.definitions.rules.at(to_micros(world.now)).rates
    return Terms(
        programme=programme,
        today=local_day(world.now, programme.zone),
        tiers=tuple(
            TierTerms(
                name=tier.named,
                number=tier.position,
                of=len(faces.tiers),
                rate_bp=rates.get(tier.code, 0),
                need_minor=tier.threshold,
            )
            for tier in faces.tiers
        ),
        rules=_rules(world, programme),
        medals=len(faces.medals),
    )


def _rules(world: World, programme: Programme) -> tuple[RuleTerms, ...]:
    now = world.now
    rows = world.session.exec(
        select(EarnRule, EarnRuleVersion)
        .where(
            col(EarnRuleVersion.rule_id) == col(EarnRule.id),
            col(EarnRule.kind).not_in(("tier_rate", "act")),
            col(EarnRuleVersion.valid_from) <= now,
            sa.or_(
                col(EarnRuleVersion.valid_until).is_(None), col(EarnRuleVersion.valid_until) > now
            ),
        )
        .order_by(col(EarnRule.position), col(EarnRule.id))
    )
    return tuple(
        _rule(rule, version, local_day(version.valid_from, programme.zone))
        for rule, version in rows
    )


def _rule(rule: EarnRule, version: EarnRuleVersion, since: date) -> RuleTerms:
    code, name = rule.code, Named(rule.code, rule.names)
    match PARAMS[rule.kind].model_validate(version.params):
        case MultiplierParams() as p:
            return RuleTerms(
                code, "multiplier", name, since,
                times_pct=p.percent, categories=p.categories, span=p.span(),
            )  # fmt: skip
        case BonusParams() as p:
            return RuleTerms(
                code, "bonus", name, since, need_minor=p.threshold, points=p.points, span=p.span()
            )
        case ExclusionParams() as p:
            return RuleTerms(code, "exclusion", name, since, categories=p.categories)
        case CapParams() as p:
            return RuleTerms(code, "cap", name, since, points=p.points)
        case _:
            raise AssertionError(f"{rule.kind} has no face")
