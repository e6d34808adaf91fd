"""What the intake service answers questions from."""
