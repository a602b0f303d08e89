"""Observations become rows: one transaction, its decision which release a text tells, the index."""
