"""The process that runs for years: a clock, a worker, and what keeps both honest."""
