"""The tests find a browser in a fixed order, and bring one in only when there is none."""

from pathlib import Path

import pytest

from tests import provision


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A machine without any Chromium, as root, with apt; what was tried on it."""
    words: list[str] = []
    monkeypatch.delenv("LAUREL_TEST_BROWSER", raising=False)
    monkeypatch.setattr(provision, "private_folder", lambda _name: tmp_path)
    monkeypatch.setattr(provision, "has_bundled_browser", lambda: False)
    monkeypatch.setattr(provision, "may_use_apt", lambda: True)
    monkeypatch.setattr(provision.shutil, "which", lambda _name: None)
    monkeypatch.setattr(
        provision.subprocess, "run", lambda command, **_: words.append(" ".join(command))
    )
    return words


def test_a_named_browser_wins(tried: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUREL_TEST_BROWSER", "/somewhere/chrome")

    assert provision.browser_launch_args()["executable_path"] == "/somewhere/chrome"
    assert tried == []


def test_playwrights_own_browser_needs_no_path(
    tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provision, "has_bundled_browser", lambda: True)

    assert provision.browser_launch_args() == {}
    assert tried == []


def test_the_systems_browser_is_used_by_its_path(
    tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provision.shutil, "which", lambda name: f"/bin/{name}")

    assert provision.browser_launch_args()["executable_path"] == "/bin/chromium"
    assert tried == []


def test_without_any_playwright_is_asked_first_then_apt(tried: list[str]) -> None:
    with pytest.raises(RuntimeError, match="LAUREL_TEST_BROWSER"):
        provision.browser_launch_args()

    assert tried[0].endswith("-m playwright install chromium")
    assert tried[1:] == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends chromium",
    ]


def test_an_ordinary_user_does_not_try_apt(
    tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provision, "may_use_apt", lambda: False)

    with pytest.raises(RuntimeError, match="playwright install"):
        provision.browser_launch_args()

    assert [word for word in tried if word.startswith("apt-get")] == []
