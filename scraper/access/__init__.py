"""Who may come in from another machine, and how often: tokens, and a rate for each caller."""
