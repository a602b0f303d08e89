"""kill -9 of this client between two statements."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest


class Killed(Exception):
    """Stands for kill -9 of this client: nothing is said to the server, the socket is closed."""


@pytest.fixture
def kill_after(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Closes the connection before the statement of this number; counts statements without one."""
    state = {"left": -1, "count": 0}
    execute, many = psycopg.AsyncCursor.execute, psycopg.AsyncCursor.executemany

    def step(cursor: Any) -> None:
        state["count"] += 1
        if state["left"] == 0:
            state["left"] = -1
            cursor.connection.pgconn.finish()
            raise Killed
        state["left"] -= 1

    async def dying_execute(self: Any, query: Any, *args: Any, **options: Any) -> Any:
        if query and "TIME ZONE" not in str(query):  # what the pool itself asks of a connection
            step(self)
        return await execute(self, query, *args, **options)

    async def dying_many(self: Any, *args: Any, **options: Any) -> Any:
        step(self)
        return await many(self, *args, **options)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", dying_execute)
    monkeypatch.setattr(psycopg.AsyncCursor, "executemany", dying_many)
    return state
