"""rehearsals"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0009'
down_revision: str | None = '0008'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table('rehearsal_run',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('of', sa.BigInteger(), nullable=True),
    sa.Column('mark', sa.String(length=16), nullable=False),
    sa.Column('draft', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('found', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('touched_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind IN ('rule', 'tiers', 'challenge')", name=op.f('ck_rehearsal_run_kind')),
    sa.CheckConstraint("state IN ('running', 'done', 'stopped', 'slow', 'broken')", name=op.f('ck_rehearsal_run_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rehearsal_run'))
    )


def downgrade() -> None:
    op.drop_table('rehearsal_run')
