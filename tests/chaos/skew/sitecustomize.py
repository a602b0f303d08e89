"""Lets a test move the wall clock of a process: it follows the seconds in $TONGGAO_TEST_CLOCK."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import time_machine

_PAUSE = threading.Event()


def _follow(file: Path) -> None:
    traveller, shift = None, 0.0
    while not _PAUSE.wait(0.3):
        try:
            wanted = float(file.read_text("ascii") or 0)
        except (OSError, ValueError):
            continue
        if wanted == shift:
            continue
        if traveller is not None:
            traveller.stop()
        shift, traveller = wanted, None
        if shift:
            import datetime as dt

            target = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=shift)
            traveller = time_machine.travel(target, tick=True)
            traveller.start()


if _name := os.environ.get("TONGGAO_TEST_CLOCK"):
    threading.Thread(target=_follow, args=(Path(_name),), daemon=True).start()
