"""Servers that misbehave on purpose, and what has to become of a request to each."""
