"""The vault on SQLite and PostgreSQL: verbatim, logged, searchable, and gone when it is to be gone."""
