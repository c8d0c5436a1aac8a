"""Every way in which the API says no by itself, before the programme is asked."""

from dataclasses import dataclass, field
from typing import Any

from gamification.refusals import Refusal


class UnreadableBody(Refusal):
    """The body is no JSON object, nests too deep, or names a field twice; `why` says which."""

    code = "unreadable_body"


class WrongMediaType(Refusal):
    """The body is not announced as plain application/json in UTF-8."""

    code = "wrong_media_type"


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that is wrong: a JSON pointer into the body, a code, its values.

    `parameter` names one of the address instead.
    """

    pointer: str
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    parameter: str | None = None


class InvalidRequest(Refusal):
    """Fields are missing, unknown or outside what they may be; `faults` names each."""

    code = "invalid_request"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults=faults)
        self.faults = faults


class KeyMissing(Refusal):
    """No key came along."""

    code = "key_missing"


class KeyUnknown(Refusal):
    """No key like this works: never made, expired or revoked."""

    code = "key_unknown"


class ScopeMissing(Refusal):
    """The key may not do this; `scope` is what it lacks."""

    code = "scope_missing"
