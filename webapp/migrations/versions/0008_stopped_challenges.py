"""stopped challenges, and rewards cut by a member's own limit"""

import sqlalchemy as sa
from alembic import op

revision: str = '0008'
down_revision: str | None = '0007'
branch_labels: None = None
depends_on: None = None

BEFORE = ("paid", "waiting", "budget", "place", "control", "gone", "returned", "cancelled")
NOW = ("paid", "waiting", "budget", "cap", "place", "control", "gone", "returned", "cancelled")


def known(prizes: tuple[str, ...]) -> str:
    return "prize IS NULL OR prize IN ('" + "', '".join(prizes) + "')"


def upgrade() -> None:
    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stopped_at', sa.BigInteger(), nullable=True))
    with op.batch_alter_table('challenge_entry', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_challenge_entry_prize'), type_='check')
        batch_op.create_check_constraint(op.f('ck_challenge_entry_prize'), known(NOW))


def downgrade() -> None:
    op.execute("UPDATE challenge_entry SET prize = 'budget' WHERE prize = 'cap'")
    with op.batch_alter_table('challenge_entry', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_challenge_entry_prize'), type_='check')
        batch_op.create_check_constraint(op.f('ck_challenge_entry_prize'), known(BEFORE))
    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_column('stopped_at')
