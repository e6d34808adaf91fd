"""A book of numbers of one office and year."""
