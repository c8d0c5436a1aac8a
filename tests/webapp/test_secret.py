"""The key is found, made once, and refused when it could be guessed."""

import secrets
import threading
from pathlib import Path

import pytest

from tests.webapp.shopfront import KEY
from webapp.secret import WeakSecret, find_secret, weakness
from webapp.settings import Settings


@pytest.mark.parametrize(
    "key",
    [
        "secret",
        "x" * 64,
        "changeme-changeme-changeme-changeme",
        "laurel-secret-key-development-12",
        "this-is-a-very-secret-key-change-me-please!",
        "abababababababababababababababab",
        "ThisIsMySuperSecretKey1234567890abcdef",
        "correct-horse-battery-staple-and-so-on",
    ],
)
def test_a_guessable_key_is_refused(key: str, tmp_path: Path) -> None:
    for demo in (True, False):
        with pytest.raises(WeakSecret, match="token_urlsafe"):
            find_secret(Settings(data=tmp_path, secret_key=key, demo=demo))


def test_random_keys_of_every_usual_shape_are_fine() -> None:
    keys = [KEY, secrets.token_urlsafe(48), secrets.token_urlsafe(32)]

    assert [weakness(key) for key in keys] == [None] * 3


@pytest.mark.parametrize("url", ["", "postgresql://db/laurel"])
def test_a_real_shop_brings_its_own_key(tmp_path: Path, url: str) -> None:
    with pytest.raises(WeakSecret, match="LAUREL_SECRET_KEY is not set"):
        find_secret(Settings(data=tmp_path, demo=False, database_url=url))


def test_the_demo_makes_a_key_that_stays(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "laurel-data")

    first, second = find_secret(settings), find_secret(settings)

    assert first == second
    assert weakness(first) is None
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.data.iterdir()] == ["secret-key"]


def test_many_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    starts = [
        threading.Thread(target=lambda: found.append(find_secret(Settings(data=tmp_path))))
        for _ in range(8)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    assert len(found) == 8
    assert len(set(found)) == 1
