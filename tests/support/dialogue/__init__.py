"""Random command sequences over the three services: whatever is asked in whatever order, the invariants hold."""
