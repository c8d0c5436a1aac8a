"""What cannot be read, and what is not there, is a problem with a code: never a page."""

import pytest

from tests.webapp.api.till import ANNA, WHEN, Till

PURCHASE = {"id": "p-1", "occurred_at": WHEN, "member": ANNA, "total": "1000.00"}
JSON = "application/json"
UNREADABLE, OTHER_KIND = (400, "unreadable_body"), (415, "wrong_media_type")
WRONG_BODIES: list[tuple[bytes, str, tuple[int, str]]] = [
    (b"{", JSON, UNREADABLE),
    (b"", JSON, UNREADABLE),
    (b"[]", JSON, UNREADABLE),
    (b'{"id": "a", "id": "b"}', JSON, UNREADABLE),
    (b'{"id": NaN}', JSON, UNREADABLE),
    (b'{"id": "\\ud800"}', JSON, UNREADABLE),
    (b'{"id": "\xff"}', JSON, UNREADABLE),
    (b'{"id": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", JSON, UNREADABLE),
    (b'{"id": ' + b"1" * 5_000 + b"}", JSON, UNREADABLE),
    (b"id=1", "application/x-www-form-urlencoded", OTHER_KIND),
    (b"{}", "application/json; charset=cp1251", OTHER_KIND),
    (b"{}", "", OTHER_KIND),
    (b"{" + b" " * 300_000 + b"}", JSON, (413, "body_too_large")),
]


def test_a_body_that_cannot_be_read_is_told_so(till: Till) -> None:
    answers = [
        till.client.post("/api/v1/purchases", data=body, content_type=kind, headers=till.headers())
        for body, kind, _ in WRONG_BODIES
    ]

    found = [(answer.status_code, answer.get_json()["code"]) for answer in answers]
    assert found == [wanted for _, _, wanted in WRONG_BODIES]
    assert {answer.content_type for answer in answers} == {"application/problem+json"}


def test_a_packed_body_is_refused(till: Till) -> None:
    answer = till.post("/purchases", PURCHASE, **{"Content-Encoding": "gzip"})

    assert answer.get_json()["code"] == "wrong_media_type"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/purchases", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/receipts/p-1", 405, "method_not_allowed"),
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v2/purchases", 404, "not_found"),
        ("GET", "/api/v1/receipts/", 404, "not_found"),
        ("GET", "/api/v1/receipts/p%2F1//2", 404, "unknown_receipt"),
    ],
)
def test_an_address_that_is_not_there_is_a_problem_too(
    till: Till, method: str, path: str, status: int, code: str
) -> None:
    answer = till.client.open(path, method=method, headers=till.headers())

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["detail"]
    assert ("Allow" in answer.headers) == (status == 405)


def test_a_zero_byte_in_an_address_is_no_fault_of_ours(till: Till) -> None:
    answers = [
        till.client.get(f"/api/v1/{place}", headers=till.headers())
        for place in ("receipts/a%00b", "members?card=a%00b", "members?card%00=a")
    ]

    assert all(400 <= answer.status_code < 500 for answer in answers)
