"""Telling whoever handed in an opinion that it was rejected or forwarded."""
