"""The description as a person reads it: verbs, fields, examples and every no, as frozen values."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

KINDS = {
    "text": lambda: _("text"),
    "money": lambda: _("money as text"),
    "price": lambda: _("price as text"),
    "quantity": lambda: _("quantity"),
    "moment": lambda: _("date and time"),
    "string": lambda: _("text"),
    "integer": lambda: _("whole number"),
    "boolean": lambda: _("yes or no"),
    "object": lambda: _("object"),
    "array": lambda: _("list"),
    "date": lambda: _("date"),
    "date-time": lambda: _("date and time"),
}
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field by its full name (`lines[].sku`), with its kind and bounds in words."""

    name: str
    kind: str
    about: str
    required: bool
    depth: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A request that works, and its answer where it is shown."""

    about: str
    request: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A status and what it means; `codes` are those of a no."""

    status: str
    about: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VerbPage:
    """One verb on the page."""

    name: str
    method: str
    path: str
    scope: str
    summary: str
    about: str
    fields: tuple[FieldRow, ...]
    answers: tuple[AnswerRow, ...]
    answer_fields: tuple[FieldRow, ...]
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """The whole page."""

    server: str
    verbs: tuple[VerbPage, ...]


def handbook_of(document: Document) -> Handbook:
    """The page of a description, in the language it is in."""
    server = document["servers"][0]["url"]
    return Handbook(
        server,
        tuple(
            verb_page(document, server, path, method, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ),
    )


def verb_page(
    document: Document, server: str, path: str, method: str, operation: Mapping[str, Any]
) -> VerbPage:
    """One verb as the page shows it."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    asked = tuple(rows_of(document, body["schema"])) if body else ()
    good = next(found for code, found in operation["responses"].items() if code < "300")
    shown = good["content"]["application/json"]["schema"]
    return VerbPage(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        scope=operation["x-scope"],
        summary=operation["summary"],
        about=operation["description"],
        fields=asked or tuple(parameter_rows(operation)),
        answers=tuple(answer_row(code, found) for code, found in operation["responses"].items()),
        answer_fields=tuple(rows_of(document, shown)),
        samples=tuple(samples_of(operation, server, path, method, body)),
    )


def parameter_rows(operation: Mapping[str, Any]) -> Iterator[FieldRow]:
    """The parameters of an address as rows."""
    for found in operation["parameters"]:
        yield FieldRow(
            found["name"], kind_of(found["schema"]), found["description"], found["required"], 0
        )


def rows_of(document: Document, schema: Any, name: str = "", depth: int = 0) -> Iterator[FieldRow]:
    """The fields of a schema and of whatever is inside, outer ones first."""
    shape = resolved(document, schema)
    required = set(shape.get("required", ()))
    for key, inner in shape.get("properties", {}).items():
        found = resolved(document, inner)
        place = f"{name}.{key}" if name else key
        choices = tuple(str(word) for word in found.get("enum", ()))
        about = inner.get("description") or found.get("description", "")
        yield FieldRow(place, kind_of(found), about, key in required, depth, choices)
        items = found.get("items")
        inside = resolved(document, items) if items else found
        yield from rows_of(document, inside, f"{place}[]" if items else place, depth + 1)


def resolved(document: Document, schema: Any) -> dict[str, Any]:
    """A schema without its references and without its "or null"."""
    while True:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in schema and "x-kind" not in schema and "properties" not in schema:
            schema = next(x for x in schema["anyOf"] if x.get("type") != "null")
        else:
            return dict(schema)


def kind_of(schema: Mapping[str, Any]) -> str:
    """What a field holds, in words."""
    for word in (schema.get("x-kind"), schema.get("format"), schema.get("type")):
        if word in KINDS:
            return str(KINDS[word]())
    return ""


def answer_row(status: str, found: Mapping[str, Any]) -> AnswerRow:
    """A status with its codes."""
    media = found["content"].get("application/problem+json")
    codes = media["schema"]["allOf"][1]["properties"]["code"]["enum"] if media else ()
    return AnswerRow(status, found["description"], tuple(codes))


def samples_of(
    operation: Mapping[str, Any], server: str, path: str, method: str, body: Mapping[str, Any]
) -> Iterator[Sample]:
    """The examples: a body as JSON, or an address."""
    answers: dict[str, Any] = {}
    for found in operation["responses"].values():
        answers |= found["content"].get("application/json", {}).get("examples", {})
    for name, example in body.get("examples", {}).items():
        answer = answers.get(name)
        yield Sample(
            example["summary"],
            f"{method.upper()} {server}{path}\n\n{pretty(example['value'])}",
            pretty(answer["value"]) if answer else "",
        )
    for parameter in operation["parameters"]:
        for example in parameter["examples"].values():
            value, query = example["value"], f"?{parameter['name']}="
            where = path.replace("{" + parameter["name"] + "}", quoted(value))
            where += query + quoted(value) if parameter["in"] == "query" else ""
            yield Sample(example["summary"], f"{method.upper()} {server}{where}")


def quoted(value: str) -> str:
    """A value as it stands in an address; slashes of an id may stay."""
    return value.replace("+", "%2B").replace(" ", "%20")


def pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
