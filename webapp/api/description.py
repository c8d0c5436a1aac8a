"""The description of the API in OpenAPI 3.1, made from the same models that read the bodies."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from flask_babel import gettext as _
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from webapp.api.marks import _l
from webapp.api.verbs import Answer, Example, Verb

REFERENCE = "#/components/schemas/{model}"
PROBLEM = "application/problem+json"
SHARED_PROBLEMS: dict[int, tuple[str, ...]] = {
    400: ("bad_request",),
    401: ("key_missing", "key_unknown"),
    403: ("scope_missing",),
    422: ("invalid_request",),
    503: ("busy",),
}
BODY_PROBLEMS: dict[int, tuple[str, ...]] = {
    400: ("unreadable_body",),
    413: ("body_too_large",),
    415: ("wrong_media_type",),
}
STATUS_SENTENCES = {
    400: _l("The request cannot be read."),
    401: _l("No key, or one that does not work."),
    403: _l("This key, card or member is not allowed to do this."),
    404: _l("No member or record matches this."),
    409: _l("It contradicts what is there already."),
    413: _l("The body is larger than 256 KB."),
    415: _l("The body is not application/json in UTF-8."),
    422: _l("Fields are wrong; each is named."),
    503: _l("Too much is going on; try again after a moment."),
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": _l("The status in words.")},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": _l("What happened, in one word for programs.")},
        "detail": {"type": "string", "description": _l("What happened, for people.")},
        "errors": {
            "type": "array",
            "description": _l("Every field that is wrong."),
            "items": {"$ref": REFERENCE.format(model="Fault")},
        },
        "values": {"type": "object", "description": _l("What the refusal is about.")},
    },
}
FAULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": _l("The field, as a JSON pointer.")},
        "parameter": {"type": "string", "description": _l("The parameter of the address.")},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}


def describe(verbs: tuple[Verb, ...], *, server: str) -> dict[str, Any]:
    """The whole document in the reader's language."""
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Laurel",
            "version": version("laurel"),
            "description": _l(
                "For tills, shop sites and accounting. Money is text with a decimal point,"
                " quantities have up to three digits after it. Every refusal is"
                " application/problem+json with a stable code; the language of its sentences"
                " follows Accept-Language (ru, en)."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": paths_of(verbs),
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": _l("A key made by: laurel keys add"),
                }
            },
            "schemas": schemas_of(models_of(verbs)),
        },
    }
    translated = in_words(document)
    assert isinstance(translated, dict), "a document is an object"
    return translated


def paths_of(verbs: tuple[Verb, ...]) -> dict[str, Any]:
    """Every address with its methods."""
    paths: dict[str, Any] = {}
    for verb in verbs:
        paths.setdefault(verb.path, {})[verb.method.lower()] = operation_of(verb)
    return paths


def operation_of(verb: Verb) -> dict[str, Any]:
    """One verb."""
    operation: dict[str, Any] = {
        "operationId": verb.name,
        "summary": verb.summary,
        "description": verb.about,
        "x-scope": verb.scope,
        "parameters": parameters_of(verb),
        "responses": {
            **{str(code): answer_of(verb, code, found) for code, found in verb.answers.items()},
            **{str(code): problem_of(code, found) for code, found in problems_of(verb).items()},
        },
    }
    if verb.body:
        media = {"schema": reference(verb.body.__name__), "examples": bodies_of(verb.examples)}
        operation["requestBody"] = {"required": True, "content": {"application/json": media}}
    return operation


def bodies_of(examples: Mapping[str, Example]) -> dict[str, Any]:
    """The bodies of the examples by name."""
    return {name: {"summary": x.about, "value": x.body} for name, x in examples.items()}


def parameters_of(verb: Verb) -> list[dict[str, Any]]:
    """What stands in the address."""
    in_path = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": about,
            "schema": {"type": "string", "minLength": 1, "maxLength": 120},
            "examples": values_of(verb.examples, name),
        }
        for name, about in verb.path_values.items()
    ]
    if verb.query is None:
        return in_path
    fields = verb.query.model_json_schema()["properties"]
    return in_path + [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": field["description"],
            "schema": next(x for x in field["anyOf"] if x["type"] != "null"),
            "examples": values_of(verb.examples, name),
        }
        for name, field in fields.items()
    ]


