"""The description is whole, and whatever it shows works."""

from typing import Any

import jsonschema_rs
import pytest

from tests.webapp.api.till import Till, run_challenge, step, till_of
from webapp.api.routes import VERBS

ENGLISH = {"Accept-Language": "en"}
LATER = "2026-11-25T10:00:00+00:00"


def described(till: Till, language: str = "en") -> Any:
    return till.client.get("/api/v1/openapi.json", headers={"Accept-Language": language}).get_json()


def send(till: Till, document: Any, path: str, method: str, name: str) -> Any:
    """Send the example of that name, read from the document."""
    operation = document["paths"][path][method]
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]["examples"][name]["value"]
        return (
            till.patch(path, body, **ENGLISH)
            if method == "patch"
            else till.post(path, body, **ENGLISH)
        )
    query = {}
    for parameter in operation["parameters"]:
        if example := parameter["examples"].get(name):
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", example["value"])
            else:
                query[parameter["name"]] = example["value"]
    return till.get(path, query, **ENGLISH)


def test_every_example_works_and_is_answered_as_shown(till: Till) -> None:
    run_challenge(till, "coffee-card", step(10, "coffee"), "Кофейный абонемент", "Coffee Pass")
    till.shop.now.set(LATER)
    document = described(till)
    online = till_of(till.shop, "online-shop")

    for verb in VERBS:
        for name, example in verb.examples.items():
            if name == "elsewhere":
                online.buy("2026-11-24/0031", "320.00")
            answer = send(till, document, verb.path, verb.method.lower(), name)
            said = (verb.name, name, answer.get_json())
            assert answer.status_code == example.status, said
            check_shape(document, verb.path, verb.method.lower(), answer)
            if example.answer is not None:
                assert answer.get_json() == example.answer, said


def check_shape(document: Any, path: str, method: str, answer: Any) -> None:
    """The answer has the shape that the document gives to its status."""
    responses = document["paths"][path][method]["responses"]
    schema = responses[str(answer.status_code)]["content"][answer.mimetype]["schema"]
    components = document["components"]
    jsonschema_rs.Draft202012Validator({**schema, "components": components}).validate(
        answer.get_json()
    )


def test_the_examples_show_every_good_answer_that_a_till_gets_at_first() -> None:
    shown = {(verb.name, x.status) for verb in VERBS for x in verb.examples.values()}

    assert shown == {
        ("post_purchase", 201),
        ("post_purchase", 202),
        ("post_return", 201),
        ("post_return", 202),
        ("get_receipt", 200),
        ("get_member", 200),
        ("patch_member", 200),
        ("post_activity", 201),
        ("get_activity", 200),
        ("post_cancellation", 201),
        ("post_invitation", 200),
    }


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_description_is_in_the_readers_language(till: Till, language: str) -> None:
    document = described(till, language)

    summary = document["paths"]["/purchases"]["post"]["summary"]
    assert summary == {"ru": "Записать покупку", "en": "Record a purchase"}[language]
    if language == "ru":
        assert untranslated(document) == []


def untranslated(node: Any, place: str = "") -> list[str]:
    """Sentences of the document that have no Cyrillic letter in them."""
    if isinstance(node, list):
        return [x for n, item in enumerate(node) for x in untranslated(item, f"{place}/{n}")]
    if not isinstance(node, dict):
        return []
    found = []
    for name, value in node.items():
        if name in ("summary", "description") and isinstance(value, str):
            if not any("а" <= letter <= "я" for letter in value.lower()):
                found.append(f"{place}/{name}: {value}")
        else:
            found += untranslated(value, f"{place}/{name}")
    return found


def test_every_field_is_described_or_plain(till: Till) -> None:
    schemas = described(till)["components"]["schemas"]

    silent = {
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, shape in schema["properties"].items()
        if name.endswith("In") and "description" not in shape and field != "member"
    }

    assert silent == set()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_shows_every_verb_and_code(till: Till, language: str) -> None:
    answer = till.client.get("/api/docs", headers={"Accept-Language": language})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert {"ru": "Записать покупку", "en": "Record a purchase"}[language] in page
    for verb in VERBS:
        assert f'id="{verb.name}"' in page
        for codes in verb.problems.values():
            assert all(f"<code>{code}</code>" in page for code in codes)
