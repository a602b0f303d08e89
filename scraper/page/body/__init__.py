"""Which lines, pictures and files of the zone are the article."""
