"""Bytes as received: kept, compressed, pruned, and read again by today's parser."""
