"""Logs: one event a line, a sentence and its fields; secrets never."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

from scraper.controls import visible
from scraper.log import before_first_event

_SECRET = re.compile(
    r"(password|secret|token|authorization|cookie|database_url|notify)", re.IGNORECASE
)
_URL_PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@|(password=)\S+")


def configure_logs(level: str, style: str | None = None) -> None:
    """Send logs to standard error, ours and the libraries', from the first event on.

    Args:
        level: debug, info, warning or error.
        style: "console" for people, "json" for machines; by default what standard error is.
    """

    def set_up() -> None:
        _configure(level, style)

    before_first_event(set_up)
    logging.basicConfig(level=logging.WARNING, handlers=[_First(set_up)], force=True)


class _First(logging.Handler):
    """Stands in for the real handler until a library logs something."""

    def __init__(self, set_up: Callable[[], None]) -> None:
        super().__init__()
        self._set_up = set_up

    def emit(self, record: logging.LogRecord) -> None:
        """Set the log up, then log the record."""
        self._set_up()
        logging.getLogger().handle(record)


def _configure(level: str, style: str | None) -> None:
    import structlog  # noqa: PLC0415 - see scraper.log
    import structlog.dev  # noqa: PLC0415 - as above

    pretty = style == "console" or (style is None and sys.stderr.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    )
    common: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        redact,
        show_controls,
    ]
    structlog.configure(
        processors=[*common, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever it is by then
        cache_logger_on_first_use=False,
    )
    libraries = logging.StreamHandler(sys.stderr)  # what libraries log takes the same form
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)


def show_controls(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Texts from outside do not steer the terminal that shows the log."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = visible(value)
    return event


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take secrets out of an event: whole values by the field's name, passwords inside URLs."""
    for name, value in event.items():
        if _SECRET.search(name):
            event[name] = "(secret)"
        elif isinstance(value, str):
            event[name] = _URL_PASSWORD.sub(r"\1\2***@", value)
    return event
