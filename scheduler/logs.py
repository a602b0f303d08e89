"""Logs: one event a line, a sentence and its fields; secrets never."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from scraper.controls import visible

_SECRET = re.compile(
    r"(password|secret|token|authorization|cookie|database_url|notify)", re.IGNORECASE
)
_URL_PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@/\s]+@|(password=)\S+")


def configure_logs(level: str, style: str | None = None) -> None:
    """Send logs to standard error.

    Args:
        level: debug, info, warning or error.
        style: "console" for people, "json" for machines; by default what standard error is.
    """
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
