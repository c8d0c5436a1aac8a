"""When a message is tried again and what is forgotten of it."""

from datetime import UTC, datetime, timedelta

from gamification.notices import retries

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_waits_grow_fourfold_up_to_six_hours() -> None:
    waits = [retries.wait_after(attempt) for attempt in range(1, retries.MOST_ATTEMPTS)]

    seconds = [5, 20, 80, 320, 1280, 5120, 20480, 21600, 21600]
    assert waits == [timedelta(seconds=wait) for wait in seconds]


def test_the_tenth_attempt_is_the_last() -> None:
    assert [retries.is_last(attempts) for attempts in (1, 9, 10, 11)] == [False, False, True, True]


def test_a_code_is_stale_from_the_instant_it_names() -> None:
    payload = {"code": "123456", "good_until": "2026-03-01T15:00:00+03:00"}

    before, at = NOON - timedelta(microseconds=1), NOON
    assert (retries.is_stale(payload, before), retries.is_stale(payload, at)) == (False, True)


def test_a_message_without_an_end_is_never_stale() -> None:
    assert not retries.is_stale({}, NOON + timedelta(days=4000))


def test_only_named_secrets_are_forgotten() -> None:
    kept = retries.without_secrets({"code": "123456", "minutes": 10}, {"code", "link"})

    assert kept == {"minutes": 10}


def test_an_error_is_kept_as_one_short_printable_line() -> None:
    error = "550 no\r\n such\tbox \x00\x1b[31m" + "я" * 400

    assert retries.short_error(error) == ("550 no such box [31m" + "я" * 400)[:300]
