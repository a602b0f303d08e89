"""Whether a source fares as it used to: what each visit saw, what is wrong, since when, what to do."""
