"""The examples of README and docs: fenced blocks, by their language.

``console``: lines after ``$ `` are run, and end with 0. ``sql``: run as tonggao_reader. ``duckdb``: run in
order beside the folder that the console's ``export --into`` wrote. ``sh``: not run, for they need a machine or the web; what of them is ours is checked to exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One command or statement and where it stands."""

    place: str
    language: str
    text: str


def documents() -> list[Path]:
    names = ("README.md", "README.zh.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
    found = [ROOT / name for name in names if (ROOT / name).exists()]
    return [*found, *sorted((ROOT / "docs").glob("*.md"))]


def examples(language: str) -> list[Example]:
    return [
        Example(f"{path.relative_to(ROOT)}:{line}", language, text)
        for path in documents()
        for line, text in _texts(path.read_text("utf-8"), language)
    ]


def _texts(document: str, language: str) -> list[tuple[int, str]]:
    found = []
    for block in _BLOCK.finditer(document):
        first = document.count("\n", 0, block.start()) + 2
        if block[1] != language:
            continue
        if language in {"sql", "duckdb"}:
            found.append((first, block[2]))
            continue
        for offset, line in enumerate(block[2].splitlines()):
            if language == "sh" or line.startswith("$ "):
                found.append((first + offset, line.removeprefix("$ ").strip()))
    return [(line, text) for line, text in found if text and not text.startswith("#")]
