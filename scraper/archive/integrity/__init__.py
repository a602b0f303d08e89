"""Whether what is stored is what was stored: values held against the digests that cover them."""
