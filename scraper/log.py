"""The program's log: structlog, loaded when the first event is logged.

Most commands log nothing, and structlog brings the printing of tracebacks and colours of code with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_prepare: list[Callable[[], None]] = []


def before_first_event(prepare: Callable[[], None]) -> None:
    """Have the log set up by ``prepare`` when, and if, something is logged."""
    _prepare[:] = [prepare]


class Logger:
    """A logger of structlog that is made when it is used: ``log.info("a sentence", field=value)``."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, method: str) -> Any:
        import structlog  # noqa: PLC0415 - that is what this class is for

        while _prepare:
            _prepare.pop()()
        return getattr(structlog.get_logger(self._name), method)


def get_logger(name: str) -> Logger:
    """The logger of a module."""
    return Logger(name)
