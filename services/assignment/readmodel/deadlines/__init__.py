"""Open work by its due date: what the clock, a new calendar and a reorganisation act on."""
