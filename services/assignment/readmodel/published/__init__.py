"""What was made public, for everybody."""
