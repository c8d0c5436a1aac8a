"""Rehearsals in the console: a draft is filled in, tried on the past, and nothing is written."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

import webapp.console.rehearsals as rehearsals
from gamification.commands.owner import publish_rule
from tests.webapp.console.owner import english, statements, tell
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.jobs.erasure import erase_now
from webapp.rehearsing import runner
from webapp.rehearsing.runs import begin_run, end_run, find_run, run_of

RULES, TIERS = "/console/rehearsals", "/console/rehearsals/tiers"
COUNTED = ("activity", "transfer", "earn_rule_version", "standing_log", "notice", "member")


@pytest.fixture
def lived(open_shop: Shop) -> Shop:
    """A shop where Anna bought twice and Boris once."""
    for name, phone, days in (
        ("Anna Petrova", "+79123456701", (5, 9)),
        ("Boris", "+79123456702", (5,)),
    ):
        member = open_shop.member(name=name, phone=phone)
        with open_shop.worlds.open() as world:
            for n in days:
                tell(world, member, f"{name[0]}-{n}", days=n, total=1_100_000)
    return open_shop


def rows(shop: Shop) -> dict[str, int]:
    """How many rows there are, table by table."""
    with shop.worlds.open(readonly=True) as world:
        return {
            name: int(world.connection.exec_driver_sql(f"SELECT COUNT(*) FROM {name}").scalar_one())
            for name in COUNTED
        }


def said(answer: TestResponse) -> str:
    return text_of(answer).replace("\u00a0", " ")


def asked(owner: Browser, page: str, **fields: Any) -> TestResponse:
    """The draft is sent to be tried; where that began, its page once it is over."""
    token, english = owner.token(page), {"Accept-Language": "en"}
    answer = owner.client.post(page, data=fields | {"csrf_token": token}, headers=english)
    for _n in range(100):
        if answer.status_code == 303:
            where = answer.location
            answer = owner.get(where, headers=english)
        if "hx-trigger" not in answer.get_data(as_text=True):
            break
        time.sleep(0.1)
        answer = owner.get(where, headers=english)
    return answer


def doubled(**more: Any) -> dict[str, Any]:
    """The address of a draft that doubles everything."""
    fields = {"rule": "new:multiplier", "kind": "multiplier:new:multiplier", "times": "2"}
    return {**fields, **more}


def scheme(**more: str) -> dict[str, str]:
    """The address of the tiers as they ship, the second one dearer."""
    fields = {"window_days": "365", "term_months": "12", "grace_days": "30",
              "downgrade": "one_step"}  # fmt: skip
    ladder = (("Sprout", "0", "1"), ("Leaf", "20000", "2"), ("Branch", "30000", "3"))
    for n, (name, need, rate) in enumerate(ladder, 1):
        fields |= {f"name-{n}": name, f"need-{n}": need, f"rate-{n}": rate}
    return fields | {name.replace("_of_", "-"): value for name, value in more.items()}


def test_a_doubled_rule_tells_what_it_would_have_changed(lived: Shop, owner: Browser) -> None:
    before = rows(lived)

    words = said(asked(owner, RULES, **doubled()))

    assert "Points of the period 660" in words
    assert "330 as it was; 330 points more" in words
    assert "Worth ₽330" in words
    assert "Gain 2" in words
    assert "Anna P. : 220 points → 440 points" in words
    assert "After: “The draft”: ×2" in words
    assert "What the past cannot say" in words
    assert "Nothing was changed." in words
    assert rows(lived) == before


def test_a_rule_in_force_is_switched_off(lived: Shop, owner: Browser) -> None:
    member = lived.member(name="Clara", phone="+79123456703")
    with lived.worlds.open() as world:
        publish_rule(world, code="happy", kind="multiplier", params={"percent": 300},
                     names={"en": "Happy", "ru": "Час"})  # fmt: skip
    with lived.worlds.open() as world:
        tell(world, member, "C-1", days=0, total=1_000_000)

    form = english(owner, f"{RULES}?rule=rule:happy").get_data(as_text=True)
    words = said(asked(owner, RULES, rule="rule:happy", kind="multiplier:rule:happy", off="1"))

    assert 'value="3"' in form
    assert "Switch it off" in form
    assert "200 points fewer" in words
    assert "Before: “Happy”: ×3" in words


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"times": "1"}, "Write how many times as much"),
        ({"times": "two"}, "Write how many times as much"),
        ({"from": "10:00"}, "Give both hours"),
        ({"first-day": "2026-10-05", "last-day": "2026-10-01"}, "Give both days"),
        ({"since": "2026-13-01"}, "Write a day of the calendar."),
        ({"since": "2026-10-05", "till": "2026-10-01"}, "The first day is after the last one."),
        ({"since": "2001-10-05"}, "Choose at most"),
        (
            {"rule": "new:bonus", "kind": "bonus:new:bonus", "need": "-1", "points": "x"},
            "Write a sum",
        ),
        ({"rule": "new:exclusion", "kind": "exclusion:new:exclusion"}, "Choose at least one."),
        ({"rule": "new:cap", "kind": "cap:new:cap", "points": "0"}, "Write a whole number"),
    ],
)
def test_a_field_that_cannot_be_taken_is_said_and_nothing_runs(
    lived: Shop, owner: Browser, fields: dict[str, str], sentence: str
) -> None:
    answer = asked(owner, RULES, **doubled(**fields))

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert "Done." not in said(answer)


def test_another_rule_shows_its_own_fields_first(lived: Shop, owner: Browser) -> None:
    answer = asked(owner, RULES, **doubled(rule="rule:tier_rate"))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'name="rate-sprout"' in page
    assert "Done." not in page


def test_other_tiers_tell_who_would_fall(lived: Shop, owner: Browser) -> None:
    before = rows(lived)

    words = said(asked(owner, TIERS, **scheme()))

    assert "Would rise: 0; would fall: 1." in words
    assert "Boris : “Leaf” → “Sprout”" in words
    assert "Never reached ₽20,000 within 365 days; the last ones come to ₽11,000." in words
    assert rows(lived) == before


def test_the_present_tiers_change_nothing(lived: Shop, owner: Browser) -> None:
    page = english(owner, TIERS).get_data(as_text=True)
    words = said(asked(owner, TIERS, **scheme(need_of_2="10000", name_of_4="Wreath",
                                              need_of_4="60000", rate_of_4="5")))  # fmt: skip

    assert page.count('<fieldset class="asked-tier">') == 4
    assert "Would rise: 0; would fall: 0." in words
    assert "the same points" in words


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"need_of_2": "0"}, "Write a sum above zero"),
        ({"need_of_3": "15000"}, "This should be more than the tier before it needs."),
        ({"need_of_1": "5"}, "it starts at 0"),
        ({"name_of_2": ""}, "Give the tier a name."),
        ({"rate_of_2": "101"}, "Write per cent"),
        ({"window_days": "0"}, "Write a whole number"),
        ({"downgrade": "perhaps"}, "Choose one of the list."),
    ],
)
def test_a_scheme_that_cannot_be_taken_keeps_what_was_typed(
    lived: Shop, owner: Browser, fields: dict[str, str], sentence: str
) -> None:
    answer = asked(owner, TIERS, **scheme(**fields))

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert 'value="30000"' in answer.get_data(as_text=True) or "need_of_3" in fields


def test_progress_is_seen_by_every_process_and_anyone_can_stop_it(
    lived: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, ended = threading.Event(), threading.Event()

    def steps(*_: Any) -> Iterator[tuple[int, Any]]:
        try:
            for n in range(600):
                yield min(n * 10, 90), None
                going.wait(0.05)
            raise AssertionError("nobody stopped it")
        finally:
            ended.set()

    monkeypatch.setattr(rehearsals, "rule_steps", steps)
    monkeypatch.setattr(runner, "PATIENCE", 0.0)
    monkeypatch.setattr(runner, "NOTE_SECONDS", 0.0)
    data = doubled() | {"csrf_token": owner.token(RULES)}
    where = owner.client.post(RULES, data=data).location
    wait_for(lambda: 'value="90"' in owner.get(where).get_data(as_text=True))

    page = english(owner, where).get_data(as_text=True)
    assert 'hx-trigger="load delay:700ms, every 5s"' in page
    assert '<meta http-equiv="refresh"' in page
    alone = owner.get(where, headers={"HX-Request": "true", "HX-Target": "found"})
    assert alone.get_data(as_text=True).lstrip().startswith('<section class="rehearsed" id="found"')

    lived.member(name="Clara", phone="+79123456703")  # nothing is locked meanwhile
    (stop,) = re.findall(r'action="([^"]+/stop)"', page)
    stopped = lived.signed_in_as("marketer").send(RULES, stop)

    assert stopped.location == where
    assert "You stopped it. Nothing was changed." in said(english(owner, where))
    assert ended.wait(5), "its thread sees that it was stopped"
    assert "You stopped it." in said(english(owner, where))


def test_what_was_found_is_there_after_a_reload_and_only_for_its_draft(
    lived: Shop, owner: Browser
) -> None:
    data = doubled() | {"csrf_token": owner.token(RULES)}
    where = owner.client.post(RULES, data=data).location

    wait_for(lambda: "Points of the period 660" in said(english(owner, where)))
    assert "Points of the period 660" in said(english(owner, where))
    other = said(english(owner, where.replace("times=2", "times=3")))
    assert "Points of the period" not in other
    assert "Points of the period" not in said(english(owner, re.sub(r"run=\d+", "run=99", where)))
    assert english(owner, f"{TIERS}?run=1").status_code == 200


def test_a_process_that_is_gone_and_too_many_at_once_are_said(lived: Shop, owner: Browser) -> None:
    with lived.worlds.open() as world:
        for n in range(2):
            assert begin_run(world, "challenge", "x", {}, of=n)

    busy = asked(owner, RULES, **doubled())
    assert busy.status_code == 409
    assert "Other rehearsals are running. Try again in a minute." in said(busy)
    assert 'value="2"' in busy.get_data(as_text=True)

    lived.now.set((lived.now.read() + timedelta(minutes=3)).isoformat())
    with lived.worlds.open(readonly=True) as world:
        gone = run_of(world, "challenge", 1)
    assert gone is not None and gone.state == "broken"
    assert "Points of the period 660" in said(asked(owner, RULES, **doubled()))


def test_what_was_found_is_dropped_when_a_member_is_forgotten(lived: Shop, owner: Browser) -> None:
    with lived.worlds.open() as world:
        old = begin_run(world, "challenge", "x", {}, of=1)
        erase_now(world, 1)

    with lived.worlds.open() as world:
        assert old is not None and find_run(world, old) is None
        new = begin_run(world, "challenge", "y", {}, of=1)
        assert new is not None and not end_run(world, old, "done", {"of": "the old draft"})
        shown = find_run(world, new)
        assert shown is not None and shown.is_running


def wait_for(holds: Callable[[], bool]) -> None:
    for _n in range(100):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about")


@pytest.mark.parametrize("late", [False, True])
def test_what_goes_wrong_on_the_way_is_said(
    lived: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    def steps(*_: Any) -> Any:
        yield 0, None
        raise RuntimeError("broken")

    monkeypatch.setattr(rehearsals, "rule_steps", steps)
    if late:
        monkeypatch.setattr(rehearsals, "LONGEST", -1.0)

    words = said(asked(owner, RULES, **doubled()))

    assert ("It took more than a minute" if late else "It could not be finished") in words
    assert "Points of the period" not in words


def test_a_marketer_rehearses_and_does_not_publish(lived: Shop) -> None:
    marketer = lived.signed_in_as("marketer")

    page = asked(marketer, RULES, **doubled()).get_data(as_text=True)

    assert "The owner publishes changes" in page
    assert 'href="/console/programme"' not in page
    assert "/console/rehearsals" in english(marketer, "/console/segments").get_data(as_text=True)


def test_the_numbers_of_statements_do_not_grow_with_members(
    lived: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "PATIENCE", 60.0)
    monkeypatch.setattr(runner, "NOTE_SECONDS", 60.0)
    asked(owner, RULES, **doubled()).get_data()
    with statements() as few:
        asked(owner, RULES, **doubled()).get_data()
    for n in range(3):
        member = lived.member(name=f"D{n}", phone=f"+7912345671{n}")
        with lived.worlds.open() as world:
            tell(world, member, f"D-{n}", days=3)
    with statements() as many:
        asked(owner, RULES, **doubled()).get_data()

    assert len(many) == len(few)
