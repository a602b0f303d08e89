"""Telling what watches matched: gathering, wording, sending."""
