"""The keeper's process: ``python -m scraper.database.embedded.keeper FOLDER USER``."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from scraper.database.embedded.cluster import open_cluster
from scraper.database.embedded.sharing import LINGER_SECONDS, keep


def main(folder: str, user: str) -> None:
    """Stop the server in ``folder`` once nobody uses it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the command in the terminal
    keep(open_cluster(Path(folder), user=user), lambda: time.sleep(LINGER_SECONDS))


if __name__ == "__main__":
    main(*sys.argv[1:])
