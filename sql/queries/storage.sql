-- How much room each table takes; rows as last counted by ANALYZE.
SELECT name, parts, estimated_rows, pg_size_pretty(table_bytes) AS tables, pg_size_pretty(index_bytes) AS indexes
FROM archive.storage
ORDER BY table_bytes + index_bytes DESC;
