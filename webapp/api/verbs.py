"""One verb of the API: how it is called, what it takes, what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response

from webapp.access import allow
from webapp.api.answered_parts import Answered
from webapp.api.asked import Asked
from webapp.api.problems import in_language


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: its sentence in English, and whether it may be a replay."""

    about: str
    model: type[Answered]
    replays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A request that works, in the order of the examples, and what it is answered.

    The tests send each of them to a shop with one member.
    """

    about: str
    status: int
    body: Mapping[str, Any] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """`problems` are the codes of every no, by status, besides those that all verbs share."""

    name: str
    method: str
    path: str
    scope: str
    summary: str
    about: str
    act: Callable[..., Response]
    answers: Mapping[int, Answer]
    problems: Mapping[int, tuple[str, ...]]
    examples: Mapping[str, Example]
    body: type[Asked] | None = None
    query: type[Asked] | None = None
    path_values: Mapping[str, str] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """The address as Flask reads it; an id may hold slashes."""
        return self.path.replace("{", "<path:").replace("}", ">")


def mount(blueprint: Blueprint, verb: Verb, version: str) -> None:
    """Open a verb to keys with its scope."""

    @allow(key=verb.scope)
    def view(**values: str) -> Response:
        return verb.act(**values)

    blueprint.add_url_rule(
        version + verb.rule,
        verb.name,
        view,
        methods=[verb.method],
        provide_automatic_options=False,
        merge_slashes=False,
    )


def answer_with(model: Answered, status: int, **headers: str) -> Response:
    """A good answer as JSON."""
    answer = Response(model.model_dump_json(), status, content_type="application/json")
    answer.headers.update(headers)
    return in_language(answer)
