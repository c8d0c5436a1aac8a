"""messages"""

import sqlalchemy as sa
from alembic import op

revision: str = '0007'
down_revision: str | None = '0006'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table('message_text',
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'locale', name=op.f('pk_message_text')),
    sqlite_with_rowid=False
    )
    op.create_table('message_log',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('locale', sa.String(length=8), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=True),
    sa.Column('text', sa.String(length=1000), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message_log'))
    )
    with op.batch_alter_table('message_log', schema=None) as batch_op:
        batch_op.create_index('ix_message_log_kind', ['kind'], unique=False)

    op.create_table('challenge_post',
    sa.Column('challenge_id', sa.BigInteger(), nullable=False),
    sa.Column('message', sa.String(length=40), nullable=False),
    sa.Column('upto', sa.BigInteger(), nullable=False),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_challenge_post_challenge_id')),
    sa.PrimaryKeyConstraint('challenge_id', 'message', name=op.f('pk_challenge_post')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.add_column(sa.Column('news_a_day', sa.Integer(), server_default='1', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.drop_column('news_a_day')

    op.drop_table('challenge_post')
    with op.batch_alter_table('message_log', schema=None) as batch_op:
        batch_op.drop_index('ix_message_log_kind')

    op.drop_table('message_log')
    op.drop_table('message_text')
