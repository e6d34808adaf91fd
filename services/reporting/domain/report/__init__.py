"""A period's report: opened, locked, drafted, superseded."""
