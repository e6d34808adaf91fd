"""What questions about imported files are answered from, row by row (R30)."""
