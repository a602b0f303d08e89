"""PostgreSQL: connections, the schema's migrations, named statements, the embedded server."""

from scraper.database.connection import Pool, connect, explain, open_pool, redact
from scraper.database.locking import with_short_locks
from scraper.database.migrations import check_schema, known_migrations, migrate
from scraper.database.statements import Statements, sql_folder

__all__ = [
    "Pool",
    "Statements",
    "check_schema",
    "connect",
    "explain",
    "known_migrations",
    "migrate",
    "open_pool",
    "redact",
    "sql_folder",
    "with_short_locks",
]
