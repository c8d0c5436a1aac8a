"""The database itself refuses to change or delete a transfer: corrections are new rows."""

import sqlalchemy as sa
from sqlalchemy import event

from gamification.ledger.tables import Transfer

SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER transfer_no_{verb.lower()} BEFORE {verb} ON transfer"
    " BEGIN SELECT RAISE(ABORT, 'a transfer never changes'); END"
    for verb in ("UPDATE", "DELETE")
)
POSTGRES_GUARDS = (
    "CREATE OR REPLACE FUNCTION transfer_never_changes() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'a transfer never changes'; END $$",
    "CREATE TRIGGER transfer_no_change BEFORE UPDATE OR DELETE ON transfer"
    " FOR EACH ROW EXECUTE FUNCTION transfer_never_changes()",
)


def guards_for(dialect: str) -> tuple[str, ...]:
    """The statements that set the guards on an engine; migrations run the same."""
    return SQLITE_GUARDS if dialect == "sqlite" else POSTGRES_GUARDS


def set_guards(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    """Set the guards when the table is made without a migration (tests)."""
    for statement in guards_for(connection.dialect.name):
        connection.exec_driver_sql(statement)


TRANSFERS: sa.Table = Transfer.__table__  # type: ignore[attr-defined]
event.listen(TRANSFERS, "after_create", set_guards)
