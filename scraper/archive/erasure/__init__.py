"""Erasing for good, what stays of it, and holding against it."""
