"""The intake service: takes in opinions and decides about each until it is referred."""
