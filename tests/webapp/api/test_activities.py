"""Acts besides purchases over the wire: once, within their limit, and only the right ones."""

from typing import Any

from werkzeug.test import TestResponse

from gamification.commands.acts import set_act_terms
from tests.webapp.api.till import ANNA, WHEN, Till, faults, till_of
from webapp.surroundings import here


def pays(till: Till, points: int, **more: Any) -> None:
    """The shop gives so many points for a visit, and has for long."""
    with here(till.shop.app).programme.open() as world:
        since = world.now.replace(year=2025)
        set_act_terms(world, "daily_check_in", points=points, valid_from=since, **more)


def visit(till: Till, activity_id: str = "v-1", **more: Any) -> TestResponse:
    body = {"id": activity_id, "type": "daily_check_in", "occurred_at": WHEN, "member": ANNA}
    return till.post("/activities", body | more)


def test_a_visit_counts_once_however_often_it_is_sent(till: Till) -> None:
    pays(till, 2)

    answers = [visit(till) for _ in range(3)]

    assert [a.status_code for a in answers] == [201, 200, 200]
    assert answers[0].location == "/api/v1/activities/v-1"
    assert [a.headers.get("Idempotent-Replayed") for a in answers] == [None, "true", "true"]
    assert len({a.get_data() for a in answers}) == 1
    assert answers[0].get_json() == {
        "id": "v-1", "type": "daily_check_in", "status": "recorded", "reason": None, "points": 2,
        "clawed_back": 0, "tier": "sprout", "medals": [], "medals_withdrawn": [],
    }  # fmt: skip
    assert till.anna()["balance"] == 2


def test_the_same_id_with_another_body_is_refused(till: Till) -> None:
    visit(till)

    for again in (visit(till, channel="app"), till.buy("v-1", "100.00")):
        assert (again.status_code, again.get_json()["code"]) == (409, "conflicting_body")
    assert till.rows("SELECT COUNT(*) FROM activity") == [(1,)]


def test_two_keys_are_two_sources(till: Till) -> None:
    pays(till, 2, most=2)
    other = till_of(till.shop, "app-1")

    assert [visit(one).status_code for one in (till, other)] == [201, 201]
    assert till.anna()["balance"] == 4


def test_beyond_the_limit_it_is_kept_and_says_why(till: Till) -> None:
    pays(till, 2)
    visit(till)

    second = visit(till, "v-2")
    pays(till, 2, on=False)
    off = visit(till, "v-3", occurred_at="2026-11-24T12:00:01+03:00")

    said = [(a.status_code, a.get_json()["status"], a.get_json()["reason"]) for a in (second, off)]
    assert said == [(201, "ignored", "limit"), (201, "ignored", "switched_off")]
    assert till.get("/activities/v-2").get_json()["state"] == "ignored"
    assert till.anna()["balance"] == 2


def test_what_only_the_programme_notes_cannot_be_sent(till: Till) -> None:
    for code in ("joined", "birthday"):
        answer = visit(till, type=code)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "act_not_yours")

    for code in ("purchase", "flown", "", None, 7):
        assert faults(visit(till, type=code)) == {"/type": "unknown_act"}
    assert till.rows("SELECT COUNT(*) FROM activity") == [(0,)]


def test_a_visit_is_told_in_time(till: Till) -> None:
    for when in ("2026-10-01T12:00:00+03:00", "2026-11-24T23:00:00+03:00"):
        answer = visit(till, occurred_at=when)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "act_out_of_time")


def test_a_strange_body_names_every_fault(till: Till) -> None:
    answer = till.post("/activities", {"type": "joined", "points": 5, "member": {}})

    assert faults(answer) == {
        "/id": "missing", "/occurred_at": "missing", "/member": "one_reference",
        "/points": "unknown_field",
    }  # fmt: skip


def test_nobody_and_no_key_get_nowhere(till: Till) -> None:
    unknown = visit(till, member={"card": "1"})
    narrow = visit(till_of(till.shop, "till-2", "receipts:write"))

    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "unknown_member")
    assert (narrow.status_code, narrow.get_json()["code"]) == (403, "scope_missing")


def test_a_kept_act_can_be_looked_at_by_its_sender_alone(till: Till) -> None:
    pays(till, 2)
    visit(till, "v/1", channel="app", occurred_at="2026-11-24T00:30:00+03:00")

    found = till.get("/activities/v/1").get_json()
    other = till_of(till.shop, "app-1")

    assert (found["state"], found["day"], found["points"]) == ("recorded", "2026-11-24", 2)
    assert found["answer"]["points"] == 2
    for answer in (other.get("/activities/v/1"), till.get("/activities/none")):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown_activity")


def test_an_act_is_no_receipt_and_a_receipt_no_act(till: Till) -> None:
    visit(till)
    till.buy("r-1", "100.00")

    assert till.get("/receipts/v-1").get_json()["code"] == "unknown_receipt"
    assert till.get("/activities/r-1").get_json()["code"] == "unknown_activity"
    assert till.bring_back("b-1", "v-1").get_json()["code"] == "unknown_receipt"


def test_an_act_is_taken_back_once(till: Till) -> None:
    pays(till, 2)
    visit(till)

    answers = [till.post("/cancellations", {"activity_id": "v-1"}) for _ in range(2)]

    assert [a.status_code for a in answers] == [201, 200]
    assert [(a.get_json()["status"], a.get_json()["clawed_back"]) for a in answers] == [
        ("cancelled", 2)
    ] * 2
    assert till.get("/activities/v-1").get_json()["state"] == "cancelled"
    assert till.get("/activities/v-1").get_json()["answer"]["points"] == 2
    assert till.anna()["balance"] == 0


def test_what_does_not_count_cannot_be_taken_back(till: Till) -> None:
    visit(till)
    visit(till, "v-2")
    other = till_of(till.shop, "app-1")

    ignored = till.post("/cancellations", {"activity_id": "v-2"})
    stranger = other.post("/cancellations", {"activity_id": "v-1"})

    assert (ignored.status_code, ignored.get_json()["code"]) == (409, "act_closed")
    assert (stranger.status_code, stranger.get_json()["code"]) == (404, "unknown_activity")
