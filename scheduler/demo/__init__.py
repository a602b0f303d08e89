"""A small web of made-up publishers, and the real daemon run on it: the demo, without internet."""
