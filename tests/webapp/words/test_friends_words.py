"""What the page of friends says: each state in its own words, and numbers that are true."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from gamification.readmodels.friends import FriendRow, Funnel
from tests.preview.circle import FRIENDS, FULL, TERMS, ladder
from tests.preview.show import show
from webapp.words.friends import (
    REFUSED,
    friend_line,
    funnel_words,
    ladder_words,
)
from webapp.words.offers import fund_text, lead_text, rule_lines, small_print, title_lines
from webapp.words.shares import invitation_text

REASONS = [("blocked", reason) for reason in (*REFUSED, "rejected", "burst", None)]
REASONS += [("qualified", "cap"), ("qualified", "budget"), ("qualified", None)]
REASONS += [("registered", None), ("registered", "excluded"), ("registered", "returned")]
REASONS += [("expired", "too_late"), ("expired", "gone"), ("reversed", "returned")]


@pytest.fixture(params=["ru", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    app: Flask = show()
    with app.test_request_context(f"/?lang={request.param}"):
        yield request.param


def row(state: str, reason: str | None) -> FriendRow:
    return FRIENDS[1]._replace(state=state, reason=reason)  # type: ignore[arg-type]


def test_every_reason_is_a_sentence_and_what_checks_look_at_is_not_told(language: str) -> None:
    said = {each: friend_line(row(*each), FULL) for each in REASONS}

    assert all(len(line) > 10 for line in said.values())
    assert len({said["blocked", "rejected"], said["blocked", "burst"], said["blocked", None]}) == 1
    assert len(set(said.values())) == len(REASONS) - 2


def test_the_funnel_is_as_wide_as_it_is_true(language: str) -> None:
    assert [(s.value, s.most) for s in funnel_words(Funnel(24, 9, 6))] == [
        (24, 24),
        (9, 24),
        (6, 24),
    ]
    told_at_the_till = funnel_words(Funnel(opened=2, joined=5, bought=0))
    assert [(s.value, s.most, s.note) for s in told_at_the_till] == [
        (2, 5, ""), (5, 5, ""), (0, 5, ""),
    ]  # fmt: skip
    assert {s.most for s in funnel_words(Funnel(0, 0, 0))} == {1}


def test_the_title_names_only_who_gets_something(language: str) -> None:
    both = title_lines(TERMS)
    mine = title_lines(replace(TERMS, friend_points=0))
    theirs = title_lines(replace(TERMS, referrer_points=0))
    gift = title_lines(replace(TERMS, referrer_points=0, friend_points=0, welcome_points=50))
    nobody = title_lines(replace(TERMS, referrer_points=0, friend_points=0))

    assert (mine, theirs) == (both[:1], both[1:])
    assert "50" in gift[0]
    assert len(nobody) == 1


def test_terms_are_told_as_they_are(language: str) -> None:
    at_once = replace(TERMS, hold_days=0, welcome_points=70, share_percent=5, share_days=90)

    lead, rules = lead_text(TERMS, "RUB"), " ".join(rule_lines(TERMS, "RUB"))

    assert "14" in lead
    for number in ("300", "60", "14", "10", "30"):
        assert number in rules
    assert "14" not in lead_text(at_once, "RUB") + " ".join(rule_lines(at_once, "RUB"))
    assert "70" in lead_text(at_once, "RUB")
    assert "5" in small_print(at_once)
    assert "70" in invitation_text(replace(at_once, friend_points=0), "RUB", "Полдень")


def test_nothing_is_said_to_come_where_the_fund_cannot_pay(language: str) -> None:
    cut = replace(TERMS, referrer_points=0, friend_points=0, minimum=50_000)
    spent, gift = replace(cut, welcome_points=0), replace(cut, welcome_points=70)

    said = [lead_text(spent, "RUB"), *rule_lines(spent, "RUB")]
    pages = [
        fund_text(replace(FULL, terms=terms, fund=fund))  # type: ignore[arg-type]
        for terms, fund in ((TERMS, "open"), (TERMS, "lasts"), (gift, "short"), (spent, "short"))
    ]

    assert not any(number in " ".join(said).split() for number in ("0", "300"))
    assert "70" in lead_text(gift, "RUB")
    assert pages[0] == ""
    assert len(set(pages)) == 4
    assert "14" in said[2] and "14" not in rule_lines(replace(spent, hold_days=0), "RUB")[1]


def test_the_ladder_says_what_is_next_and_stops_at_the_top(language: str) -> None:
    under_way, top = ladder_words(ladder(2, 6)), ladder_words(ladder(4, 22))

    assert (under_way.value, under_way.most) == (6, 8)
    assert [(rung.held, rung.way) for rung in under_way.rungs] == [
        (True, 0), (True, 0), (False, 75), (False, 0),
    ]  # fmt: skip
    assert "500" in under_way.line
    assert (top.most, top.line) == (0, "")


def test_a_date_of_another_year_says_the_year(language: str) -> None:
    waiting = FRIENDS[2]._replace(until=date(2026, 1, 18))

    assert "2026" in friend_line(waiting, FULL)
