"""What the archive answers: named queries, search, figures, explanations."""
