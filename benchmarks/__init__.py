"""Measurements: speed, load and politeness, each run by a make target."""
