"""Walking the past of a source: an object in the database that outlives the process working on it."""
