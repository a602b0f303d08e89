"""Characters that steer a terminal or turn a line's direction: dropped from new texts, shown as escapes.

ZERO WIDTH signs and the marks U+200C to U+200F are none of them: scripts need those.
"""

from __future__ import annotations

import re

_STEERING = "\x1b\x80-\x9f\u202a-\u202e\u2066-\u2069"
"""ESC, C1, and what embeds, overrides or isolates a direction."""
_DROPPED = re.compile(f"[{_STEERING}]")
_SHOWN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f{_STEERING}]")
_IN_JSON = re.compile(f"[\x7f{_STEERING}]")


def without_controls(text: str) -> str:
    """A text without ESC, C1 controls and signs that turn its direction."""
    return text if text.isascii() and "\x1b" not in text else _DROPPED.sub("", text)


def steers(text: str) -> bool:
    """Whether `without_controls` drops anything of a text."""
    return ("\x1b" in text) if text.isascii() else _DROPPED.search(text) is not None


def visible(text: str) -> str:
    r"""A text as a terminal may show it: what would steer it as an escape (``\x1b``, ``\u202e``).

    Tabs and line ends stay as they are.
    """
    return _SHOWN.sub(_escape, text)


def visible_json(dumped: str) -> str:
    """The same for JSON, which stays the same JSON: such signs stand in its texts only."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", dumped)


def _escape(found: re.Match[str]) -> str:
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
