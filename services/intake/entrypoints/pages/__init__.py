"""The pages of the intake service, each area of them in a room of its own."""
