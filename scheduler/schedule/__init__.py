"""When each source is due: plans, habits, and the claims that make each due time happen once."""
