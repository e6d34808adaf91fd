"""Due dates under a new calendar."""
