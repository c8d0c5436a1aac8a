"""the fund of invitations counts all that they bring"""

import sqlalchemy as sa
from alembic import op

revision: str = '0010'
down_revision: str | None = '0009'
branch_labels: None = None
depends_on: None = None

PAID = (
    "INSERT INTO referral_fund (id, spent) SELECT 1, SUM(points_left) FROM activity"
    " WHERE source = '@laurel' AND state = 'counted' AND type IN ('friend_came', 'invited_bonus',"
    " 'welcome_gift', 'friend_bought', 'friend_of_friend') HAVING SUM(points_left) > 0"
)


def upgrade() -> None:
    op.create_table('referral_fund',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('spent', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_referral_fund_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral_fund'))
    )
    op.execute(PAID)


def downgrade() -> None:
    op.drop_table('referral_fund')
