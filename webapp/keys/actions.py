"""Keys of tills: made, found, rotated with an overlap, revoked.

A key reads `laurel_<prefix>_<secret>`. The secret has 256 bits, so a plain hash keeps it
safe; it is shown once, when the key is made.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, select

from gamification.columns import from_micros
from gamification.store import Store
from gamification.world import World
from webapp.keys.refusals import BadKeyPlan, KeyExists, NoSuchKey
from webapp.keys.tables import ApiKey

USUAL_SCOPES = ("receipts:write", "members:read", "activities:write")
"""What a till needs; the rest has to be asked for."""
SCOPES = (*USUAL_SCOPES, "members:write")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
PREFIX_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
SHAPE = re.compile(rf"laurel_([{PREFIX_LETTERS}]{{8}})_[A-Za-z0-9_-]{{20,80}}")
TOUCH_EVERY = timedelta(minutes=10)
UNDO_WITHIN = timedelta(minutes=10)


def add_key(
    world: World, name: str, scopes: Sequence[str], *, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its secret text, which nobody can read again.

    Raises:
        BadKeyPlan: the name or a scope makes no sense.
        KeyExists: a key of this name works; rotate it instead.
    """
    for fault in plan_faults(name, scopes):
        raise fault
    if expires_at is not None and expires_at <= world.now:
        raise BadKeyPlan(what="expiry", value=expires_at.isoformat())
    if working_keys(world, name):
        raise KeyExists(name=name)
    return _make(world, name, scopes, expires_at=expires_at)


def plan_faults(name: str, scopes: Sequence[str]) -> list[BadKeyPlan]:
    """Everything that makes no sense in the plan of a key."""
    faults = [] if NAME.fullmatch(name) else [BadKeyPlan(what="name", value=name)]
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        faults.append(BadKeyPlan(what="scope", value=unknown[0] if unknown else ""))
    return faults


def _make(
    world: World,
    name: str,
    scopes: Iterable[str],
    *,
    expires_at: datetime | None = None,
    rotated_from: int | None = None,
) -> tuple[ApiKey, str]:
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _ in range(8))
    text = f"laurel_{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey(
        name=name,
        prefix=prefix,
        hash=key_hash(text),
        scopes=[scope for scope in SCOPES if scope in set(scopes)],
        created=world.now,
        expires_at=expires_at,
        rotated_from=rotated_from,
    )
    world.session.add(key)
    world.session.flush()
    return key, text


def key_hash(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A key that works, as a request needs it."""

    id: int
    name: str
    prefix: str
    scopes: frozenset[str]
    last_used: datetime | None


def find_key(world: World, text: str) -> OpenKey | None:
    """The working key with this secret text; None for any other, whatever is wrong with it.

    It is asked for with every request, hence read past the session.
    """
    shape = SHAPE.fullmatch(text)
    if shape is None:
        return None
    row = Store(world.connection).first(
        "SELECT id, name, prefix, hash, scopes, last_used, expires_at, revoked_at FROM api_key"
        " WHERE prefix = ?",
        shape[1],
    )
    if row is None or not hmac.compare_digest(row[3], key_hash(text)):
        return None
    used, expires, revoked = (None if x is None else from_micros(x) for x in row[5:8])
    if not is_open(world.now, expires_at=expires, revoked_at=revoked):
        return None
    scopes = json.loads(row[4]) if isinstance(row[4], str) else row[4]
    return OpenKey(row[0], row[1], row[2], frozenset(scopes), used)


def works(key: ApiKey, now: datetime) -> bool:
    """Whether a key opens anything at an instant."""
    return is_open(now, expires_at=key.expires_at, revoked_at=key.revoked_at)


def is_open(now: datetime, *, expires_at: datetime | None, revoked_at: datetime | None) -> bool:
    """Whether a key with this life is neither revoked nor at its end."""
    return revoked_at is None and (expires_at is None or now < expires_at)


def is_touch_due(key: OpenKey, now: datetime) -> bool:
    """Whether the last use is to be written down: not at every call."""
    return key.last_used is None or key.last_used + TOUCH_EVERY <= now


def touch_key(world: World, key_id: int) -> None:
    """Write down that a key was used now."""
    world.session.execute(
        sa.update(ApiKey).where(col(ApiKey.id) == key_id).values(last_used=world.now)
    )


def all_keys(world: World) -> list[ApiKey]:
    """Every key there ever was, by name, oldest first."""
    return list(world.session.exec(select(ApiKey).order_by(col(ApiKey.name), col(ApiKey.id))))


def working_keys(world: World, name: str) -> list[ApiKey]:
    """The keys of a name that open something now, oldest first: two while one is rotated."""
    return [key for key in all_keys(world) if key.name == name and works(key, world.now)]


def rotate_key(world: World, name: str, *, overlap: timedelta) -> tuple[ApiKey, str]:
    """A successor with the same name and scopes; the old key works on for the overlap.

    Raises:
        NoSuchKey: no working key has this name.
    """
    keys = working_keys(world, name)
    if not keys:
        raise NoSuchKey(name=name)
    end = world.now + overlap
    for key in keys:
        if overlap <= timedelta(0):
            key.revoked_at = world.now
        elif key.expires_at is None or key.expires_at > end:
            key.expires_at = end
    newest = keys[-1]
    return _make(world, name, newest.scopes, rotated_from=newest.id)


def revoke_keys(world: World, name_or_prefix: str) -> list[ApiKey]:
    """Close every working key of a name, or the one of a prefix, at once.

    Raises:
        NoSuchKey: there is none.
    """
    keys = [
        key
        for key in all_keys(world)
        if name_or_prefix in (key.name, key.prefix) and works(key, world.now)
    ]
    if not keys:
        raise NoSuchKey(name=name_or_prefix)
    for key in keys:
        key.revoked_at = world.now
    world.session.flush()
    return keys


def reopen_key(world: World, prefix: str) -> ApiKey:
    """Undo a revocation of a moment ago: somebody closed the wrong key.

    Raises:
        NoSuchKey: it was not revoked within the last ten minutes, or its time is over.
    """
    since = world.now - UNDO_WITHIN
    for key in all_keys(world):
        fresh = key.revoked_at is not None and key.revoked_at >= since
        lives = is_open(world.now, expires_at=key.expires_at, revoked_at=None)
        if key.prefix == prefix and fresh and lives:
            key.revoked_at = None
            world.session.flush()
            return key
    raise NoSuchKey(name=prefix)
