"""Members multiplied by set-based SQL: the rows of some, again and again under other ids."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from gamification.statements import column_names

TOGETHER = 20
"""How many clones make a transaction."""
ROW_ID_TABLES = ("activity", "transfer", "lot", "award", "award_log", "standing_log")
SHIFTED = {
    "member": {
        "id": "id + :members",
        "public_id": "'clone-' || :n || '-' || id",
        "external_id": "external_id || '-' || :n",
    },
    "ledger_account": {"id": "id + 2 * :members", "member_id": "member_id + :members"},
    "activity": {
        "id": "id + :ids",
        "member_id": "member_id + :members",
        "external_id": "external_id || '-' || :n",
    },
    "activity_line": {"activity_id": "activity_id + :ids"},
    "transfer": {
        "id": "id + :ids",
        "key": "key || '-' || :n",
        "member_id": "member_id + :members",
        "debit_account_id": "CASE WHEN debit_account_id < 0 THEN debit_account_id"
        " ELSE debit_account_id + 2 * :members END",
        "credit_account_id": "CASE WHEN credit_account_id < 0 THEN credit_account_id"
        " ELSE credit_account_id + 2 * :members END",
        "activity_id": "activity_id + :ids",
        "award_id": "award_id + :ids",
    },
    "lot": {
        "id": "id + :ids",
        "member_id": "member_id + :members",
        "transfer_id": "transfer_id + :ids",
        "cause_id": "cause_id + :ids",
    },
    "award": {
        "id": "id + :ids",
        "member_id": "member_id + :members",
        "activity_id": "activity_id + :ids",
    },
    "award_log": {
        "id": "id + :ids",
        "award_id": "award_id + :ids",
        "activity_id": "activity_id + :ids",
    },
    "counter": {"member_id": "member_id + :members"},
    "counter_key": {"member_id": "member_id + :members"},
    "day_sum": {"member_id": "member_id + :members"},
    "standing": {"member_id": "member_id + :members"},
    "standing_log": {
        "id": "id + :ids",
        "member_id": "member_id + :members",
        "activity_id": "activity_id + :ids",
    },
}
"""What a clone changes of each table's rows, parents before children."""


def clone_members(engine: sa.Engine, times: int) -> None:
    """As many members again as there are, until there are `times` as many; a card for each.

    The rows of the first ones are the pattern: their tables hold nothing else yet.
    """
    with engine.begin() as connection:
        members = connection.exec_driver_sql("SELECT MAX(id) FROM member").scalar() or 0
        bounds = [
            connection.exec_driver_sql(f"SELECT MIN(id), MAX(id) FROM {table}").one()
            for table in ROW_ID_TABLES
        ]
        first = min(low for low, _ in bounds if low is not None)
        span = max(high for _, high in bounds if high is not None) - first + 1
        columns = {table: column_names(table) for table in SHIFTED}
    with unsafe(engine) as connection:
        for n in range(1, times):
            shift = {"members": n * members, "ids": n * span}
            for table, names in columns.items():
                where = _pattern_rows(table, members, first + span)
                connection.exec_driver_sql(_clone_sql(table, names, n, shift) + where)
            if n % TOGETHER == 0:
                connection.commit()
        connection.commit()
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO card (member_id, number, state, issued_at)"
            " SELECT id, 'card-' || id, 'active', joined_at FROM member"
        )
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "SELECT setval(pg_get_serial_sequence('member', 'id'), MAX(id)) FROM member"
            )
    analyse(engine)


@contextmanager
def unsafe(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that waits for no disk: what it writes can be made again."""
    with engine.connect() as connection:
        setting = {"sqlite": "PRAGMA synchronous = %s", "postgresql": "SELECT 1 -- %s"}
        driver = connection.connection.cursor()
        driver.execute(setting[engine.dialect.name] % "OFF")
        yield connection
        driver.execute(setting[engine.dialect.name] % "FULL")


def _clone_sql(table: str, names: Sequence[str], n: int, shift: dict[str, int]) -> str:
    picks = ", ".join(SHIFTED[table].get(name, name) for name in names)
    for mark, value in {"n": f"'{n}'", **shift}.items():
        picks = picks.replace(f":{mark}", str(value))
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {picks} FROM {table}"


def _pattern_rows(table: str, members: int, end: int) -> str:
    """The rows of the first members."""
    if table == "ledger_account":
        return f" WHERE id BETWEEN 1 AND {2 * members + 1}"
    if table == "member":
        return f" WHERE id <= {members}"
    if "member_id" in SHIFTED[table] and "id" not in SHIFTED[table]:
        return f" WHERE member_id <= {members}"
    key = "activity_id" if table == "activity_line" else "id"
    return f" WHERE {key} < {end}"


def analyse(engine: sa.Engine) -> None:
    """Let the planner know, and leave no log to be folded in while we measure."""
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")
