"""The terms of invitations: read, previewed, refused field by field, published and taken back."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    publish_terms,
    terms_now,
)
from gamification.readmodels.referral_terms import terms_versions
from tests.webapp.console.owner import english, statements
from tests.webapp.shopfront import Browser, Shop, text_of

PAGE = "/console/invitations"
TERMS = ReferralTerms(referrer_points=300, friend_points=200, minimum=200_000, hold_days=14)


@pytest.fixture
def offering(open_shop: Shop) -> Shop:
    """A shop that has published terms."""
    with open_shop.worlds.open() as world:
        publish_terms(world, TERMS, actor="account:1")
    return open_shop


def form(**changes: str) -> dict[str, str]:
    """The form as the published terms fill it, with some fields changed."""
    fields = {
        "is_on": "yes", "referrer_points": "300", "friend_points": "200", "welcome_points": "0",
        "minimum": "2000", "hold_days": "14", "qualify_days": "60", "link_days": "30",
        "bind": "first", "cap": "10", "cap_days": "30", "budget": "", "share_percent": "0",
        "share_days": "90", "second_percent": "0",
    }  # fmt: skip
    return fields | changes


def send(browser: Browser, shop: Shop, **changes: str) -> TestResponse:
    now = in_force(shop)
    over = {"over": "" if now is None else str(now.id)}
    return browser.send(PAGE, **(form() | over | changes))


def in_force(shop: Shop) -> ReferralTerms | None:
    with shop.worlds.open(readonly=True) as world:
        return terms_now(world)


def versions(shop: Shop) -> int:
    with shop.worlds.open(readonly=True) as world:
        return len(terms_versions(world))


def said(answer: Any) -> str:
    return text_of(answer).replace("\u00a0", " ")


def test_both_sides_are_told_as_sentences(offering: Shop, owner: Browser) -> None:
    words = said(english(owner, PAGE))

    assert (
        "Ana gets 300 points when Boris makes a purchase of ₽2,000 or more and keeps it for 14 days"
        in words
    )
    assert "Boris gets 200 points when he has made a purchase of ₽2,000 or more" in words
    assert "That goes for up to 10 friends within 30 days" in words
    assert "keeps the terms of that day" in words


def test_a_new_version_holds_from_now_on_and_says_so(offering: Shop, owner: Browser) -> None:
    answer = send(owner, offering, referrer_points="500", minimum="1 500,50", budget="90000",
                  bind="last")  # fmt: skip

    assert (answer.status_code, answer.location) == (303, f"{PAGE}?said=published")
    now = in_force(offering)
    assert now is not None
    assert (now.referrer_points, now.minimum, now.budget, now.bind) == (
        500,
        150_050,
        90_000,
        "last",
    )
    words = said(english(owner, answer.location))
    assert "those invited before keep their terms" in words
    assert "Before: 300 points and 200 points for a purchase from ₽2,000, kept for 14 days" in words
    assert versions(offering) == 2


def test_undo_publishes_the_former_terms_again(offering: Shop, owner: Browser) -> None:
    first = in_force(offering)
    send(owner, offering, referrer_points="500")
    second = in_force(offering)
    assert first is not None and second is not None

    answer = owner.send(f"{PAGE}?said=published", f"{PAGE}/again", version=str(first.id),
                        over=str(second.id))  # fmt: skip

    assert answer.location == f"{PAGE}?said=published"
    now = in_force(offering)
    assert now is not None
    assert now.referrer_points == 300
    assert now.id not in (first.id, second.id)
    assert versions(offering) == 3


def test_what_somebody_else_published_is_not_overwritten(offering: Shop, owner: Browser) -> None:
    seen = in_force(offering)
    send(owner, offering, referrer_points="500")

    answer = owner.send(PAGE, **form(over=str(seen and seen.id), referrer_points="700"))

    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert 'value="700"' in page
    now = in_force(offering)
    assert now is not None and now.referrer_points == 500
    assert f'name="over" value="{now.id}"' in page
    again = owner.send(PAGE, f"{PAGE}/again", version=str(now.id), over="x")
    assert again.location == f"{PAGE}?said=overtaken"
    assert versions(offering) == 2


def test_the_same_terms_make_no_version(offering: Shop, owner: Browser) -> None:
    answer = send(owner, offering)

    assert answer.location == f"{PAGE}?said=same"
    assert versions(offering) == 1
    assert "hold already" in said(english(owner, answer.location))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("referrer_points", "100001"), ("friend_points", "-1"), ("welcome_points", "x"),
        ("minimum", "0"), ("minimum", "1.005"), ("hold_days", "91"), ("qualify_days", "0"),
        ("link_days", "91"), ("bind", "middle"), ("cap", "0"), ("cap_days", ""),
        ("budget", "0"), ("share_percent", "101"), ("share_days", "0"), ("second_percent", "51"),
    ],
)  # fmt: skip
def test_a_bad_field_has_its_sentence_and_keeps_the_others(
    offering: Shop, owner: Browser, field: str, wrong: str
) -> None:
    changes = {"cap_days": "31"} | {field: wrong}

    answer = send(owner, offering, **changes)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count('aria-invalid="true"') == 1
    assert f'id="{field}-error"' in page
    if field != "cap_days":
        assert 'value="31"' in page
    assert versions(offering) == 1


def test_a_look_shows_how_it_would_read_and_publishes_nothing(
    offering: Shop, owner: Browser
) -> None:
    answer = send(owner, offering, look="yes", referrer_points="700", second_percent="10",
                  share_percent="5", hold_days="0", welcome_points="50")  # fmt: skip

    words = said(answer)
    assert answer.status_code == 200
    assert "700" in words and "70" in words
    assert "Как будет" in words or "As it will be" in words
    assert versions(offering) == 1


def test_htmx_gets_the_sentences_alone(offering: Shop, owner: Browser) -> None:
    token = owner.token(PAGE)
    heads = {"HX-Request": "true", "HX-Target": "preview", "Accept-Language": "en"}

    good = owner.client.post(
        PAGE, data=form(look="yes", friend_points="0") | {"csrf_token": token}, headers=heads
    )
    bad = owner.client.post(
        PAGE, data=form(look="yes", cap="0") | {"csrf_token": token}, headers=heads
    )

    assert good.get_data(as_text=True).startswith("<section")
    assert "Boris gets no points of his own" in said(good)
    assert "Rewarded friends at most. Write a whole number from 1 to 10,000" in said(bad).replace(
        "10000", "10,000"
    )
    assert versions(offering) == 1


def test_before_anything_was_published_the_form_offers_the_usual(
    open_shop: Shop, owner: Browser
) -> None:
    words = said(english(owner, PAGE))
    answer = send(owner, open_shop)

    assert "Nothing was published yet" in words
    assert answer.location == f"{PAGE}?said=published"
    assert in_force(open_shop) is not None
    assert "Undo" not in said(english(owner, answer.location))


@pytest.mark.parametrize("path", ["", "/review", "/rules", "/report", "/report.csv"])
@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("marketer", 200), ("cashier", 403)])
def test_the_desk_is_for_owner_and_marketer(
    offering: Shop, path: str, role: str, status: int
) -> None:
    browser = offering.signed_in_as(role)

    assert browser.get(PAGE + path).status_code == status


@pytest.mark.parametrize("path", ["", "/again", "/review", "/rules"])
@pytest.mark.parametrize("role", ["cashier", "customer"])
def test_a_stranger_changes_nothing(offering: Shop, path: str, role: str) -> None:
    browser = offering.signed_in_as(role)
    token = browser.token("/settings")

    answer = browser.client.post(
        PAGE + path, data=form(referrer_points="999", version="1") | {"csrf_token": token}
    )

    assert answer.status_code in (403, 404)
    assert versions(offering) == 1


def test_one_version_and_three_cost_the_same(
    offering: Shop, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.frame.SHOP_SECONDS", 1e9)  # what pages remember for two seconds
    owner.get(PAGE)
    with statements() as one:
        owner.get(PAGE)
    for points in ("1", "2"):
        send(owner, offering, referrer_points=points)
    owner.get(PAGE)
    with statements() as three:
        owner.get(PAGE)

    assert len(three) == len(one)


def test_a_forged_version_is_no_version(offering: Shop, owner: Browser) -> None:
    answer = owner.send(PAGE, f"{PAGE}/again", version="x" * 300, over="1")

    assert answer.location == f"{PAGE}?said=unknown"
    assert versions(offering) == 1


def test_the_limit_says_what_it_counts_and_what_is_spent(offering: Shop, owner: Browser) -> None:
    hint = "Everything that invitations bring, gifts and shares included"
    before = said(english(owner, PAGE))
    ana, boris = offering.member(name="Ана"), offering.member(name="Борис", phone="+79120000002")
    with offering.worlds.open() as world:
        publish_terms(world, replace(TERMS, welcome_points=50, budget=90_000), actor="account:1")
        assert bind_friend(world, boris, Invitation(code_for(world, ana))) == "bound"

    page, report = said(english(owner, PAGE)), said(english(owner, f"{PAGE}/report"))

    assert hint in before and "So far they have brought" not in before
    assert f"{hint}, whoever was invited when" in page
    assert "So far they have brought 50 points." in page
    assert "When invitations have brought 90,000 points in all, gifts and shares included" in page
    assert "Spent from the fund for invitations so far: 50 of 90,000 points" in report
