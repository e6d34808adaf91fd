"""How the intake service is reached: HTTP, pages, other services' logs, feeds, the clock, the command line."""
