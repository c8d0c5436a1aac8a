"""What looks odd about an invitation: rules that flag, hold or block, and who decides."""

from gamification.store import Store
from gamification.world import World


def judge_binding(world: World, store: Store, referral_id: int) -> bool:
    """Judge a new invitation; answers whether a rule blocks it."""
    return False


def judge_qualifying(world: World, store: Store, referral_id: int) -> str:
    """Judge an invitation that is about to be paid: `pay`, `hold` or `block`."""
    return "pay"
