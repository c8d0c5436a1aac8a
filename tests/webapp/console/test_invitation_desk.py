"""The queue of held invitations, the rules that hold them, and the report."""

import csv
import io
import json
import re

import pytest

from gamification.commands.referral_clock import settle_referrals
from gamification.commands.referrals import (
    Invitation,
    ReferralTerms,
    bind_friend,
    code_for,
    publish_terms,
)
from gamification.commands.suspicions import RULES, rules_now
from gamification.store import Store
from tests.webapp.console.owner import english, statements, tell
from tests.webapp.shopfront import Browser, Shop, text_of
from webapp.console import invitations_review

REVIEW = "/console/invitations/review"
RULES_PAGE = "/console/invitations/rules"
REPORT = "/console/invitations/report"
TERMS = ReferralTerms(referrer_points=300, friend_points=200, minimum=50_000, hold_days=0)


@pytest.fixture
def ana(open_shop: Shop) -> int:
    """Somebody who invites, under terms that pay at once."""
    with open_shop.worlds.open() as world:
        publish_terms(world, TERMS)
    return open_shop.member(name="Ана Гогидзе", phone="+79123450000")


def invite(shop: Shop, referrer: int, count: int, *, first: int = 0) -> list[int]:
    """Friends who joined by a link; answers their invitations."""
    found = []
    for n in range(first, first + count):
        friend = shop.member(name=f"Друг {n}", phone=f"+7933345{n:04d}", origin="signup")
        with shop.worlds.open() as world:
            told = Invitation(code_for(world, referrer), channel="telegram")
            assert bind_friend(world, friend, told) == "bound"
            row = Store(world.connection).first(
                "SELECT id FROM referral WHERE friend_id = ?", friend
            )
            assert row is not None
            found.append(int(row[0]))
    return found


def hold(shop: Shop, referrals: list[int], rule: str = "same_till", **seen: object) -> None:
    """Let a rule hold invitations whose friends have bought enough."""
    with shop.worlds.open() as world:
        store = Store(world.connection)
        for one in referrals:
            row = store.first("SELECT friend_id FROM referral WHERE id = ?", one)
            assert row is not None
            tell(world, row[0], f"p-{one}", days=0, total=60_000)
            columns = ("id", "referral_id", "rule", "action", "evidence", "state", "created_at")
            evidence = json.dumps({"minutes": 4, "store": "Центр"} | seen)
            signal = (world.ids(), one, rule, "hold", evidence, "open", 0)
            store.insert("referral_signal", [signal], columns=columns)
    settle(shop)


def settle(shop: Shop) -> None:
    for _ in range(60):
        with shop.worlds.open() as world:
            if not settle_referrals(world):
                return
    raise AssertionError("the clock finds an end")


def states(shop: Shop) -> list[str]:
    with shop.worlds.open(readonly=True) as world:
        rows = Store(world.connection).rows("SELECT state FROM referral ORDER BY id")
    return [row[0] for row in rows]


def whys(shop: Shop) -> set[tuple[str, str, str]]:
    with shop.worlds.open(readonly=True) as world:
        rows = Store(world.connection).rows("SELECT state, decided_by, why FROM referral_signal")
    return {(row[0], row[1] or "", row[2] or "") for row in rows}


def decide(browser: Browser, **fields: object) -> tuple[int, str, str]:
    """Send a decision; answers status, where it leads, and the page."""
    sent = {"csrf_token": browser.token(REVIEW), **fields}
    answer = browser.client.post(REVIEW, data=sent)
    return answer.status_code, answer.location or "", answer.get_data(as_text=True)


def test_an_empty_queue_says_what_would_be_here(ana: int, owner: Browser) -> None:
    said = text_of(english(owner, REVIEW))

    assert "Nothing waits for you" in said
    assert "Nothing waits for a decision." in text_of(english(owner, "/console"))


def test_a_group_tells_who_what_and_why(open_shop: Shop, ana: int, owner: Browser) -> None:
    hold(open_shop, invite(open_shop, ana, 2))
    assert states(open_shop) == ["in_review"] * 2

    said = text_of(english(owner, REVIEW)).replace("\u00a0", " ")

    assert "2 invitations wait" in said
    assert "Bought together at one till" in said
    assert "Invited by Ана Гогидзе, 2 friends" in said
    assert "Both bought at one till, 4 minutes apart: Центр." in said
    assert "joined on 24 November 2026, keeps ₽600" in said
    first_page = text_of(english(owner, "/console"))
    assert "2 invitations are held by rules" in first_page
    assert "Waiting for you 2" in first_page


