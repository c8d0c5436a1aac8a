"""The cookie of an invitation: which link this browser opened, when, and where it was found.

It is signed, so that nobody can move the day, and holds codes and no person.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from flask import Response, request
from itsdangerous import BadData

from webapp.sealing import Sealer
from webapp.serving import this_request
from webapp.surroundings import here

COOKIE = "laurel-invited"
MOST_SEEN = 8


@dataclass(frozen=True, slots=True)
class Opened:
    """The invitation that counts in this browser, and the codes whose pages it has seen.

    `paid`: an advertisement in a search had led to the link.
    """

    code: str
    channel: str
    at: datetime
    seen: tuple[int, ...] = ()
    paid: bool = False


def read_opened() -> Opened | None:
    """What this browser carries; None without a cookie, or when we did not write it."""
    asked, name = this_request(), cookie_name()
    if name not in asked.environ.get("HTTP_COOKIE", "") or not (told := asked.cookies.get(name)):
        return None
    try:
        code, channel, at, seen, *more = sealer(here().secret).loads(told)
    except (BadData, TypeError, ValueError):
        return None
    return Opened(code, channel, datetime.fromtimestamp(at, UTC), tuple(seen), more == [1])


def keep_opened(answer: Response, opened: Opened, *, until: datetime, now: datetime) -> None:
    """Let the browser carry an invitation for as long as it counts."""
    told = [opened.code, opened.channel, int(opened.at.timestamp()), opened.seen[-MOST_SEEN:]]
    told += [1] if opened.paid else []
    sealed = str(sealer(here().secret).dumps(told))
    age = max(0, int((until - now).total_seconds()))
    safe = " Secure;" if here().settings.https else ""
    answer.headers.add(  # as `set_cookie` would write it, for a text that needs no care
        "Set-Cookie",
        f"{cookie_name()}={sealed}; Max-Age={age};{safe} HttpOnly; Path=/; SameSite=Lax",
    )


def forget_opened(answer: Response) -> None:
    """An invitation counts once: after joining it is gone."""
    if cookie_name() in request.cookies:
        answer.delete_cookie(
            cookie_name(), secure=here().settings.https, httponly=True, samesite="Lax"
        )


def cookie_name() -> str:
    """`__Host-` by https: then no neighbour of ours can set it."""
    return f"__Host-{COOKIE}" if here().settings.https else COOKIE


@lru_cache(maxsize=8)
def sealer(secret: str) -> Sealer:
    """Signs with the installation's key; no other signature of ours fits here."""
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return Sealer(secret, salt="laurel invitation", signer_kwargs=options)
