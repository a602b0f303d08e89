"""PostgreSQL: connections, the schema's migrations, named statements, the embedded server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.database.calendar import is_substitute
    from scraper.database.connection import Pool, alone, connect, explain, open_pool, redact
    from scraper.database.faults import Fault, cannot_write, fault_of, is_trouble, lost_to_another
    from scraper.database.locking import with_short_locks
    from scraper.database.migrations import check_schema, known_migrations, migrate
    from scraper.database.readers import (
        READER_LOGIN,
        prepare_reading,
        reader_url,
        require_reader,
    )
    from scraper.database.statements import Statements, sql_folder

__all__ = [
    "READER_LOGIN",
    "Fault",
    "Pool",
    "Statements",
    "alone",
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
    "prepare_reading",
    "reader_url",
    "redact",
    "require_reader",
    "sql_folder",
    "with_short_locks",
]

_PLACES = {
    "is_substitute": "scraper.database.calendar",
    "Pool": "scraper.database.connection",
    "alone": "scraper.database.connection",
    "connect": "scraper.database.connection",
    "explain": "scraper.database.connection",
    "open_pool": "scraper.database.connection",
    "redact": "scraper.database.connection",
    "Fault": "scraper.database.faults",
    "cannot_write": "scraper.database.faults",
    "fault_of": "scraper.database.faults",
    "is_trouble": "scraper.database.faults",
    "lost_to_another": "scraper.database.faults",
    "with_short_locks": "scraper.database.locking",
    "check_schema": "scraper.database.migrations",
    "known_migrations": "scraper.database.migrations",
    "migrate": "scraper.database.migrations",
    "READER_LOGIN": "scraper.database.readers",
    "prepare_reading": "scraper.database.readers",
    "reader_url": "scraper.database.readers",
    "require_reader": "scraper.database.readers",
    "Statements": "scraper.database.statements",
    "sql_folder": "scraper.database.statements",
}

__getattr__ = lazy(__name__, _PLACES)
