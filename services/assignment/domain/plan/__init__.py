"""The plan of a year: drafted, issued, amended, closed, copied."""
