"""The opening balance of an office: what its first report brings along without episodes."""
