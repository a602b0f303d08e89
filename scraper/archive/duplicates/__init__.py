"""Which release a text tells: fingerprints, candidates, and the comparison that decides."""
