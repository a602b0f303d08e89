"""The tables of ``docs/operating.md``: causes from the program, sizes from what was measured."""

from __future__ import annotations

import math

from scheduler.docs.markdown import code, table
from scheduler.health.causes import MEND, Cause
from scheduler.watches.faults import FAULT_MEND, Fault

RELEASE_BYTES = 13_300
"""Measured at 200 000 releases, page included: ``benchmarks/README.md``, "Room"."""
VISITS_A_SECOND = 8.6
"""What one process did beside other work on two cores: ``benchmarks/README.md``, "Whole visits"."""
_COLUMNS = (10, 300, 5_000)
_RELEASES_A_DAY, _VISITS_AN_HOUR = 5, 2


def causes_table() -> str:
    """Every cause that the doctor may name, and what to do."""
    return table(("Cause", "What to do"), [(code(cause.value), MEND[cause]) for cause in Cause])


def faults_table() -> str:
    """Every fault of a watch's target that the doctor may name, and what to do."""
    rows = [(code(fault.value), FAULT_MEND[fault]) for fault in Fault]
    return table(("Fault", "What to do"), rows)


def sizing_table() -> str:
    """What a number of columns needs, by the model that the page tells."""
    heads = ("Columns", "Visits a second", "Releases a year", "Room a year", "Processes")
    return table(heads, map(_row, _COLUMNS))


def _row(columns: int) -> tuple[str, ...]:
    visits = columns * _VISITS_AN_HOUR / 3600
    releases = columns * _RELEASES_A_DAY * 365
    processes = math.ceil(visits / VISITS_A_SECOND)
    room = releases * RELEASE_BYTES / 1e9
    return (
        f"{columns:,}",
        f"{visits:.2g}",
        f"{releases:,}",
        f"{float(f'{room:.2g}'):g} GB",
        str(processes),
    )
