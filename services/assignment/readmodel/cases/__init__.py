"""Cases as the read side holds them."""
