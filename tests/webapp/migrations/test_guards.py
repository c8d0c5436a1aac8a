"""A migrated database refuses to change a transfer, as one made from the code does."""

import pytest
import sqlalchemy as sa

from tests.shop import Shop
from webapp import migrations


@pytest.mark.parametrize("statement", ["UPDATE transfer SET points = 1", "DELETE FROM transfer"])
def test_transfers_are_guarded_after_a_migration(bare: sa.Engine, statement: str) -> None:
    migrations.upgrade(bare)
    shop = Shop(bare)
    shop.join("anna").spend_money("r1", "1000")

    with pytest.raises(sa.exc.DBAPIError, match="never changes"), bare.begin() as connection:
        connection.exec_driver_sql(statement)

    assert shop.rows("SELECT points FROM transfer") == [(50,)]
