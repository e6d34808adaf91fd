"""Where the reporting service is reached from: HTTP, other services' events, the clock, the command line."""
