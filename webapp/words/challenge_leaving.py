"""For how long somebody leaves a challenge: one that repeats takes them in anew."""

from gamification.readmodels.challenges import ChallengeTerms
from webapp.tongue import gettext as _
from webapp.tongue import later as _l

LEAVES = {
    "daily": _l("Leave until the end of the day"),
    "weekly": _l("Leave until the end of the week"),
    "monthly": _l("Leave until the end of the month"),
}
OUT = {
    "daily": _l("You are out until the end of the day. You may come back at any time."),
    "weekly": _l("You are out until the end of the week. You may come back at any time."),
    "monthly": _l("You are out until the end of the month. You may come back at any time."),
}
"""Who left a period is in the next one again, where nobody has to press anything."""


def repeats_by_itself(terms: ChallengeTerms) -> str:
    """By which period it takes members in anew; empty where leaving is for good."""
    return terms.repeat if terms.repeat in LEAVES and terms.enrol == "auto" else ""


def leave_label(terms: ChallengeTerms) -> str:
    """What the button says: for how long somebody leaves."""
    period = repeats_by_itself(terms)
    return _(LEAVES[period]) if period else _("Leave")


def left_sentence(terms: ChallengeTerms) -> str:
    """How it stands with somebody who left."""
    period = repeats_by_itself(terms)
    return (
        _(OUT[period]) if period else _("You are not taking part. You may come back while it runs.")
    )
