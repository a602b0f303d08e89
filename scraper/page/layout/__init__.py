"""A page's bytes become lines: charset, DOM, one walk, labels, the zone of the text, the head."""
