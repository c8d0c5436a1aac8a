"""whose number it is that a receipt names; when a challenge is archived"""

import sqlalchemy as sa
from alembic import op

revision: str = '0012'
down_revision: str | None = '0011'
branch_labels: None = None
depends_on: None = None

WAITING = sa.text("state IN ('parked', 'under_review')")
def index(owner: str) -> None:
    op.create_index(
        'ix_activity_waiting',
        'activity',
        [owner, 'names_id'],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def upgrade() -> None:
    op.add_column('activity', sa.Column('names_source', sa.String(length=60), nullable=True))
    op.execute("UPDATE activity SET names_source = source WHERE names_id IS NOT NULL")
    op.drop_index('ix_activity_waiting', table_name='activity')
    index('names_source')
    op.add_column('challenge', sa.Column('archive_at', sa.BigInteger(), nullable=True))
    op.execute(  # 90 days, in microseconds
        "UPDATE challenge SET archive_at = ended_at + 7776000000000 WHERE state = 'ended'"
    )


def downgrade() -> None:
    op.drop_column('challenge', 'archive_at')
    op.drop_index('ix_activity_waiting', table_name='activity')
    index('source')
    op.drop_column('activity', 'names_source')
