"""What the reporting service counts and decides: pure functions."""
