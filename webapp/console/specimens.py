"""What the page of the design system shows: invented values, one of every kind and state."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from gamification.readmodels.views import (
    MedalTile,
    Named,
    NextStep,
    NextTier,
    OperationKind,
    OperationRow,
    OperationState,
    TierCard,
    WhyCode,
    WhyLine,
)
from webapp.art.medals import ART
from webapp.art.sprite import drawings

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TIERS = ("sprout", "leaf", "branch", "wreath")
COLOURS = (
    "canvas", "surface", "sunken", "text", "text-2", "text-3", "line-control", "action",
    "action-soft", "points", "points-fill", "urgent", "urgent-soft", "info", "info-soft",
    "level", "level-soft", "focus",
)  # fmt: skip
SCENES = ("coral", "sky", "iris", "sun", "mint")
SIZES = ("12", "13", "14", "16", "18", "20", "24")
FILLS = (0, 25, 50, 75, 100)
ROWS: tuple[tuple[OperationKind, OperationState, int, WhyCode], ...] = (
    ("purchase", "pending", 134, "base_rate"),
    ("purchase", "available", 84, "base_rate"),
    ("purchase", "none", 0, "no_rule"),
    ("return", "returned", -181, "clawback"),
    ("spend", "spent", -290, "spend"),
    ("spend_returned", "available", 290, "spend_returned"),
    ("medal", "pending", 50, "medal"),
    ("opening", "available", 1_200, "opening_balance"),
    ("adjustment", "available", 200, "adjustment"),
    ("expiry", "expired", -60, "expiry"),
)


def tier_cards() -> list[TierCard]:
    """The four metals, the wreath a quarter fuller each time."""
    cards = []
    for number, code in enumerate(TIERS, 1):
        coming = None
        if number < len(TIERS):
            coming = NextTier(Named(TIERS[number]), 300 + 200 * number, 260_000, TODAY)
        cards.append(TierCard(Named(code), number, 4, 100 + 200 * number, 25 * number, coming))
    return cards


def operations() -> list[OperationRow]:
    """A row of every kind."""
    return [
        OperationRow(
            public_id=f"specimen-{number}",
            kind=kind,
            at=NOON - timedelta(days=number),
            points=points,
            state=state,
            amount_minor=120_000 if kind in ("purchase", "return") else None,
            place="1" if kind == "purchase" else None,
            receipt="441-0092" if kind == "purchase" else None,
            medal="early_bird" if kind == "medal" else None,
            level=2 if kind == "medal" else None,
            arrives_on=TODAY + timedelta(days=12) if state == "pending" else None,
            expires_on=TODAY + timedelta(days=90) if state == "available" else None,
            why=(reason(code, points),),
        )
        for number, (kind, state, points, code) in enumerate(ROWS)
    ]


def reason(code: WhyCode, points: int) -> WhyLine:
    """One line that explains a row."""
    return WhyLine(
        code,
        Decimal(points),
        medal="early_bird" if code == "medal" else None,
        level=2,
        rate_bp=700,
        amount_minor=120_000,
        on=TODAY,
    )


def steps() -> list[NextStep]:
    """The next step in each of its kinds."""
    near = MedalTile("night_owl", 2, "under_way", 5, 7)
    return [
        NextStep("first_purchase"),
        NextStep("expiring", points=320, on=TODAY + timedelta(days=5), days_left=5),
        NextStep("medal", medal=near),
        NextStep("tier", tier=Named("branch"), rate_bp=700, missing_minor=260_000),
        NextStep("pending", points=134, on=TODAY + timedelta(days=12)),
    ]


def medals() -> list[MedalTile]:
    """Every shipped medal at the level whose metal shows it best."""
    levels = (3, 1, 4, 2, 5)
    return [MedalTile(code, levels[number % 5], "earned", 1, 1) for number, code in enumerate(ART)]


def states() -> list[MedalTile]:
    """A medal from not started to its highest level, and a secret one."""
    started = [MedalTile("early_bird", 1, "not_started", 0, 3)]
    under_way = [MedalTile("early_bird", 1, "under_way", done, 4) for done in (1, 2, 3)]
    earned = [MedalTile("early_bird", level, "earned", 1, 1) for level in range(1, 6)]
    return [*started, *under_way, *earned, MedalTile("", 0, "secret")]


def icons() -> list[str]:
    """The line icons by name."""
    return sorted(drawings("icons"))


def glyphs() -> list[str]:
    """The solid glyphs by name."""
    return sorted(drawings("glyphs"))
