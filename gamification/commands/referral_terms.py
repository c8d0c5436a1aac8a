"""Terms of invitations change over a version that somebody saw, never over one they did not."""

from dataclasses import replace

from gamification.commands.referrals import publish_terms
from gamification.referrals.terms import ReferralTerms, terms_now
from gamification.store import Store
from gamification.world import World


def replace_terms(world: World, terms: ReferralTerms, *, over: int | None, actor: str) -> str:
    """Publish terms in place of a version; `over` is its id, None where there is none.

    Answers `published`, `same` where they say what holds anyway, or `overtaken` where
    another version holds by now; then nothing is written.

    Raises:
        InvalidSetting: a number is out of its bounds.
    """
    store = Store(world.connection)
    if store.postgres:
        # Lock before comparing: two people may publish over the same version at once.
        store.first("SELECT id FROM programme WHERE id = 1 FOR UPDATE")
    now = terms_now(world)
    if over != (now.id if now else None):
        return "overtaken"
    if now is not None and replace(now, id=None) == replace(terms, id=None):
        return "same"
    publish_terms(world, terms, actor=actor)
    return "published"
