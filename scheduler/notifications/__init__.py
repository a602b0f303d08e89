"""Telling the operator: each change once, not too often, and a digest a day."""
