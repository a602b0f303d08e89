"""How like two texts are: one normal form, fingerprints, and the comparison that decides."""
