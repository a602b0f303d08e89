"""The title that a document itself shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from scraper.files.layout.lines import Run

_NUMBER = re.compile(r"[〔\[［【(（]\s?\d{4}\s?[〕\]］】)）]\s?(?:第\s?)?\d{1,5}\s?号")
"""An official document's number (GB/T 9704): below the red head, above the title."""
_RED_HEAD = re.compile(r"(?:文件|函|令|公报|简报|会议纪要|抄告单|\(.{1,4}\)|（.{1,4}）)$")
_WITHIN = 25
_NUMBER_WITHIN = 10
_LARGER = 1.12
_LINES = 5
_LEAST, _MOST = 4, 200


def heading_of(runs: Sequence[Run]) -> str | None:
    """The lines of the first page that are larger than its text, below the document's number.

    Args:
        runs: the first page's lines in reading order, tables included.
    """
    start = _after_number(runs)
    body = _body_size(runs)
    shown = [run for run in runs[start : start + _WITHIN] if run.rows is None]
    while shown:
        largest = max(run.size for run in shown)
        if largest < _LARGER * body:
            return None
        first = next(n for n, run in enumerate(shown) if run.size == largest)
        title, past = _title_from(shown, first, largest)
        if _LEAST <= len(title) <= _MOST and not (start == 0 and _is_red_head(shown, past, title)):
            return title
        shown = shown[past:]
    return None


def _after_number(runs: Sequence[Run]) -> int:
    for n, run in enumerate(runs[:_NUMBER_WITHIN]):
        if _NUMBER.search(run.text) and len(run.text) < 60:
            return n + 1
    return 0


def _body_size(runs: Sequence[Run]) -> float:
    """The size that most signs have."""
    sizes = [run.size for run in runs for _ in range(max(1, len(run.text) // 8))]
    return median(sizes) if sizes else 0.0


def _title_from(runs: list[Run], first: int, size: float) -> tuple[str, int]:
    """The lines from one on that are as large as it, as one text, and the line past them."""
    past = first
    while past < min(len(runs), first + _LINES) and runs[past].size > 0.94 * size:
        past += 1
    parts = [run.text for run in runs[first:past]]
    text = parts[0]
    for part in parts[1:]:
        text += part if not (text[-1].isascii() and part[:1].isascii()) else f" {part}"
    return text, past


def _is_red_head(runs: list[Run], past: int, title: str) -> bool:
    """Whether a line names the issuing office (某市人民政府文件) and the title is further down."""
    return bool(_RED_HEAD.search(title)) and len(title) <= 30 and past < len(runs)
