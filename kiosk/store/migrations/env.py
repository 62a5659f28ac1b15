"""Run by Alembic: takes the open, encrypted connection that the ledger hands over."""

from alembic import context

from kiosk.store.ledger_tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
