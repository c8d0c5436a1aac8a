"""Objections in the queue; decisions and rules that are taken back."""

import re

import pytest

from gamification.commands.appeals import appeal
from gamification.commands.suspicions import rules_now
from gamification.readmodels import referral_decisions
from gamification.store import Store
from tests.webapp.console.owner import english
from tests.webapp.console.test_invitation_desk import (
    REVIEW,
    RULES_PAGE,
    TERMS,
    decide,
    hold,
    invite,
    publish_terms,
    rules_form,
    settle,
    states,
)
from tests.webapp.shopfront import Browser, Shop, text_of

DECIDED = "/console/invitations/decided"
UNDO = f"{DECIDED}/undo"


@pytest.fixture
def ana(open_shop: Shop) -> int:
    """Somebody who invites, under terms that pay at once."""
    with open_shop.worlds.open() as world:
        publish_terms(world, TERMS)
    return open_shop.member(name="Ана Гогидзе", phone="+79123450000")


def undo(browser: Browser, **fields: object) -> str:
    sent = {"csrf_token": browser.token(REVIEW), **fields}
    return browser.client.post(UNDO, data=sent).location or ""


def points(shop: Shop) -> int:
    with shop.worlds.open(readonly=True) as world:
        row = Store(world.connection).first(
            "SELECT COALESCE(SUM(points_left), 0) FROM activity WHERE type = 'friend_came'"
        )
    assert row is not None
    return int(row[0])


