"""Tasks as the read side holds them, and each unit's stream of them."""
