"""The overview: totals, what waits, the last import; the wizard until the programme is open."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule

from gamification.commands.founding import begin_programme
from gamification.commands.owner import ProgrammePlan, tier_plans
from tests.webapp.console.owner import english, statements, tell, waiting
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.app import create_app
from webapp.console.overview import challenge_href
from webapp.intake.runs import note_import
from webapp.settings import Settings


def test_the_owner_sees_what_there_is(open_shop: Shop, owner: Browser) -> None:
    anna = open_shop.member(name="Анна Седова", phone="+79123456789")
    with open_shop.worlds.open() as world:
        tell(world, anna, "p-1", days=20, total=100_000)
    waiting(open_shop, anna)

    said = text_of(english(owner, "/console"))

    assert "Overview" in said
    assert "Points issued 10" in said
    assert "worth ₽10" in said
    assert "1 receipt came too late" in said
    assert "Анна Седова" in said
    assert "Nothing has been imported yet" in said


def test_a_marketer_sees_numbers_and_none_of_the_owners_doors(open_shop: Shop) -> None:
    marketer = open_shop.signed_in_as("marketer")

    page = english(marketer, "/console").get_data(as_text=True)

    assert "/setup/files" not in page
    assert "/console/programme" not in page
    assert marketer.get("/console/programme").status_code == 403


@pytest.mark.parametrize("path", ["/console", "/console/programme", "/console/reviews"])
def test_a_stranger_is_asked_to_sign_in(open_shop: Shop, guest: Browser, path: str) -> None:
    answer = guest.get(path)

    assert (answer.status_code, answer.location) == (303, f"/staff/sign-in?next={path}")


@pytest.mark.parametrize("path", ["/", "/console", "/console/programme", "/console/reviews"])
def test_until_there_is_a_programme_every_visit_leads_to_the_wizard(
    owner: Browser, path: str
) -> None:
    answer = owner.client.get(path, follow_redirects=True)

    assert answer.request.path == "/setup"


def test_a_founder_who_comes_back_goes_on_where_it_was_left(shop: Shop, owner: Browser) -> None:
    with shop.worlds.open() as world:
        begin_programme(world, ProgrammePlan(name="X", tiers=tier_plans("cafe")), step="files")

    assert owner.client.get("/", follow_redirects=True).request.path == "/setup/files"


def test_a_marketer_waits_until_the_shop_opens(shop: Shop) -> None:
    marketer = shop.signed_in_as("marketer")

    answer = marketer.client.get("/console", follow_redirects=True)

    assert answer.request.path == "/club"
    assert answer.status_code == 200


def test_one_member_and_three_cost_the_same(
    open_shop: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.frame.SHOP_SECONDS", 3_600.0)
    ids = [open_shop.member(name="Анна", phone="+79123456780")]
    owner.get("/console")
    with statements() as one:
        owner.get("/console")
    ids += [open_shop.member(name=f"N{n}", phone=f"+7912345678{n}") for n in (1, 2)]
    with open_shop.worlds.open() as world:
        for n, member_id in enumerate(ids):
            tell(world, member_id, f"p-{n}", days=1)
    owner.get("/console")
    with statements() as three:
        owner.get("/console")

    assert len(three) <= len(one) + 6  # what somebody without a purchase has no rows of
    with statements() as again:
        owner.get("/console")
    assert len(again) == len(three)


def test_an_import_from_the_command_line_is_told_too(open_shop: Shop, owner: Browser) -> None:
    said = {"receipts": 7, "known": 1, "rejected": 2, "last_day": "2026-11-20"}
    with open_shop.worlds.open() as world:
        note_import(world, {"purchases": "till.csv"}, said)

    text = text_of(english(owner, "/console")).replace("\u00a0", " ")

    assert "till.csv, 24 November, 12:00: 7 receipts, 2 rows put aside" in text
    assert "The latest is of 20 November 2026" in text


@pytest.mark.parametrize("days", ["7", "30", "90", "365"])
def test_every_period_has_its_address_its_charts_and_their_tables(
    open_shop: Shop, owner: Browser, days: str
) -> None:
    anna = open_shop.member(name="Анна Седова", phone="+79123456789")
    with open_shop.worlds.open() as world:
        tell(world, anna, "p-1", days=3, total=100_000)

    page = english(owner, f"/console?days={days}")

    shown = page.get_data(as_text=True)
    assert shown.count('<svg viewBox="0 0 1000 100"') == shown.count("<summary>As a table") == 3
    said = text_of(page)
    assert "Active members 1" in said
    assert "In members’ lots now = 10" in said
    assert "Points issued: first 0" in said
    assert "most 10" in said


def test_a_period_that_nobody_offers_is_no_page(open_shop: Shop, owner: Browser) -> None:
    for path in ("/console?days=31", "/console?days=x", "/console/points?move=theft",
                 "/console/people?who=all", "/console/people?days=0"):  # fmt: skip
        assert owner.get(path).status_code == 404, path


def test_each_number_leads_to_its_list(open_shop: Shop, owner: Browser) -> None:
    anna = open_shop.member(name="Анна Седова", phone="+79123456789")
    with open_shop.worlds.open() as world:
        tell(world, anna, "p-1", days=3, total=100_000)
    marketer = open_shop.signed_in_as("marketer")

    page = english(marketer, "/console").get_data(as_text=True).replace("&amp;", "&")

    for path in ("/console/people?who=active&days=30", "/console/points?move=purchase&days=30"):
        assert path in page
        assert "Анна Седова" in text_of(english(marketer, path))
    assert "Nobody" in text_of(english(marketer, "/console/people?who=active&days=7&after=999"))


def test_a_shop_without_members_is_told_five_steps(open_shop: Shop, owner: Browser) -> None:
    said = text_of(english(owner, "/console"))

    assert "Five steps to begin with" in said
    assert "The first purchase: connect a till or import receipts" in said
    assert "Points issued and spent" not in said


def test_a_challenge_has_no_link_while_there_is_no_page_for_it(open_shop: Shop) -> None:
    with open_shop.app.test_request_context("/console"):
        assert challenge_href(3) in (None, "/console/challenges/3")
        open_shop.app.url_map.add(Rule("/console/challenges/<int:one>", endpoint="challenge_x"))
        assert challenge_href(3) == "/console/challenges/3"


def test_a_past_day_shows_its_own_numbers_and_says_what_is_of_now(
    open_shop: Shop, settings: Settings, engine: sa.Engine
) -> None:
    anna = open_shop.member(name="Анна Седова", phone="+79123456789")
    with open_shop.worlds.open() as world:
        tell(world, anna, "p-1", days=3, total=100_000)
        then = (world.now - timedelta(days=1)).date()
        tell(world, anna, "p-2", days=0, total=100_000)
    past = Shop(create_app(replace(settings, as_of=then), engine=engine), open_shop.now)

    said = text_of(english(past.signed_in_as("owner"), "/console"))

    assert "What is waiting and which challenges are running is shown as it is now." in said
    assert "Points issued 10" in said
    assert "In members’ lots now = 10" in said