def test_an_objection_stands_in_the_queue_with_its_words_and_is_answered(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    one, two = invite(open_shop, ana, 2)
    hold(open_shop, [one, two])
    decide(owner, case=str(one), verdict="reject", why="Проверено")
    with open_shop.worlds.open() as world:
        assert appeal(world, ana, one, "<b>Сестра</b>") == "sent"

    page = english(owner, REVIEW)
    said = text_of(page)

    assert "2 invitations wait" in said
    assert "1 objection" in said
    assert "Objected on 24 November 2026, it was not counted before" in said
    assert "&lt;b&gt;Сестра&lt;/b&gt;" in page.get_data(as_text=True)
    refused = decide(owner, case=str(one), verdict="reject", why="Снова", told="burst")
    assert (refused[0], "told-error" in refused[2]) == (422, True)
    assert decide(owner, case=str(one), verdict="pay")[0] == 303
    settle(open_shop)
    assert states(open_shop) == ["rewarded", "in_review"]


def test_a_decision_about_many_is_undone_by_one_press(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    cases = invite(open_shop, ana, 2)
    hold(open_shop, cases)
    _, location, _ = decide(owner, case=[str(one) for one in cases], verdict="reject", why="Нет")
    shown = re.search(r'name="batch" value="(\d+)"', owner.get(location).get_data(as_text=True))
    assert shown

    answers = [undo(owner, batch=shown[1]), undo(owner, batch=shown[1])]

    assert answers == [f"{DECIDED}?undone=2", f"{DECIDED}?undone=0"]
    assert states(open_shop) == ["in_review"] * 2
    assert "2 decisions were taken back" in text_of(english(owner, answers[0]))
    assert "2 invitations wait" in text_of(english(owner, REVIEW))


def test_a_payment_is_picked_from_the_list_and_taken_back(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    one, two = invite(open_shop, ana, 2)
    hold(open_shop, [one, two])
    decide(owner, case=[str(one), str(two)], verdict="pay", why="Семья")
    settle(open_shop)
    assert points(open_shop) == 600
    page = owner.get(DECIDED).get_data(as_text=True)
    first = re.findall(r'name="decision" value="(\d+)"', page)[0]

    assert undo(owner, decision=first, why="Ошиблась строкой") == f"{DECIDED}?undone=1"
    settle(open_shop)

    assert sorted(states(open_shop)) == ["in_review", "rewarded"]
    assert points(open_shop) == 300
    said = text_of(english(owner, DECIDED))
    assert said.count("Decided to pay") == 2
    assert "Taken back" in said and "Ошиблась строкой" in said
    assert owner.get(DECIDED).get_data(as_text=True).count('name="decision"') == 1


def test_many_decisions_come_in_pages_and_stay_where_they_were(
    open_shop: Shop, ana: int, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referral_decisions, "SHOWN", 2)
    cases = invite(open_shop, ana, 5)
    hold(open_shop, cases)
    decide(owner, case=[str(one) for one in cases[:3]], verdict="reject", why="Нет")
    decide(owner, case=[str(one) for one in cases[3:]], verdict="pay", why="Да")

    pages, shown = [DECIDED], list[list[str]]()
    while pages[-1]:
        said = owner.get(pages[-1]).get_data(as_text=True)
        shown.append(re.findall(r'name="decision" value="(\d+)"', said))
        more = re.search(r'href="([^"]+)" rel="next"', said)
        pages.append(more[1] if more else "")
    assert [len(page) for page in shown] == [2, 2, 1]
    assert len({one for page in shown for one in page}) == 5

    after, second = pages[1].rpartition("=")[2], shown[1][1]
    kept = owner.client.post(
        UNDO,
        data={"csrf_token": owner.token(REVIEW), "after": after, "decision": second,
              "why": "x" * 201},
    )  # fmt: skip
    assert f'value="{second}" checked' in kept.get_data(as_text=True)
    done = undo(owner, after=after, decision=second)
    assert done == f"{DECIDED}?undone=1&after={after}"
    assert re.findall(r'name="decision" value="(\d+)"', owner.get(done).get_data(as_text=True)) == [
        shown[1][0]
    ]


@pytest.mark.parametrize("after", ["0", "7", "x", "9" * 30, "-1"])
def test_a_page_of_decisions_that_nobody_made_is_empty_or_the_first(
    open_shop: Shop, ana: int, owner: Browser, after: str
) -> None:
    (case,) = invite(open_shop, ana, 1)
    hold(open_shop, [case])
    decide(owner, case=str(case), verdict="pay", why="Да")

    answer = owner.get(f"{DECIDED}?after={after}")

    assert answer.status_code == 200
    assert ('name="decision"' in answer.get_data(as_text=True)) == (after != "7")


@pytest.mark.parametrize(
    "fields", [{}, {"decision": "x"}, {"batch": "9" * 30}, {"decision": "7", "why": "x" * 201}]
)
def test_an_undo_that_lacks_something_is_said(
    ana: int, owner: Browser, fields: dict[str, str]
) -> None:
    sent = {"csrf_token": owner.token(REVIEW), **fields}

    assert owner.client.post(UNDO, data=sent).status_code == 422


def test_a_cashier_takes_nothing_back(open_shop: Shop, ana: int, owner: Browser) -> None:
    hold(open_shop, invite(open_shop, ana, 1))
    cashier = open_shop.signed_in_as("cashier")
    token = cashier.token("/settings")

    for place in (UNDO, "/console/invitations/rules/undo"):
        sent = {"csrf_token": token, "batch": "1", "change": "1"}
        assert cashier.client.post(place, data=sent).status_code == 403
    assert cashier.get(DECIDED).status_code == 403
    assert owner.client.post(UNDO, data={"batch": "1"}).status_code == 400


def test_a_rule_shows_its_last_change_and_goes_back(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    owner.send(RULES_PAGE, **rules_form(action_of_burst="off", burst_of_day="9"))
    page = english(owner, RULES_PAGE)
    change = re.search(r'name="change" value="(\d+)"', page.get_data(as_text=True))
    assert change
    assert "Before: Hold for a decision; Friends a day at most: 5." in text_of(page)

    sent = {"csrf_token": owner.token(RULES_PAGE), "change": change[1]}
    answers = [
        owner.client.post("/console/invitations/rules/undo", data=sent).location for _ in range(2)
    ]

    assert answers == [f"{RULES_PAGE}?saved=1", f"{RULES_PAGE}?saved=0"]
    with open_shop.worlds.open(readonly=True) as world:
        (burst,) = [one for one in rules_now(world) if one.code == "burst"]
    assert (burst.action, burst.settings["day"]) == ("hold", 5)
    assert burst.changed is not None and burst.changed.action == "off"
    assert burst.changed.actor.startswith("account:")
