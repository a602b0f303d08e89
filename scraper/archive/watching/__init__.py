"""Watches: what is archived is held against stored searches, and what matches is noted for sending."""
