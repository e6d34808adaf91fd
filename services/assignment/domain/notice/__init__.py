"""The head's conclusions: drafted, commented, issued with their tasks, amended."""
