"""audiences"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0006'
down_revision: str | None = '0005'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table('segment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('audience', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('archived_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_segment'))
    )
    with op.batch_alter_table('segment', schema=None) as batch_op:
        batch_op.create_index('ux_segment_name', ['name'], unique=True, sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))

    op.create_table('member_list',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('matched', sa.BigInteger(), nullable=False),
    sa.Column('duplicates', sa.BigInteger(), nullable=False),
    sa.Column('unmatched', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('archived_at', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('matched >= 0 AND duplicates >= 0 AND unmatched >= 0', name=op.f('ck_member_list_counts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_list'))
    )
    with op.batch_alter_table('member_list', schema=None) as batch_op:
        batch_op.create_index('ux_member_list_name', ['name'], unique=True, sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))

    op.create_table('member_list_entry',
    sa.Column('list_id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['member_list.id'], name=op.f('fk_member_list_entry_list_id')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_list_entry_member_id')),
    sa.PrimaryKeyConstraint('list_id', 'member_id', name=op.f('pk_member_list_entry')),
    sqlite_with_rowid=False
    )
    op.create_table('purchase_rhythm',
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('gaps', sa.BigInteger(), nullable=False),
    sa.Column('typical_days', sa.Integer(), nullable=False),
    sa.Column('long_days', sa.Integer(), nullable=False),
    sa.Column('buyers', sa.BigInteger(), nullable=False),
    sa.Column('cuts', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('counted_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('gaps >= 0 AND buyers >= 0', name=op.f('ck_purchase_rhythm_counts')),
    sa.CheckConstraint('typical_days > 0 AND typical_days <= long_days', name=op.f('ck_purchase_rhythm_gaps_in_order')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_purchase_rhythm'))
    )


def downgrade() -> None:
    op.drop_table('purchase_rhythm')
    op.drop_table('member_list_entry')
    with op.batch_alter_table('member_list', schema=None) as batch_op:
        batch_op.drop_index('ux_member_list_name', sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))

    op.drop_table('member_list')
    with op.batch_alter_table('segment', schema=None) as batch_op:
        batch_op.drop_index('ux_segment_name', sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))

    op.drop_table('segment')
