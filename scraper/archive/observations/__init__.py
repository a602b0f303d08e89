"""What was seen of a page, and all that is derived from it before anything is written."""
