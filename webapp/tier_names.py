"""The names with which the shipped tiers start, in both languages: a shop may change them."""

from collections.abc import Mapping
from dataclasses import replace

from gamification.commands.owner import TierPlan, tier_plans

SHIPPED: Mapping[str, Mapping[str, str]] = {
    "sprout": {"ru": "Росток", "en": "Sprout"},
    "leaf": {"ru": "Лист", "en": "Leaf"},
    "branch": {"ru": "Ветвь", "en": "Branch"},
    "wreath": {"ru": "Венок", "en": "Wreath"},
}


def named_plans(template: str, currency: str) -> tuple[TierPlan, ...]:
    """The tiers of a shipped template in a currency, with their names. Raises InvalidSetting."""
    plans = tier_plans(template, currency)
    return tuple(replace(plan, names=dict(SHIPPED[plan.code])) for plan in plans)
