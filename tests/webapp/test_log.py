"""Logs say who did what, never a secret."""

import json

import pytest

from webapp.log import LOG, masked_text, start_log


def test_secrets_and_contacts_stay_out(capfd: pytest.CaptureFixture[str]) -> None:
    start_log("info")

    LOG.info(
        "sent", code="123456", password="hunter2", contact="+79123456789", to="anna@example.org"
    )

    line = capfd.readouterr().err
    assert json.loads(line)["event"] == "sent"
    for hidden in ("123456", "hunter2", "+79123456789", "anna@"):
        assert hidden not in line


def test_an_error_is_masked_too(capfd: pytest.CaptureFixture[str]) -> None:
    start_log("info")

    LOG.error("fault", exc_info=ValueError("no such phone: +79123456789"))

    assert "+79123456789" not in capfd.readouterr().err


def test_levels_are_kept(capfd: pytest.CaptureFixture[str]) -> None:
    start_log("warning")

    LOG.info("quiet")
    LOG.warning("loud")

    assert [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()] == ["loud"]


def test_a_mask_keeps_enough_to_recognise() -> None:
    assert (
        masked_text("to +79123456789, anna@example.org") == "to +7 ••• ••• 67 89, a•••@example.org"
    )
