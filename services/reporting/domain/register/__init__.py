"""A book of numbers of reports, of one office and year."""
