"""Papers and books of numbers of a service: their read model, and what the directory says of who signs and receives."""
