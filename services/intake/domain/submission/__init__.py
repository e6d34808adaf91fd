"""Requests for dialogue and proposals as they come in, until they are handed on."""
