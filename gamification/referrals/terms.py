"""The terms of invitations: versioned, and what a new programme starts with."""

from dataclasses import dataclass, fields
from functools import lru_cache

from gamification.columns import to_micros
from gamification.store import Store
from gamification.world import World


@dataclass(frozen=True, slots=True)
class ReferralTerms:
    """What an invitation brings; units as in `ReferralTermsRow`. Source: semantics 6."""

    is_on: bool = True
    referrer_points: int = 300
    friend_points: int = 300
    welcome_points: int = 0
    minimum: int = 50_000
    hold_days: int = 14
    qualify_days: int = 60
    link_days: int = 30
    bind: str = "first"
    cap: int = 10
    cap_days: int = 30
    budget: int | None = None
    share_percent: int = 0
    share_days: int = 90
    second_percent: int = 0
    id: int | None = None


COLUMNS = tuple(field.name for field in fields(ReferralTerms))
PICKS = ", ".join(f"t.{name}" for name in COLUMNS)
NEWEST = "t.valid_from <= ? ORDER BY t.valid_from DESC, t.id DESC LIMIT 1"
"""The terms in force at an instant, as the end of a statement."""


@lru_cache(maxsize=256)
def terms_from(row: tuple[object, ...]) -> ReferralTerms:
    """Terms from a row of PICKS; a row of the same values is the same terms."""
    values = dict(zip(COLUMNS, row, strict=True))
    return ReferralTerms(**(values | {"is_on": bool(values["is_on"])}))  # type: ignore[arg-type]


def terms_now(world: World) -> ReferralTerms | None:
    """The terms in force; None where the programme never published any."""
    row = Store(world.connection).first(
        f"SELECT {PICKS} FROM referral_terms t WHERE {NEWEST}", to_micros(world.now)
    )
    return None if row is None else terms_from(tuple(row))


def terms_called(store: Store, terms_id: int) -> ReferralTerms:
    """The terms under which somebody was invited: later ones change nothing for them."""
    row = store.first(f"SELECT {PICKS} FROM referral_terms t WHERE t.id = ?", terms_id)
    assert row is not None, "an invitation names its terms"
    return terms_from(tuple(row))
