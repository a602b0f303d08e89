"""Where the embedded server lies."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def default_folder() -> Path:
    """Where the cluster lies unless the operator says otherwise.

    For root it is the system's place for state (FHS 3.0 §5.8), since the server's user may not enter
    root's home; for anybody else the user's own data directory.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/tonggao")
    return Path(platformdirs.user_data_dir("tonggao", appauthor=False))
