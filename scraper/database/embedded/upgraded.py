"""The last step of an upgrade to another major version: the new data folder takes the old one's place."""

from __future__ import annotations

import shutil
from pathlib import Path

VERIFIED = "verified"
"""A file in the upgrade's folder: its data are whole. It holds the major version of the old ones."""


def upgrading(folder: Path) -> Path:
    """Where the new cluster of an upgrade is made, on the same file system as the old one."""
    return folder / "upgrading"


def kept(folder: Path, major: str) -> Path:
    """Where the data folder of an older major version stays after the upgrade."""
    return folder / f"data-{major}"


def finish(folder: Path, data: Path) -> None:
    """Put verified data in their place; nothing happens where there are none.

    It may be run again after any interruption: each step is one rename, or is seen to be done. To be
    called with ``start.lock`` held, before anything is made in ``data``.
    """
    made = upgrading(folder)
    try:
        before = (made / VERIFIED).read_text("ascii").strip()
    except FileNotFoundError:
        return
    if (made / "data").exists():
        if data.exists():
            data.rename(kept(folder, before))
        (made / "data").rename(data)
    shutil.rmtree(made)
