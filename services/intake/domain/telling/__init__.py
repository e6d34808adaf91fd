"""Telling whoever handed in an opinion that it ended without an answer."""
