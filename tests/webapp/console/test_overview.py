"""The overview: totals, what waits, the last import; the wizard until the programme is open."""

import pytest

from gamification.commands.founding import begin_programme
from gamification.commands.owner import ProgrammePlan, tier_plans
from tests.webapp.console.owner import english, statements, tell, waiting
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.intake.runs import note_import


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


def test_one_member_and_three_cost_the_same(open_shop: Shop, owner: Browser) -> None:
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
