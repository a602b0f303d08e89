"""Files in and out: JSON lines, WARC, CSV, Parquet."""
