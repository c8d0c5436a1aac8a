"""A scheme of tiers as it might be, and how it compares with the one in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gamification.definitions import Definitions
from gamification.refusals import InvalidSetting
from gamification.tiers.rules import Change, TierStep

MOST_TIERS = 4
MOST_RATE = 10_000
BOUNDS = {"window_days": (1, 1096), "term_months": (1, 60), "grace_days": (0, 366)}
DOWNGRADES = ("none", "one_step", "earned")


@dataclass(frozen=True, slots=True)
class DraftTier:
    """A tier as it might be: threshold in minor units, rate in hundredths of a per cent.

    `rate` None leaves what each receipt's own rules say for that code.
    """

    code: str
    threshold: int
    rate: int | None = None


@dataclass(frozen=True, slots=True)
class TierScheme:
    """Tiers from the first on, and the terms by which one stays."""

    tiers: tuple[DraftTier, ...]
    window_days: int
    term_months: int
    grace_days: int
    downgrade: str

    @property
    def steps(self) -> tuple[TierStep, ...]:
        """The tiers as the rules see them; their numbers are no stored ones."""
        return tuple(TierStep(0, t.code, n, t.threshold) for n, t in enumerate(self.tiers, 1))


def scheme_now(definitions: Definitions) -> TierScheme:
    """The scheme in force."""
    programme = definitions.programme
    return TierScheme(
        tuple(DraftTier(t.code, t.threshold) for t in definitions.tiers),
        programme.window_days, programme.term_months, programme.grace_days, programme.downgrade,
    )  # fmt: skip


def check_scheme(scheme: TierScheme, definitions: Definitions) -> None:
    """Refuse what no programme could run by. Raises InvalidSetting naming the setting."""
    thresholds = [t.threshold for t in scheme.tiers]
    if not 1 <= len(thresholds) <= MOST_TIERS or thresholds[0] != 0:
        raise InvalidSetting(setting="tiers", value=len(thresholds))
    if any(b <= a for a, b in pairwise(thresholds)):
        raise InvalidSetting(setting="thresholds", value=thresholds)
    known = {t.code for t in definitions.tiers}
    for tier in scheme.tiers:
        if tier.rate is None and tier.code not in known:
            raise InvalidSetting(setting="rates", value=None)
        if tier.rate is not None and not 0 <= tier.rate <= MOST_RATE:
            raise InvalidSetting(setting="rates", value=tier.rate)
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(scheme, name) <= most:
            raise InvalidSetting(setting=name, value=getattr(scheme, name))
    if scheme.downgrade not in DOWNGRADES:
        raise InvalidSetting(setting="downgrade", value=scheme.downgrade)


def direction_of(
    present: Sequence[TierStep], scheme: TierScheme, stands: TierStep, goes: DraftTier
) -> int:
    """1 up, -1 down, 0 the same: by the order of codes, else by the threshold."""
    if stands.code == goes.code:
        return 0
    known = next((t for t in present if t.code == goes.code), None)
    if known is not None:
        return 1 if known.position > stands.position else -1
    kept = next((n for n, t in enumerate(scheme.tiers, 1) if t.code == stands.code), None)
    if kept is not None:
        place = scheme.tiers.index(goes) + 1
        return 1 if place > kept else -1
    return 1 if goes.threshold > stands.threshold else -1


def need_of(scheme: TierScheme, stands: TierStep, goes: DraftTier, size: int) -> int:
    """What the draft asks for the higher of both tiers."""
    if size > 0:
        return goes.threshold
    place = scheme.tiers.index(goes)
    following = scheme.tiers[place + 1 :][:1]
    same = [t for t in scheme.tiers if t.code == stands.code]
    return (same or following or (goes,))[0].threshold


def morning_position(changes: Sequence[Change], day: date) -> int:
    """Where a member stood when a day began: after its reviews, before its purchases."""
    position = 1
    for change in changes:
        if change.day > day or (change.day == day and change.reason == "reached"):
            break
        position = change.after.position
    return position


def month_of(day: date) -> str:
    """2026-03 of a day in March."""
    return day.isoformat()[:7]
