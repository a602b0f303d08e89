"""What a page states of a release: one module a field, or a family of fields."""
