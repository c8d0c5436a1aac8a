"""The database itself keeps transfers as they were written."""

import pytest
import sqlalchemy as sa

from tests.shop import Shop


@pytest.mark.parametrize(
    "statement", ["UPDATE transfer SET points = points + 1", "DELETE FROM transfer"]
)
def test_a_transfer_never_changes(engine: sa.Engine, statement: str) -> None:
    shop = Shop(engine)
    shop.join("anna").spend_money("r1", "1000")

    with pytest.raises(sa.exc.DBAPIError, match="never changes"), engine.begin() as connection:
        connection.exec_driver_sql(statement)

    assert shop.rows("SELECT points FROM transfer") == [(50,)]
