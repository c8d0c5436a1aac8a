"""How columns are written into a revision, so that it stays true when our types change."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString

from gamification.columns import UtcInstant, WholeNumber

SERIAL = 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
JSON = 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """The plain type that the database keeps, or False for alembic's own way.

    A revision names no type of ours: it must do in five years what it does today.
    """
    if kind != "type":
        return False
    if isinstance(item, UtcInstant | WholeNumber):
        return "sa.BigInteger()"
    if isinstance(item, sa.JSON):
        return JSON
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, sa.BigInteger) and "sqlite" in item._variant_mapping:
        return SERIAL
    return False
