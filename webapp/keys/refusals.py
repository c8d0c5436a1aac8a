"""Every way in which a key cannot be made, rotated or closed."""

from gamification.refusals import Refusal


class KeyExists(Refusal):
    """A key of this name works already: rotate it instead."""

    code = "key_exists"


class NoSuchKey(Refusal):
    """No working key has this name or prefix."""

    code = "no_such_key"


class BadKeyPlan(Refusal):
    """A name or a scope for a new key makes no sense; `what` and `value` say which."""

    code = "bad_key_plan"
