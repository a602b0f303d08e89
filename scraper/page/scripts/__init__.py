"""Articles and values that stand only in a page's scripts."""
