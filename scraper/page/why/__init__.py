"""Every rule in one place, and why a page was read as it was."""
