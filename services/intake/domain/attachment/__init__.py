"""A sealed file that came with a submission."""
