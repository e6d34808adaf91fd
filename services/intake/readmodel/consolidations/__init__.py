"""What questions about units' rounds before a meeting are answered from (R30)."""
