"""What alembic runs for every command: one connection, one transaction, ours."""

from alembic import context

from webapp.migrations.rendering import render_item
from webapp.tables import METADATA

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("migrations run through `laurel db`, which holds the lock")

context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_item=render_item,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
    autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
)
with context.begin_transaction():
    context.run_migrations()
