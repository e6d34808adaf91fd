"""What happens when processes die and stores break."""
