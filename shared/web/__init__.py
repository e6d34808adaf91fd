"""The HTTP frame: commands and queries as routes, problems, positions, health; no word of the domain."""
