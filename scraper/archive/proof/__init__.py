"""A chain of days: roots over all digests that a day brought, and proofs that one of them is in it."""
