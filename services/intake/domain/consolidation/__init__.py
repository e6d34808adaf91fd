"""What units gather before a meeting, and what came in as a file (R30)."""
