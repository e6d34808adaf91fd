"""A dialogue from its proposal to its closing, and what is raised in the room."""
