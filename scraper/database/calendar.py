"""Times that PostgreSQL keeps and Python has no date for: the years before 1 and after 9999."""

from __future__ import annotations

import datetime as dt

import psycopg
from psycopg import adapters
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from scraper.clock import SHANGHAI

FIRST = dt.datetime.min.replace(tzinfo=SHANGHAI)
"""Stands for every time before the year 1."""
LAST = dt.datetime.max.replace(tzinfo=SHANGHAI)
"""Stands for every time after the year 9999."""

_LIBRARY = adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)


class TimeLoader(Loader):
    """Reads a ``timestamptz``; one beyond Python's calendar as ``FIRST`` or ``LAST``."""

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        if _LIBRARY is None:
            raise AssertionError("psycopg reads timestamptz")
        self._library = _LIBRARY(oid, context)

    def load(self, data: Buffer) -> dt.datetime:
        """The time, in the session's time zone."""
        try:
            loaded = self._library.load(data)
        except (psycopg.DataError, OverflowError):
            early = bytes(data).endswith(b"BC") or bytes(data).startswith((b"0001", b"-inf"))
            return FIRST if early else LAST
        if not isinstance(loaded, dt.datetime):
            raise TypeError(f"a time is no {type(loaded).__name__}")
        return loaded


def is_substitute(value: object) -> bool:
    """Whether a time stands for one beyond the calendar."""
    return isinstance(value, dt.datetime) and value in {FIRST, LAST}
