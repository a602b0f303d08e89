"""How many pages a long command has gone through, and how fast, for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task
from rich.text import Text


class Pace(ProgressColumn):
    """So many so far, and so many a second of the last half minute; at the end, of the whole.

    Args:
        what: what is counted (pages, records).
    """

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def render(self, task: Task) -> Text:
        """As it stands beside the spinner."""
        whole = task.completed / task.elapsed if task.finished and task.elapsed else None
        speed = whole or task.speed
        pace = f", {speed:.0f} {self._what}/s" if speed else ""
        return Text(f"{task.completed:.0f} {self._what}{pace}")


@contextmanager
def pace_shown(console: Console, what: str, *, show: bool) -> Iterator[Callable[[], None]]:
    """Gives what is to be called after each of them; the last line stays."""
    hidden = not (show and console.is_terminal)
    with Progress(SpinnerColumn(), Pace(what), console=console, disable=hidden) as bar:
        task = bar.add_task("", total=None)
        yield lambda: bar.advance(task)
        bar.update(task, total=bar.tasks[0].completed)
