"""A report's states and the rules by which they change; until one is opened nothing is decided here."""