def values_of(examples: Mapping[str, Example], name: str) -> dict[str, Any]:
    """Example values of one parameter."""
    return {
        key: {"summary": example.about, "value": example.values[name]}
        for key, example in examples.items()
        if name in example.values
    }


def problems_of(verb: Verb) -> dict[int, tuple[str, ...]]:
    """The codes of every no that a verb can say, by status."""
    found: dict[int, tuple[str, ...]] = {}
    for codes in (SHARED_PROBLEMS, BODY_PROBLEMS if verb.body else {}, verb.problems):
        for status, names in codes.items():
            found[status] = (*found.get(status, ()), *names)
    if not verb.body and not verb.query:
        found.pop(422)
    return dict(sorted(found.items()))


def answer_of(verb: Verb, status: int, answer: Answer) -> dict[str, Any]:
    """A good answer; its example is that of the example requests."""
    media: dict[str, Any] = {"schema": reference(answer.model.__name__)}
    examples = {
        name: {"summary": x.about, "value": x.answer}
        for name, x in verb.examples.items()
        if x.answer is not None and x.status == status
    }
    if examples:
        media["examples"] = examples
    found: dict[str, Any] = {"description": answer.about, "content": {"application/json": media}}
    headers: dict[str, Any] = {}
    if answer.replays:
        headers["Idempotent-Replayed"] = {
            "description": _l("true when this is the first answer given again."),
            "schema": {"type": "string", "enum": ["true"]},
        }
    if status == 201:
        headers["Location"] = {
            "description": _l("Where it can be looked at."),
            "schema": {"type": "string"},
        }
    return found | ({"headers": headers} if headers else {})


def problem_of(status: int, codes: tuple[str, ...]) -> dict[str, Any]:
    """A no."""
    found: dict[str, Any] = {
        "description": STATUS_SENTENCES[status],
        "content": {
            PROBLEM: {
                "schema": {
                    "allOf": [
                        reference("Problem"),
                        {"properties": {"code": {"enum": sorted(codes)}}},
                    ]
                }
            }
        },
    }
    if status in (401, 503):
        name = "WWW-Authenticate" if status == 401 else "Retry-After"
        found["headers"] = {name: {"schema": {"type": "string"}}}
    return found


def reference(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=name)}


def models_of(verbs: tuple[Verb, ...]) -> tuple[tuple[Any, JsonSchemaMode], ...]:
    """Every model that is asked or answered, once."""
    wanted: dict[tuple[Any, JsonSchemaMode], None] = {}
    for verb in verbs:
        if verb.body:
            wanted[verb.body, "validation"] = None
        for answer in verb.answers.values():
            wanted[answer.model, "serialization"] = None
    return tuple(wanted)


@lru_cache(maxsize=1)
def schemas_of(models: tuple[tuple[Any, JsonSchemaMode], ...]) -> dict[str, Any]:
    """The models as JSON Schema, without what pydantic adds for itself."""
    _keys, found = models_json_schema(models, ref_template=REFERENCE)
    shapes = {name: plain(schema) for name, schema in found["$defs"].items()}
    for shape in shapes.values():
        shape.pop("description", None)  # a docstring is for readers of the code
    return dict(sorted({**shapes, "Problem": PROBLEM_SCHEMA, "Fault": FAULT_SCHEMA}.items()))


def plain(node: Any) -> Any:
    """A schema without made-up titles and without defaults that say nothing."""
    if isinstance(node, list):
        return [plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        name: plain(value)
        for name, value in node.items()
        if not (name == "title" and isinstance(value, str))
        and not (name == "default" and value in (None, [], False))
    }


WORDS = re.compile(r"[A-Za-z]")


def in_words(node: Any, name: str = "") -> Any:
    """The document with its sentences in the reader's language."""
    if isinstance(node, dict):
        return {key: in_words(value, key) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [in_words(item) for item in node]
    if name in ("description", "summary") and isinstance(node, str) and WORDS.search(node):
        return str(_(node))
    return node
