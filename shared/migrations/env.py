"""How alembic runs our versions: on the connection it is given, inside the caller's transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