def test_what_is_paid_is_paid_once_and_leaves_the_queue(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    one, two = invite(open_shop, ana, 2)
    hold(open_shop, [one, two])

    status, location, _ = decide(owner, case=str(one), verdict="pay", why="Семья")

    assert status == 303
    assert re.fullmatch(rf"{REVIEW}\?verdict=pay&done=1&batch=\d+", location)
    assert "1 invitation waits" in text_of(english(owner, location))
    settle(open_shop)
    assert states(open_shop) == ["rewarded", "in_review"]
    again = decide(owner, case=[str(one), str(two)], verdict="pay")
    assert re.fullmatch(rf"{REVIEW}\?verdict=pay&done=1&late=1&batch=\d+", again[1])
    assert "1 more does not wait any longer" in text_of(english(owner, again[1]))
    settle(open_shop)
    with open_shop.worlds.open(readonly=True) as world:
        row = Store(world.connection).first(
            "SELECT COUNT(*), SUM(points) FROM activity WHERE type = 'friend_came'"
        )
    assert row is not None and (row[0], int(row[1])) == (2, 600)


def test_a_whole_group_is_rejected_with_its_reason(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    cases = invite(open_shop, ana, 3)
    hold(open_shop, cases)
    key = f"g{ana}-same_till"
    late = invite(open_shop, ana, 1, first=3)
    hold(open_shop, late)

    status, _, _ = decide(
        owner, group=key, **{f"shown-{key}": [str(one) for one in cases]}, verdict="reject",
        why="Это один человек",
    )  # fmt: skip

    assert status == 303
    assert states(open_shop) == ["blocked"] * 3 + ["in_review"]  # what came since was not shown
    decided = {one for one in whys(open_shop) if one[0] == "confirmed"}
    assert len(decided) == 1
    assert next(iter(decided))[2] == "Это один человек"
    assert next(iter(decided))[1].startswith("account:")


def test_everything_on_the_page_is_one_press(open_shop: Shop, ana: int, owner: Browser) -> None:
    one, two = invite(open_shop, ana, 2)
    hold(open_shop, [one])
    hold(open_shop, [two], "disposable_email", domain="mailinator.com")

    page = owner.get(REVIEW).get_data(as_text=True)
    shown = {f"shown-g{ana}-same_till": str(one), f"shown-g{ana}-disposable_email": str(two)}
    assert all(f'name="{name}" value="{value}"' in page for name, value in shown.items())
    status, _, _ = decide(owner, all="yes", **shown, verdict="reject", why="Проверено")

    assert status == 303
    assert states(open_shop) == ["blocked"] * 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"verdict": "pay"}, "Отметьте"),
        ({"verdict": "reject", "case": "?"}, "why-error"),
        ({"verdict": "reject", "case": "?", "why": "x" * 201}, "why-error"),
        ({"verdict": "burn", "case": "?", "why": "x"}, "verdict-error"),
        ({"verdict": "pay", "case": "1e9"}, "Отметьте"),
    ],
)
def test_a_decision_that_lacks_something_changes_nothing(
    open_shop: Shop, ana: int, owner: Browser, fields: dict[str, str], sentence: str
) -> None:
    (one,) = invite(open_shop, ana, 1)
    hold(open_shop, [one])
    sent = {name: str(one) if value == "?" else value for name, value in fields.items()}

    status, _, page = decide(owner, **sent)

    assert status == 422
    assert sentence in page
    assert (f'value="{one}" checked' in page) == (sent.get("case") == str(one))
    assert states(open_shop) == ["in_review"]


