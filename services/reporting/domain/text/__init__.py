"""What a period report says of its figures, in formal Vietnamese."""
