"""The one log of a service and tenant: append under one lock, read by position, prove that nothing was skipped."""
