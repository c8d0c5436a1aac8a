"""What every engine and every app of a run would compile again is compiled once.

SQLAlchemy keeps compiled statements per engine and per dialect object, werkzeug compiles two
small functions per route. A test that makes an engine and an app of its own would spend most of
its time on them.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from werkzeug.routing import Rule

STATEMENTS = 20_000
Shared = tuple[sa.Dialect, Any]
KINDS: dict[str, Shared] = {}
READY: set[sa.Dialect] = set()
BUILDERS: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


def remember_compiled() -> None:
    """From now on, in this process."""
    sa.create_engine = sharing(sa.create_engine)
    Rule._compile_builder = once(Rule._compile_builder)  # type: ignore[method-assign]


def sharing(create: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
    """Engines of one kind and the same options have one dialect and one memory of statements."""

    def create_engine(url: str | sa.URL, **options: Any) -> sa.Engine:
        engine = create(url, **{"query_cache_size": STATEMENTS} | options)
        kind = f"{engine.url.drivername} {sorted(options.items())}"
        dialect, statements = KINDS.setdefault(kind, (engine.dialect, engine._compiled_cache))
        engine.dialect.initialize = asked_once(dialect)  # type: ignore[method-assign]
        engine.dialect = engine.pool._dialect = dialect
        engine._compiled_cache = statements
        return engine

    return create_engine


def asked_once(dialect: sa.Dialect) -> Callable[[sa.Connection], None]:
    """What a first connection is asked about its server; the answers serve the later engines."""

    def initialize(connection: sa.Connection) -> None:
        if dialect not in READY:
            type(dialect).initialize(dialect, connection)
            READY.add(dialect)

    return initialize


def once(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """The function that writes a route's address, the same for the same route of another app."""

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        kinds = sorted((name, type(one).__name__) for name, one in rule._converters.items())
        defaults = sorted((rule.defaults or {}).items())
        key = (rule.subdomain, rule.host, rule.rule, repr(kinds), repr(defaults), append_unknown)
        if key not in BUILDERS:
            BUILDERS[key] = compile_builder(rule, append_unknown)
        return BUILDERS[key]

    return remembered
