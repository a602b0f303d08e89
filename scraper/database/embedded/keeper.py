"""The keeper's process: ``python -m scraper.database.embedded.keeper FOLDER USER SECONDS LOCK``."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from scraper.database.embedded.cluster import open_cluster
from scraper.database.embedded.sharing import keep


def main(folder: str, user: str, seconds: str, lock: str) -> None:
    """Stop the server in ``folder`` once nobody has used it for so many seconds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the command in the terminal
    keep(open_cluster(Path(folder), user=user), lambda: time.sleep(float(seconds)), int(lock))


if __name__ == "__main__":
    main(*sys.argv[1:])
