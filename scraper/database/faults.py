"""Whose fault a database error is, by its SQLSTATE; the one place where that is decided.

The codes are those of PostgreSQL's manual, appendix A. psycopg's classes do not tell: its
``OperationalError`` holds a lost connection, a full disk and an index row that is too long alike.
"""

from __future__ import annotations

from enum import StrEnum

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from scraper.errors import DatabaseError, DatabaseUnavailable, DocumentRefused, WriteRefused


class Fault(StrEnum):
    """Whose fault an error is, which says what is to be done about it."""

    TRANSIENT = "transient"
    """The server's, and it passes: the same work is done again later."""
    DOCUMENT = "document"
    """The document's own: this article fails, the others go on."""
    OPERATOR = "operator"
    """The operator's: no article is blamed, the work stops and says what to type."""


_FAULTS = (
    ("08", Fault.TRANSIENT),  # connection exception
    ("40", Fault.TRANSIENT),  # transaction rollback: deadlock, serialization
    ("53", Fault.TRANSIENT),  # insufficient resources: disk full, out of memory
    ("57P", Fault.TRANSIENT),  # shutdown, crash, cannot connect now
    ("57014", Fault.TRANSIENT),  # query canceled, by a timeout or by hand
    ("55P03", Fault.TRANSIENT),  # lock not available
    ("25006", Fault.TRANSIENT),  # read only: a standby, or until the disk has room
    ("58030", Fault.TRANSIENT),  # I/O error
    ("22", Fault.DOCUMENT),  # data exception
    ("23", Fault.DOCUMENT),  # integrity constraint violation
    ("54", Fault.DOCUMENT),  # program limit exceeded: an index row that is too long
)
"""Beginnings of SQLSTATEs. All others are the operator's: 42, 28, 3D, 0A, and whatever is unknown."""

_CANNOT_WRITE = ("53", "25006", "58030")
_LIBRARY = {
    psycopg.OperationalError: Fault.TRANSIENT,  # libpq: the connection broke or was not made
    psycopg.InterfaceError: Fault.TRANSIENT,  # a connection that is closed by now
    psycopg.DataError: Fault.DOCUMENT,  # a value that cannot be sent: NUL in a text
    DocumentRefused: Fault.DOCUMENT,
    DatabaseUnavailable: Fault.TRANSIENT,
    WriteRefused: Fault.TRANSIENT,
    UnicodeEncodeError: Fault.DOCUMENT,  # half a surrogate pair in a text
    PoolTimeout: Fault.TRANSIENT,
    DatabaseError: Fault.OPERATOR,
    psycopg.Error: Fault.OPERATOR,
}
"""Errors that carry no SQLSTATE, because they were raised on this side; the first that fits."""


def fault_of(error: BaseException, *, attempt: int = 1) -> Fault | None:
    """Whose fault an error is; None where it is no error of the database.

    Args:
        error: what was raised.
        attempt: how often the work has been tried. Two writers may meet at one key (23505) without
            either being wrong: the second time it is the document's own fault.
    """
    code = sqlstate(error)
    if code == errors.UniqueViolation.sqlstate and attempt == 1:
        return Fault.TRANSIENT
    if code is not None:
        return next((fault for start, fault in _FAULTS if code.startswith(start)), Fault.OPERATOR)
    return next((fault for kind, fault in _LIBRARY.items() if isinstance(error, kind)), None)


def is_trouble(error: BaseException) -> bool:
    """Whether the database is not in order, so that nothing can be said of the work itself."""
    return fault_of(error) in {Fault.TRANSIENT, Fault.OPERATOR}


def lost_to_another(error: BaseException, attempt: int) -> bool:
    """Whether a transaction gave way to another one: it is tried again at once.

    Args:
        error: what it ended with.
        attempt: how often it has been tried; two writers meet at one key (23505) once.
    """
    code = sqlstate(error) or ""
    return code.startswith("40") or (code == errors.UniqueViolation.sqlstate and attempt == 1)


def cannot_write(error: BaseException) -> bool:
    """Whether the server is there and has no room, or no leave, to write."""
    return isinstance(error, WriteRefused) or (sqlstate(error) or "").startswith(_CANNOT_WRITE)


def sqlstate(error: BaseException) -> str | None:
    """The five characters that PostgreSQL sent, None where the error is not from it."""
    return error.sqlstate if isinstance(error, psycopg.Error) else None
