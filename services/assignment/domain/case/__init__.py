"""A case: an opinion's way through the office that answers it."""
