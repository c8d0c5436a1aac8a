"""What every engine and every app of a run would compile again is compiled once.

SQLAlchemy keeps compiled statements per engine and per dialect object, werkzeug compiles the
patterns and two small functions of each route. A test that makes an engine and an app of its
own would spend most of its time on them.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from werkzeug.routing import Rule

STATEMENTS = 20_000
Shared = tuple[sa.Dialect, Any]
KINDS: dict[str, Shared] = {}
READY: set[sa.Dialect] = set()
ROUTES: dict[tuple[Any, ...], Rule] = {}


def remember_compiled() -> None:
    """From now on, in this process."""
    sa.create_engine = sharing(sa.create_engine)
    Rule.compile = once(Rule.compile)  # type: ignore[method-assign]


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


def once(compile_rule: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """What a route is compiled to serves the same route of every later app."""

    def compiled(rule: Rule) -> None:
        made = (rule.subdomain, rule.host, rule.rule, rule.merge_slashes)
        key = (*made, repr(rule.defaults))
        if key not in ROUTES:
            compile_rule(rule)
            ROUTES[key] = rule
        first = ROUTES[key]
        rule.arguments |= first.arguments
        rule._parts, rule._trace = list(first._parts), list(first._trace)
        rule._converters = dict(first._converters)
        for name in ("_build", "_build_unknown"):
            setattr(rule, name, getattr(first, name).__func__.__get__(rule, None))

    return compiled
