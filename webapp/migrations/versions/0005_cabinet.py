"""forms that wait, shelves, corrections"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0005'
down_revision: str | None = '0004'
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    op.create_table('kept_form',
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('endpoint', sa.String(length=80), nullable=False),
    sa.Column('action', sa.String(length=400), nullable=False),
    sa.Column('fields', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('kept_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_kept_form_account_id')),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_kept_form')),
    sqlite_with_rowid=False
    )
    op.create_table('shelf',
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('address', sa.String(length=24), nullable=False),
    sa.Column('naming', sa.String(length=5), nullable=False),
    sa.Column('nickname', sa.String(length=30), nullable=False),
    sa.Column('tier_shown', sa.Boolean(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('renewed_at', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("naming IN ('none', 'first', 'nick')", name=op.f('ck_shelf_naming')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_shelf_member_id')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_shelf')),
    sa.UniqueConstraint('address', name=op.f('uq_shelf_address')),
    sqlite_with_rowid=False
    )
    op.create_table('shelf_medal',
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('achievement_id', sa.BigInteger(), nullable=False),
    sa.Column('period', sa.String(length=140), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.CheckConstraint('place > 0', name=op.f('ck_shelf_medal_place')),
    sa.ForeignKeyConstraint(['achievement_id'], ['achievement.id'], name=op.f('fk_shelf_medal_achievement_id')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_shelf_medal_member_id')),
    sa.PrimaryKeyConstraint('member_id', 'achievement_id', 'period', name=op.f('pk_shelf_medal')),
    sqlite_with_rowid=False
    )
    op.create_table('correction',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=5), nullable=False),
    sa.Column('activity_id', sa.BigInteger(), nullable=True),
    sa.Column('before', sa.String(length=120), nullable=False),
    sa.Column('after', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.CheckConstraint("kind IN ('phone', 'email', 'act')", name=op.f('ck_correction_kind')),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_correction_activity_id')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_correction_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index('ix_correction_member', ['member_id', 'at'], unique=False)

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shortcuts', sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_column('shortcuts')

    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index('ix_correction_member')

    op.drop_table('correction')
    op.drop_table('shelf_medal')
    op.drop_table('shelf')
    op.drop_table('kept_form')
