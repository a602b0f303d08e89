"""When, who, and again: the daemon, backfills, and the command line."""
