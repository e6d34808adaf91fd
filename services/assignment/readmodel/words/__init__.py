"""What cases, tasks and an office's dialogue work say, opened in the vault for those who may read it."""