def test_a_long_queue_has_pages_and_a_long_group_shows_its_first(
    open_shop: Shop, ana: int, owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = invite(open_shop, ana, 3)
    hold(open_shop, cases[:2])
    hold(open_shop, cases[2:], "disposable_email", domain="mailinator.com")
    monkeypatch.setattr(invitations_review, "GROUPS_SHOWN", 1)
    monkeypatch.setattr(invitations_review, "CASES_SHOWN", 1)

    first, second = (text_of(english(owner, f"{REVIEW}?page={n}")) for n in (1, 2))

    assert "Page 1 of 2" in first and "The first 1 are shown" in first
    assert "Page 2 of 2" in second and "Disposable e-mail" in second
    assert "Page 2 of 2" in text_of(english(owner, f"{REVIEW}?page=9999"))
    assert "Page 1 of 2" in text_of(english(owner, f"{REVIEW}?page=x"))


def test_one_case_and_three_cost_the_same(open_shop: Shop, ana: int, owner: Browser) -> None:
    cases = invite(open_shop, ana, 3)
    hold(open_shop, cases[:1])
    owner.get(REVIEW)
    with statements() as one:
        owner.get(REVIEW)
    hold(open_shop, cases[1:])
    with statements() as three:
        owner.get(REVIEW)

    assert len(three) == len(one)


def rules_form(**changes: str) -> dict[str, str]:
    """The form as shipped; a name's `_of_` stands for a dash."""
    fields = {f"action-{code}": rule.action for code, rule in RULES.items()}
    fields |= {
        f"{code}-{name}": str(bound.shipped)
        for code, rule in RULES.items()
        for name, bound in rule.settings.items()
    }
    return fields | {name.replace("_of_", "-"): value for name, value in changes.items()}


def test_rules_are_changed_together_and_only_those(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    changes = {"action_of_burst": "block", "burst_of_day": "9", "action_of_ring": "off"}

    answer = owner.send(RULES_PAGE, **rules_form(**changes))

    assert answer.location == f"{RULES_PAGE}?saved=2"
    assert "2 rules were changed" in text_of(english(owner, answer.location))
    with open_shop.worlds.open(readonly=True) as world:
        now = {one.code: one for one in rules_now(world)}
        rows = Store(world.connection).rows("SELECT code FROM referral_rule ORDER BY code")
    assert (now["burst"].action, now["burst"].settings) == ("block", {"day": 9, "week": 20})
    assert now["ring"].action == "off"
    assert [row[0] for row in rows] == ["burst", "ring"]
    assert owner.send(RULES_PAGE, **rules_form(**changes)).location == f"{RULES_PAGE}?saved=0"


def test_a_bad_rule_field_keeps_all_that_was_typed(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    answer = owner.send(
        RULES_PAGE,
        **rules_form(burst_of_day="0", burst_of_week="77", action_of_same_network="block"),
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count('aria-invalid="true"') == 2
    assert 'value="77"' in page
    with open_shop.worlds.open(readonly=True) as world:
        assert Store(world.connection).rows("SELECT code FROM referral_rule") == []


def test_a_rule_says_when_it_spoke_last(open_shop: Shop, ana: int, owner: Browser) -> None:
    hold(open_shop, invite(open_shop, ana, 1))

    said = text_of(english(owner, RULES_PAGE))

    assert said.count("Last seen on") == 1
    assert "It has not seen anything so far" in said


def test_the_report_adds_up_and_can_be_taken_along(
    open_shop: Shop, ana: int, owner: Browser
) -> None:
    cases = invite(open_shop, ana, 2)
    hold(open_shop, cases[:1])
    decide(owner, case=str(cases[0]), verdict="pay")
    settle(open_shop)

    said = text_of(english(owner, REPORT)).replace("\u00a0", " ")
    rows = list(csv.reader(io.StringIO(english(owner, f"{REPORT}.csv").get_data(as_text=True))))

    assert "Friends joined 2 1 of them kept a purchase" in said
    assert "Points brought 500 worth ₽500" in said
    assert "Points for one kept friend 500" in said
    assert "Too few to compare" in said
    assert "Bought together at one till, dismissed 1" in said
    assert rows[1:] == [["2026-11-23", "Telegram", "0", "2", "1", "1", "1"]]


def test_a_report_without_friends_says_so(ana: int, owner: Browser) -> None:
    assert "Nobody was invited in these weeks" in text_of(english(owner, REPORT))


@pytest.mark.parametrize("weeks", ["5", "x", "9" * 30, "-4"])
def test_nobody_offers_such_a_span(ana: int, owner: Browser, weeks: str) -> None:
    assert owner.get(f"{REPORT}?weeks={weeks}").status_code == 404
    assert owner.get(f"{REPORT}.csv?weeks={weeks}").status_code == 404


def test_a_marketer_decides_too(open_shop: Shop, ana: int) -> None:
    (one,) = invite(open_shop, ana, 1)
    hold(open_shop, [one])
    marketer = open_shop.signed_in_as("marketer")

    assert "/console/invitations/review" in marketer.get("/console").get_data(as_text=True)
    assert decide(marketer, case=str(one), verdict="pay")[0] == 303


def test_a_cashier_decides_nothing(open_shop: Shop, ana: int) -> None:
    (one,) = invite(open_shop, ana, 1)
    hold(open_shop, [one])
    cashier = open_shop.signed_in_as("cashier")
    token = cashier.token("/settings")

    answer = cashier.client.post(
        REVIEW, data={"csrf_token": token, "case": str(one), "verdict": "pay"}
    )

    assert answer.status_code == 403
    settle(open_shop)
    assert states(open_shop) == ["in_review"]
