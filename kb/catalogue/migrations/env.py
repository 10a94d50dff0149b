"""What Alembic runs: it is always handed a connection by :class:`kb.catalogue.session.Database`."""

from alembic import context

from kb.catalogue.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
