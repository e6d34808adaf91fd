"""A report's text and paper, from its lock to its acknowledgement."""
