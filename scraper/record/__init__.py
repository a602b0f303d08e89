"""The record of one release, and its forms as JSON, digest and columns."""
