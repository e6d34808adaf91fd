"""The kernel every service stands on; it knows no word of the domain beyond the contracts."""
