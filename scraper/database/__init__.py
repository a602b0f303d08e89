"""PostgreSQL: connections, the schema's migrations, named statements, the embedded server."""

from scraper.database.calendar import is_substitute
from scraper.database.connection import Pool, connect, explain, open_pool, redact
from scraper.database.faults import Fault, cannot_write, fault_of, is_trouble, lost_to_another
from scraper.database.locking import with_short_locks
from scraper.database.migrations import check_schema, known_migrations, migrate
from scraper.database.statements import Statements, sql_folder

__all__ = [
    "Fault",
    "Pool",
    "Statements",
    "cannot_write",
    "check_schema",
    "connect",
    "explain",
    "fault_of",
    "is_substitute",
    "is_trouble",
    "known_migrations",
    "lost_to_another",
    "migrate",
    "open_pool",
    "redact",
    "sql_folder",
    "with_short_locks",
]
