"""A connection to a database of tests stays open for the next test.

A server process that has just begun reads the catalogue for every table that it meets, which
takes longer than most tests do. What a session could have left behind is discarded in between.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg, _log_notices

ENOUGH = 3
FORGET = (  # DISCARD ALL, but for prepared statements, which the driver counts on
    "CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ALL; UNLISTEN *;"
    " SELECT pg_advisory_unlock_all(); DISCARD SEQUENCES; DISCARD TEMP"
)
IDLE: defaultdict[str, list[psycopg.Connection[Any]]] = defaultdict(list)
KEEPING: set[str] = set()


def keep_connections() -> None:
    """From now on, in this process, for databases that `keep` named."""
    PGDialect_psycopg.connect = taking(PGDialect_psycopg.connect)  # type: ignore[method-assign]
    PGDialect_psycopg.do_close = give_back  # type: ignore[method-assign]


def keep(database: str) -> None:
    """What is closed there waits for the next who connects."""
    KEEPING.add(database)


def let_go(database: str) -> None:
    """Before the database goes."""
    KEEPING.discard(database)
    for connection in IDLE.pop(database, []):
        connection.close()


def taking(connect: Callable[..., psycopg.Connection[Any]]) -> Callable[..., Any]:
    """Connect, or take a connection that waits."""

    def take(dialect: PGDialect_psycopg, *words: Any, **options: Any) -> psycopg.Connection[Any]:
        waiting = IDLE[options["dbname"]] if options.get("dbname") in KEEPING else []
        while waiting:
            connection = waiting.pop()
            if is_like_new(connection):
                return connection
            connection.close()
        return connect(dialect, *words, **options)

    return take


def is_like_new(connection: psycopg.Connection[Any]) -> bool:
    """Whether nothing is left of who had it before; False when the server ended it."""
    try:
        connection.autocommit = True
        connection.execute(FORGET, prepare=False)
        connection.isolation_level = connection.read_only = connection.deferrable = None
        connection.autocommit = False
    except psycopg.Error:
        return False
    connection.remove_notice_handler(_log_notices)  # added again for whoever takes it
    return True


def give_back(_dialect: PGDialect_psycopg, connection: psycopg.Connection[Any]) -> None:
    """Close, or let the connection wait when it is whole and not too many do."""
    waiting = IDLE[connection.info.dbname] if is_kept(connection) else None
    if waiting is not None and len(waiting) < ENOUGH:
        waiting.append(connection)
    else:
        connection.close()


def is_kept(connection: psycopg.Connection[Any]) -> bool:
    if connection.closed or connection.info.dbname not in KEEPING:
        return False
    return connection.info.transaction_status == TransactionStatus.IDLE
