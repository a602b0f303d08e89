"""What a long command shows while it runs."""

from __future__ import annotations

import io

from rich.console import Console
from rich.progress import Progress

from scheduler.cli.pace import Pace, pace_shown


def test_so_many_so_far_and_so_many_a_second() -> None:
    moment = [0.0]
    column = Pace("pages")
    bar = Progress(column, disable=True, get_time=lambda: moment[0])
    task = bar.add_task("", total=None)
    assert column.render(bar.tasks[0]).plain == "0 pages"
    for moment[0] in (1.0, 2.0, 3.0):
        bar.advance(task, 40)
    assert column.render(bar.tasks[0]).plain == "120 pages, 40 pages/s"
    bar.update(task, total=120)
    assert column.render(bar.tasks[0]).plain == "120 pages, 40 pages/s"


def test_it_is_for_people_at_a_terminal() -> None:
    shown = [
        _shown(terminal=terminal, show=show) for terminal in (True, False) for show in (True, False)
    ]
    assert ["2 records" in each for each in shown] == [True, False, False, False]


def _shown(*, terminal: bool, show: bool) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=80)
    with pace_shown(console, "records", show=show) as counted:
        counted()
        counted()
    return out.getvalue()
