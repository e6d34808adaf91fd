"""The HTTP frame: commands and queries as routes, pages, problems, positions, health; no word of the domain."""
