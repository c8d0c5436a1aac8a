"""what an award gave and what was not taken back"""

import sqlalchemy as sa
from alembic import op

revision: str = '0013'
down_revision: str | None = '0012'
branch_labels: None = None
depends_on: None = None

HELD = """
UPDATE award SET held = moved.held FROM (
    SELECT award_id, SUM(CASE kind WHEN 'grant' THEN points WHEN 'writeoff' THEN 0
                                   ELSE -points END) AS held
    FROM transfer WHERE award_id IS NOT NULL GROUP BY award_id
) moved WHERE moved.award_id = award.id
"""


def upgrade() -> None:
    op.add_column(
        'award', sa.Column('held', sa.BigInteger(), server_default=sa.text('0'), nullable=False)
    )
    op.execute(HELD)


def downgrade() -> None:
    op.drop_column('award', 'held')
