"""Signed cookies and tokens, unpacked: ours are too short for the packing of itsdangerous."""

import secrets
from functools import lru_cache
from typing import Any

from flask import current_app, g, session
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.serializer import Serializer


class Sealer(URLSafeSerializer):
    """As its parent, which also reads what this writes."""

    def dump_payload(self, obj: Any) -> bytes:
        """The text that gets signed."""
        return base64_encode(Serializer.dump_payload(self, obj))


class TimedSealer(URLSafeTimedSerializer):
    """As its parent, which also reads what this writes."""

    def dump_payload(self, obj: Any) -> bytes:
        """The text that gets signed."""
        return base64_encode(Serializer.dump_payload(self, obj))


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
