"""the city of a member"""

import sqlalchemy as sa
from alembic import op

revision: str = '0011'
down_revision: str | None = '0010'
branch_labels: None = None
depends_on: None = None

BEFORE, NOW = ("phone", "email", "act"), ("phone", "email", "city", "act")


def known(kinds: tuple[str, ...]) -> str:
    return "kind IN ('" + "', '".join(kinds) + "')"


def upgrade() -> None:
    op.add_column('member', sa.Column('city', sa.String(length=80), nullable=True))
    op.add_column('member', sa.Column('city_key', sa.String(length=240), nullable=True))
    op.create_index(
        'ix_member_city', 'member', ['city_key', 'city', 'status', 'leaving_at'], unique=False
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_correction_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_correction_kind'), known(NOW))


def downgrade() -> None:
    op.execute("DELETE FROM correction WHERE kind = 'city'")
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_correction_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_correction_kind'), known(BEFORE))
    op.drop_index('ix_member_city', table_name='member')
    op.drop_column('member', 'city_key')
    op.drop_column('member', 'city')
