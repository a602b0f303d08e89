"""Files made for tests and benchmarks: nothing but text written by us goes in."""
