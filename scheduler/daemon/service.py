"""The service manager's protocol, sd_notify(3): ready, reloading, stopping, and the watchdog."""

from __future__ import annotations

import os
import socket
import time


def notify(*assignments: str) -> bool:
    """Tell systemd, where it listens.

    Args:
        assignments: e.g. ``READY=1``, ``STATUS=…``, ``WATCHDOG=1``.

    Returns:
        Whether there was anybody to tell.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    target = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.sendto("\n".join(assignments).encode(), target)
    return True


def reloading() -> bool:
    """Tell systemd that a reload has begun; it wants to know since when (systemd 253)."""
    return notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def watchdog_seconds() -> float | None:
    """How often the watchdog must be stroked: half of what it allows; None where there is none."""
    allowed = os.environ.get("WATCHDOG_USEC")
    owner = os.environ.get("WATCHDOG_PID", str(os.getpid()))
    if not allowed or owner != str(os.getpid()):
        return None
    return int(allowed) / 1_000_000 / 2
