"""Bytes as received: kept once, compressed, and pruned by policy."""
