"""Every way in which the entrance says no."""

from gamification.refusals import Refusal


class UnreadableContact(Refusal):
    """What was typed is neither a phone nor an e-mail."""

    code = "unreadable_contact"


class WrongCode(Refusal):
    """The one-time code is not the one that was sent; `left` tries remain."""

    code = "wrong_code"


class DeadCode(Refusal):
    """The one-time code is too old, was used, or was tried too often."""

    code = "dead_code"


class WrongPassword(Refusal):
    """No account has this name and this password."""

    code = "wrong_password"


class WeakPassword(Refusal):
    """The password is too short, too long or too well known; `why` says which."""

    code = "weak_password"


class DeadActivation(Refusal):
    """The activation code is unknown, too old or used."""

    code = "dead_activation"


class DeadLink(Refusal):
    """The link is unknown, too old or used."""

    code = "dead_link"


class TooManyTries(Refusal):
    """A throttle is full; `retry` seconds until it opens again."""

    code = "too_many_tries"


class Busy(Refusal):
    """Too much is being asked at once; `retry` seconds, then again."""

    code = "busy"


class AccountExists(Refusal):
    """The e-mail belongs to an account already."""

    code = "account_exists"


class UnknownAccount(Refusal):
    """Nobody of the staff has this e-mail."""

    code = "unknown_account"


class LastOwner(Refusal):
    """The only owner who can sign in may not be shut out."""

    code = "last_owner"
