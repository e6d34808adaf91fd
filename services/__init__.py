"""The three services: intake, assignment, reporting; each has the same rooms."""
