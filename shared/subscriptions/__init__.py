"""Following logs: projections, processes and dispatches, each with its checkpoint, its order, and its parked events."""
