"""Who asks: scoped bearer tokens of people and of units' own systems."""
