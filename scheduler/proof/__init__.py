"""The chain kept by a daemon: days sealed, and their roots stamped by an authority."""
