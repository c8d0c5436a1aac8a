"""What an owner says: set the programme up, and change its terms."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.achievements.publishing import publish_medal
from gamification.achievements.shipped import MedalChoices as MedalChoices
from gamification.achievements.shipped import shipped_medals
from gamification.activities.receipts import MOST_MINOR as MOST_MINOR
from gamification.earning.tables import EarnRule, EarnRuleVersion
from gamification.earning.versions import PARAMS
from gamification.ledger.actions import SYSTEM_ACCOUNTS
from gamification.ledger.tables import LedgerAccount
from gamification.measures.catalogue import Sum
from gamification.measures.publishing import ensure_measure
from gamification.points import minor_digits
from gamification.programme import ProgrammeRow
from gamification.refusals import InvalidSetting, ProgrammeExists, ProgrammeMissing
from gamification.tiers.tables import Tier
from gamification.world import World

MOST_NEWS = 20
"""So many messages that nobody asked for a shop may send a member in a day."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
METALS = ("clay", "leaf", "gold", "onyx")
SHIPPED_TIERS = ("sprout", "leaf", "branch", "wreath")
REVIEW_OVER = 100_000
"""A till's receipt of more roubles, or as much elsewhere, is looked at by default."""
SMALL_STEPS = {
    "RUB": 1, "KZT": 5, "UZS": 150, "AMD": 4, "JPY": 2, "KRW": 15, "INR": 1, "IDR": 200,
    "VND": 300, "THB": 0.4, "UAH": 0.5, "KGS": 1, "CZK": 0.25, "RSD": 1, "TRY": 0.4,
}  # fmt: skip
"""How far a rouble goes in currencies whose unit is small: a point is worth a whole one."""
HARD = 0.02
"""The same in a currency that is not listed, such as the euro: a point is worth a cent."""


@dataclass(frozen=True, slots=True)
class TierPlan:
    """A tier to set up: threshold in whole currency units, rate in hundredths of a per cent."""

    code: str
    names: dict[str, str]
    threshold: int
    rate: int
    perks: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammePlan:
    """Everything a new programme needs; the defaults are the shipped ones (decisions, 4)."""

    name: str
    currency: str = "RUB"
    zone: str = "Europe/Moscow"
    locale: str = "ru"
    point_worth: int | None = None
    pending_days: int = 14
    expiry_months: int | None = 12
    pay_share: int = 30
    colour: str | None = None
    logo: str | None = None
    tiers: tuple[TierPlan, ...] = ()
    medals: MedalChoices = field(default_factory=MedalChoices)
    medal_points: dict[str, tuple[int, ...]] = field(default_factory=dict)


def tier_plans(template: str, currency: str = "RUB") -> tuple[TierPlan, ...]:
    """The tiers of a shipped template, `standard` or `cafe`; their names are the edge's.

    Thresholds are those of the template in roubles, as round numbers of the currency.

    Raises:
        InvalidSetting: there is no such template.
    """
    steps = {
        "standard": ((0, 100), (10_000, 200), (30_000, 300), (60_000, 500)),
        "cafe": ((0, 300), (2_000, 500), (5_000, 700), (10_000, 1_000)),
    }
    if template not in steps:
        raise InvalidSetting(setting="template", value=template)
    return tuple(
        TierPlan(code, {}, usual_sum(threshold, currency), rate)
        for code, (threshold, rate) in zip(SHIPPED_TIERS, steps[template], strict=True)
    )


def set_up_programme(world: World, plan: ProgrammePlan) -> ProgrammeRow:
    """Create the programme with its tiers, rates, accounts and medals.

    Raises:
        ProgrammeExists: there is one already.
        InvalidSetting: a zone, currency, tier or rate makes no sense.
    """
    session = world.session
    if session.get(ProgrammeRow, 1) is not None:
        raise ProgrammeExists()
    plan = replace(plan, tiers=plan.tiers or tier_plans("standard"))
    check_plan(plan)
    scale = 10 ** minor_digits(plan.currency)
    row = ProgrammeRow(
        name=plan.name.strip(),
        currency=plan.currency,
        zone=plan.zone,
        locale=plan.locale,
        point_worth=plan.point_worth or scale,
        pending_days=plan.pending_days,
        expiry_months=plan.expiry_months,
        pay_share=plan.pay_share,
        review_over=usual_limit(plan.currency),
        colour=plan.colour,
        logo=plan.logo,
        setup={"step": "done"},
        live_at=world.now,
    )
    session.add(row)
    for kind, account_id in SYSTEM_ACCOUNTS.items():
        session.add(LedgerAccount(id=account_id, kind=kind, member_id=None))
    add_tiers(world, plan.tiers, scale)
    ensure_measure(world, Sum(field="base", by="day"))
    _add_medals(world, plan)
    session.flush()
    return row


def usual_limit(currency: str) -> int:
    """Above which sum a receipt waits in a new programme, in minor units."""
    scale: int = 10 ** minor_digits(currency)
    return usual_sum(REVIEW_OVER, currency) * scale


def usual_worth(currency: str) -> int:
    """What a point is worth in most shops, in minor units: 1 rouble, 1 cent."""
    return 10 ** minor_digits(currency) if currency in SMALL_STEPS else 1


def usual_sum(roubles: int, currency: str) -> int:
    """What stands for so many roubles in another currency: a round number of whole units."""
    wanted = round(roubles * SMALL_STEPS.get(currency, HARD))
    digits = max(len(str(wanted)) - 2, 0)
    return round(wanted, -digits)


