"""Signed cookies and tokens: unpacked, for ours are short, and by keys that are made once."""

import hmac
import secrets
from functools import cache, lru_cache
from typing import Any

from flask import current_app, g, session
from itsdangerous import Signer, TimestampSigner, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.serializer import Serializer
from itsdangerous.signer import SigningAlgorithm


class OneCall(SigningAlgorithm):
    """The signature that itsdangerous makes, by one call instead of three objects."""

    def __init__(self, digest: str) -> None:
        self._digest = digest

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The keyed hash of a value."""
        return hmac.digest(key, value, self._digest)


class KeptSigner(Signer):
    """As its parent, whose key is derived once."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.algorithm = OneCall(self.digest_method().name)
        self.derive_key = cache(super().derive_key)  # type: ignore[method-assign]


class KeptTimestampSigner(KeptSigner, TimestampSigner):
    """As its parent, whose key is derived once."""


class Unpacked(Serializer[str]):
    """Signs texts that were not packed, by one signer for all."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._kept = super().make_signer()

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """The one signer; another for another salt."""
        return self._kept if salt in (None, self.salt) else super().make_signer(salt)

    def dump_payload(self, obj: Any) -> bytes:
        """The text that gets signed."""
        return base64_encode(Serializer.dump_payload(self, obj))


class Sealer(Unpacked, URLSafeSerializer):
    """As its parent, which also reads what this writes."""

    default_signer = KeptSigner


class TimedSealer(Unpacked, URLSafeTimedSerializer):
    """As its parent, which also reads what this writes."""

    default_signer = KeptTimestampSigner


def form_token() -> str:
    """The token of this reader's forms, as Flask-WTF makes and checks it, at half its cost."""
    if "csrf_token" not in g:
        word = session.get("csrf_token")
        if not isinstance(word, str):
            word = session["csrf_token"] = secrets.token_hex(20)
        g.csrf_token = token_sealer(str(current_app.secret_key)).dumps(word)
    return str(g.csrf_token)


@lru_cache(maxsize=8)
def token_sealer(secret: str) -> TimedSealer:
    """Signs as Flask-WTF does."""
    return TimedSealer(secret, salt="wtf-csrf-token")
