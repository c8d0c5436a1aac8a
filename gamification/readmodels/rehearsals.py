"""What the page of rehearsals needs: what can be drafted, runs over local days, told examples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from gamification.columns import to_micros
from gamification.programme import Programme, day_starts, local_day
from gamification.readmodels.audiences import CATEGORIES
from gamification.readmodels.faces import Faces, TierFace, current_faces
from gamification.readmodels.friends import short_name
from gamification.readmodels.rule_rehearsal import (
    RuleDraft,
    RuleRehearsal,
    RuleSample,
    rehearse_rule_in_steps,
)
from gamification.readmodels.spread import STEPS
from gamification.readmodels.tier_rehearsal import (
    TierRehearsal,
    TierSample,
    TierScheme,
    rehearse_tiers_in_steps,
)
from gamification.readmodels.tier_schemes import BOUNDS, DOWNGRADES, MOST_TIERS, DraftTier
from gamification.readmodels.views import Named, WhyLine
from gamification.readmodels.whys import why_purchase
from gamification.store import Store
from gamification.world import World

__all__ = [
    "BOUNDS",
    "DOWNGRADES",
    "MOST_TIERS",
    "STEPS",
    "DraftTier",
    "Draftable",
    "PresentRule",
    "RuleDraft",
    "RuleRehearsal",
    "TierRehearsal",
    "TierScheme",
    "ToldRule",
    "ToldTier",
    "draftable",
    "rule_steps",
    "tier_steps",
    "told_rules",
    "told_tiers",
]

Days = tuple[date, date]
"""The first and the last local day of a period."""


@dataclass(frozen=True, slots=True)
class PresentRule:
    """A rule in force, as a draft of it starts: its settings as they are stored."""

    code: str
    kind: str
    name: Named
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draftable:
    """What there is to draft from; `rates` by tier code, in hundredths of a per cent."""

    programme: Programme
    today: date
    rules: tuple[PresentRule, ...]
    tiers: tuple[TierFace, ...]
    rates: dict[str, int]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldRule:
    """An example with the member's short name, and the lines that say why."""

    name: str | None
    sample: RuleSample
    lost: WhyLine | None
    got: WhyLine | None


@dataclass(frozen=True, slots=True)
class ToldTier:
    """An example with the member's short name."""

    name: str | None
    sample: TierSample


def draftable(world: World) -> Draftable:
    """The rules and tiers in force now. Raises ProgrammeMissing."""
    faces = current_faces(world.session)
    definitions, now = faces.definitions, to_micros(world.now)
    rules = definitions.rules.at(now)
    return Draftable(
        definitions.programme,
        local_day(world.now, definitions.programme.zone),
        tuple(
            PresentRule(v.code, v.kind, faces.rules.get(v.code, Named(v.code)), v.params)
            for v in definitions.rules.versions
            if v.id in rules.versions
        ),
        faces.tiers,
        rules.rates,
        tuple(str(c) for (c,) in Store(world.connection).rows(CATEGORIES)),
    )


def rule_steps(
    world: World, draft: RuleDraft, days: Days
) -> Iterator[tuple[int, RuleRehearsal | None]]:
    """A rule rehearsed over local days, in steps. Raises InvalidSetting, ProgrammeMissing."""
    definitions = current_faces(world.session).definitions
    span = _instants(days, definitions.programme)
    return rehearse_rule_in_steps(Store(world.connection), definitions, draft, span)


def tier_steps(
    world: World, scheme: TierScheme, days: Days
) -> Iterator[tuple[int, TierRehearsal | None]]:
    """Tiers rehearsed over local days, in steps. Raises InvalidSetting, ProgrammeMissing."""
    definitions = current_faces(world.session).definitions
    span = _instants(days, definitions.programme)
    store = Store(world.connection)
    return rehearse_tiers_in_steps(store, definitions, scheme, span, world.now)


def _instants(days: Days, programme: Programme) -> tuple[datetime, datetime]:
    zone = programme.zone
    return day_starts(days[0], zone), day_starts(days[1] + timedelta(days=1), zone)


def told_rules(world: World, found: RuleRehearsal, draft: Named) -> tuple[ToldRule, ...]:
    """The examples of a rehearsed rule; `draft` is what the rule is called."""
    faces = current_faces(world.session)
    faces = replace(faces, rules={**faces.rules, draft.code: draft})
    names = _names(world, [one.member_id for one in found.samples])
    return tuple(
        ToldRule(names.get(one.member_id), one, _line(one.lost, faces), _line(one.got, faces))
        for one in found.samples
    )


def told_tiers(world: World, found: TierRehearsal) -> tuple[ToldTier, ...]:
    """The examples of rehearsed tiers."""
    names = _names(world, [one.member_id for one in found.samples])
    return tuple(ToldTier(names.get(one.member_id), one) for one in found.samples)


def _line(line: dict[str, Any] | None, faces: Faces) -> WhyLine | None:
    return None if line is None else why_purchase([line], faces)[0]


def _names(world: World, ids: Sequence[int]) -> dict[int, str | None]:
    rows = Store(world.connection).in_list("SELECT id, name FROM member WHERE id IN (?*)", ids)
    return {int(i): short_name(name or "") for i, name in rows}