def check_plan(plan: ProgrammePlan) -> None:
    """Refuse a plan that makes no sense. Raises InvalidSetting naming the setting."""
    _check_settings(plan)
    if len(plan.currency) != 3 or not plan.currency.isascii() or not plan.currency.isupper():
        raise InvalidSetting(setting="currency", value=plan.currency)
    try:
        ZoneInfo(plan.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidSetting(setting="zone", value=plan.zone) from error
    if plan.point_worth is not None and not 1 <= plan.point_worth <= 10**6:
        raise InvalidSetting(setting="point_worth", value=plan.point_worth)
    _check_tiers(plan.tiers)


def _check_settings(chosen: "ProgrammePlan | ProgrammeRow") -> None:
    """What a plan and a later change are both held to."""
    checks = {
        "name": 0 < len(chosen.name.strip()) <= 120,
        "locale": chosen.locale in ("ru", "en"),
        "pending_days": 0 <= chosen.pending_days <= 90,
        "expiry_months": chosen.expiry_months is None or 1 <= chosen.expiry_months <= 120,
        "pay_share": 0 <= chosen.pay_share <= 100,
    }
    for setting, fine in checks.items():
        if not fine:
            raise InvalidSetting(setting=setting, value=getattr(chosen, setting))


def _check_tiers(tiers: Sequence[TierPlan]) -> None:
    thresholds = [tier.threshold for tier in tiers]
    if not 1 <= len(tiers) <= len(METALS) or thresholds[0] != 0:
        raise InvalidSetting(setting="tiers", value=len(tiers))
    if any(b <= a for a, b in itertools.pairwise(thresholds)):
        raise InvalidSetting(setting="thresholds", value=thresholds)
    if any(not 0 <= tier.rate <= 10_000 for tier in tiers):
        raise InvalidSetting(setting="rates", value=[tier.rate for tier in tiers])


def add_tiers(world: World, tiers: Sequence[TierPlan], scale: int) -> None:
    """The steps of a programme that has none, with their rates since ever.

    `scale` is the number of minor units in one of the currency's.
    """
    for position, tier in enumerate(tiers, 1):
        world.session.add(
            Tier(
                code=tier.code,
                position=position,
                threshold=tier.threshold * scale,
                metal=METALS[position - 1 if len(tiers) > 2 else position],
                names=tier.names,
                perks=list(tier.perks),
            )
        )
    publish_rule(
        world,
        code="tier_rate",
        kind="tier_rate",
        params={"rates": {tier.code: tier.rate for tier in tiers}},
        valid_from=BEGINNING,
    )


def _add_medals(world: World, plan: ProgrammePlan) -> None:
    for position, medal in enumerate(shipped_medals(plan.medals), 1):
        points = plan.medal_points.get(medal.code, ())
        publish_medal(
            world,
            code=medal.code,
            spec=medal.spec,
            levels=[
                (threshold, points[n] if n < len(points) else 0)
                for n, threshold in enumerate(medal.thresholds)
            ],
            position=position,
            occurrence=medal.occurrence,
            visibility=medal.visibility,
            on_reversal=medal.on_reversal,
            state=medal.state,
        )


def publish_rule(
    world: World,
    *,
    code: str,
    kind: str,
    params: dict[str, Any],
    valid_from: datetime | None = None,
    names: dict[str, str] | None = None,
) -> EarnRuleVersion:
    """A new version of an earn rule from an instant on (default: now).

    The version before it ends there, so that old receipts keep their terms.

    Raises:
        InvalidSetting: the kind is unknown or its settings do not parse.
    """
    if kind not in PARAMS:
        raise InvalidSetting(setting="kind", value=kind)
    try:
        PARAMS[kind].model_validate(params)
    except ValueError as error:
        raise InvalidSetting(setting=code, value=params) from error
    session, start = world.session, valid_from or world.now
    rule = session.exec(select(EarnRule).where(col(EarnRule.code) == code)).first()
    if rule is None:
        rule = EarnRule(code=code, kind=kind)
    rule.names = names or rule.names
    session.add(rule)
    session.flush()
    versions = session.exec(
        select(EarnRuleVersion)
        .where(col(EarnRuleVersion.rule_id) == rule.id)
        .order_by(col(EarnRuleVersion.number))
    ).all()
    if versions and versions[-1].valid_until is None:
        versions[-1].valid_until = start
    version = EarnRuleVersion(
        rule_id=rule.id or 0, number=len(versions) + 1, params=params, valid_from=start
    )
    session.add(version)
    session.flush()
    touch_definitions(world)
    return version


def touch_definitions(world: World) -> None:
    """Let every process read the definitions anew."""
    world.session.execute(sa.text("UPDATE programme SET version = version + 1"))


def change_programme(world: World, **settings: Any) -> ProgrammeRow:
    """Change settings of the programme that bear no money in the past.

    Raises:
        ProgrammeMissing: there is none yet.
        InvalidSetting: a setting is unknown here or makes no sense.
    """
    row = world.session.get(ProgrammeRow, 1, populate_existing=True)
    if row is None:
        raise ProgrammeMissing()
    allowed = {
        "name",
        "locale",
        "colour",
        "logo",
        "pay_share",
        "pending_days",
        "expiry_months",
        "grace_days",
        "downgrade",
        "term_months",
        "negative_policy",
        "review_over",
        "news_a_day",
    }
    for setting, value in settings.items():
        if setting not in allowed:
            raise InvalidSetting(setting=setting, value=value)
        setattr(row, setting, value)
    _check_settings(row)
    if row.review_over is not None and not 0 < row.review_over <= MOST_MINOR:
        raise InvalidSetting(setting="review_over", value=row.review_over)
    if not 0 <= row.news_a_day <= MOST_NEWS:
        raise InvalidSetting(setting="news_a_day", value=row.news_a_day)
    row.version += 1
    world.session.flush()
    return row
