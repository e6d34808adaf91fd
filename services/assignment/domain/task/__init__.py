"""A task: what one unit or person must do."""
