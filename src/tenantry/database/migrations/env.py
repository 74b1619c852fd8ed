"""Alembic's entrance: it runs on the connection that `tenantry migrate` opened."""

from alembic import context

from tenantry.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
