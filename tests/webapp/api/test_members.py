"""What a site or a till sees of a member is true at the moment it asks."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from gamification.store import Store
from tests.webapp.api.till import ANNA, CARD, OWN_ID, PHONE, Till, faults


def test_somebody_new_has_nothing_yet(till: Till) -> None:
    anna = till.anna()

    assert {name: anna[name] for name in ("balance", "debt", "pending_points", "pending")} == {
        "balance": 0,
        "debt": 0,
        "pending_points": 0,
        "pending": [],
    }
    assert (anna["medals"], anna["progress"]) == ([], [])
    assert (anna["point_worth"], anna["currency"]) == ("1.00", "RUB")
    assert (anna["tier"]["code"], anna["tier"]["number"], anna["tier"]["of"]) == ("sprout", 1, 4)


def test_every_name_leads_to_the_same_member(till: Till) -> None:
    answers = [
        till.get("/members", query).get_json()
        for query in (
            {"card": CARD},
            {"phone": PHONE},
            {"phone": "8 916 123 45 67"},
            {"external_id": OWN_ID},
        )
    ]

    assert answers == [answers[0]] * 4


def test_no_name_and_no_contact_leaves(till: Till) -> None:
    with till.shop.worlds.open() as world:
        world.session.execute(sa.text("UPDATE member SET name = 'Анна Седова'"))

    text = till.get("/members", {"phone": PHONE}).get_data(as_text=True)

    assert all(word not in text for word in ("Анна", "Седова", PHONE, "9161234567", CARD, OWN_ID))


def test_points_arrive_burn_and_never_mix(till: Till) -> None:
    till.buy("p-1", "1000.00")

    seen = []
    for moment in ("2026-12-07T20:59:59", "2026-12-07T21:00:00", "2027-12-08T20:59:59",
                   "2027-12-08T21:00:00"):  # fmt: skip
        till.shop.now.set(f"{moment}+00:00")
        anna = till.anna()
        seen.append((anna["balance"], anna["pending"]))

    on_the_way = [{"points": 30, "on": "2026-12-08"}]
    assert seen == [(0, on_the_way), (30, []), (30, []), (0, [])]


def test_a_tier_is_at_risk_falls_and_nothing_is_written(till: Till) -> None:
    till.buy("p-1", "2500.00")
    before = till.rows("SELECT * FROM standing")

    seen = []
    for day in ("2026-11-24", "2027-11-24", "2027-11-26", "2027-12-25"):
        till.shop.now.set(f"{day}T09:00:00+00:00")
        tier = till.anna()["tier"]
        seen.append((tier["code"], tier["valid_until"], tier["grace"]))

    grace = {"missing": "2000.00", "until": "2027-12-24", "falls_to": "sprout"}
    assert seen == [
        ("leaf", "2027-11-24", None),
        ("leaf", "2027-11-24", None),
        ("leaf", "2027-11-24", grace),
        ("sprout", None, None),
    ]
    assert till.rows("SELECT * FROM standing") == before


def test_the_way_up_is_told_in_money(till: Till) -> None:
    till.buy("p-1", "1500.00")

    assert till.anna()["tier"]["next"] == {
        "code": "leaf",
        "name": "Лист",
        "rate_percent": "5",
        "missing": "500.00",
        "by": "2027-11-23",
    }


FIRST = {"code": "first_purchase", "level": 1, "subject": None, "earned_on": "2026-11-24"}
TEA = {
    "code": "connoisseur",
    "name": "Connoisseur: tea",
    "level": 1,
    "subject": "tea",
    "done": 1,
    "target": 5,
}


def test_medals_and_progress_have_names_in_the_readers_language(till: Till) -> None:
    till.buy("p-1", "100.00", lines=[{"category": "tea", "amount": "100.00"}])

    shown = [
        till.get("/members", ANNA, **{"Accept-Language": language}).get_json()
        for language in ("ru", "en")
    ]

    assert [anna["medals"] for anna in shown] == [
        [FIRST | {"name": name}] for name in ("Первая покупка", "First Purchase")
    ]
    assert [x for x in shown[1]["progress"] if x["code"] == "connoisseur"] == [TEA]
    assert all(0 < x["done"] < x["target"] for x in shown[0]["progress"])
    assert "welcome_back" not in {x["code"] for x in shown[0]["progress"]}


def test_who_is_asked_for_is_named_exactly_once(till: Till) -> None:
    queries = ["", "card=1&phone=2", "card=1&card=2", "name=Anna", "card=", "phone=12"]

    found = [
        faults(till.client.get(f"/api/v1/members?{q}", headers=till.headers())) for q in queries
    ]

    assert found == [
        {"": "one_reference"},
        {"": "one_reference"},
        {"card": "text"},
        {"name": "unknown_field"},
        {"card": "empty"},
        {"phone": "phone"},
    ]


def test_a_stranger_is_unknown(till: Till) -> None:
    answers = [till.get("/members", {"card": "1"}), till.get("/members", {"phone": "+79990000000"})]

    assert {(answer.status_code, answer.get_json()["code"]) for answer in answers} == {
        (404, "unknown_member")
    }


def test_looking_costs_the_same_however_much_there_is(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("rows", "first"):
        monkeypatch.setattr(Store, name, noting(getattr(Store, name), asked))

    costs = []
    for n in range(4):
        till.buy(f"p-{n}", "700.00", lines=[{"category": f"c{n}", "amount": "700.00"}])
        till.anna()
        asked.clear()
        till.anna()
        costs.append(len(asked))

    assert costs == [costs[0]] * 4
    assert costs[0] <= 12


def noting(method: Callable[..., Any], asked: list[str]) -> Callable[..., Any]:
    """A method of the store that notes each statement first."""

    def noted(store: Store, sql: str, *params: Any) -> Any:
        asked.append(sql)
        return method(store, sql, *params)

    return noted
