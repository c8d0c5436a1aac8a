"""The key that signs cookies and codes: found, made once, refused when it can be guessed."""

import contextlib
import itertools
import os
import secrets
from pathlib import Path

from webapp.settings import Settings, usable

LEAST_LENGTH = 32
LEAST_LETTERS = 10
LEAST_UNLISTED = 24
LEAST_CHANGES = 0.25
KNOWN_WORDS = (
    "secret", "changeme", "change-me", "change_me", "password", "default", "example", "development",
    "insecure", "your-key", "your_key", "yourkey", "replace", "supersecret", "flask", "django",
    "laurel", "qwerty", "letmein", "1234567890", "0123456789", "123456789", "abcdef", "deadbeef",
    "super", "session", "production", "placeholder", "test", "key",
)  # fmt: skip


class WeakSecret(Exception):  # noqa: N818 - says what is wrong
    """The key is missing, short or guessable; the message says how to get a good one."""


ADVICE = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def find_secret(settings: Settings) -> str:
    """The key of this installation: from the environment, else from its file.

    The demo makes the file at its first start; a real shop brings the key.

    Raises:
        WeakSecret: there is none, or it could be guessed.
        BadSetting: its file cannot be made.
    """
    key = settings.secret_key or read_key(settings.key_file)
    if key is None and settings.demo and settings.embedded:
        with usable(settings.data):
            key = make_key(settings.key_file)
    if key is None:
        raise WeakSecret(f"LAUREL_SECRET_KEY is not set. {ADVICE}")
    if fault := weakness(key):
        raise WeakSecret(f"The secret key {fault}. {ADVICE}")
    return key


def weakness(key: str) -> str | None:
    """Why a key could be guessed, as the end of a sentence; None for a good one."""
    if len(key) < LEAST_LENGTH:
        return f"is shorter than {LEAST_LENGTH} characters"
    if len(set(key)) < LEAST_LETTERS:
        return "repeats too few characters"
    rest = key.lower()
    for word in KNOWN_WORDS:
        rest = rest.replace(word, "")
    if len(rest) < LEAST_UNLISTED or changes(key) < LEAST_CHANGES:
        return "is made of words"
    return None


def changes(key: str) -> float:
    """How often small letters, capitals and digits take turns: half the time by chance."""
    kinds = [
        "digit" if letter.isdigit() else "capital" if letter.isupper() else "small"
        for letter in key
        if letter.isalnum()
    ]
    turns = sum(one != two for one, two in itertools.pairwise(kinds))
    return turns / max(1, len(kinds) - 1)


def read_key(path: Path) -> str | None:
    """The key in a file, or None when there is no such file."""
    try:
        return path.read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def make_key(path: Path) -> str:
    """Write a new key that only its owner can read; whoever comes second gets the first's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    # A hard link fails when the name is taken, so nobody ever reads half a key.
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    key = read_key(path)
    assert key is not None, "the key was just written"
    return key
