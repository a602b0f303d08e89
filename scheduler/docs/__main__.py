"""Write the reference into ``docs/`` and the README; with ``--check``, only tell what is stale."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from scheduler.docs.commands import commands_page
from scheduler.docs.facts import interface
from scheduler.docs.reference import (
    errors_page,
    options_page,
    options_table,
    outcomes_page,
    queries_page,
    sql_page,
)
from scheduler.docs.rules import rules_page

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")
_BETWEEN = re.compile(r"(<!-- options -->\n).*?(\n<!-- /options -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Each file that is written, and what belongs into it."""
    written = {
        "commands": commands_page(),
        "options": options_page(),
        "sql": sql_page(interface()),
        "queries": queries_page(),
        "outcomes": outcomes_page(),
        "errors": errors_page(),
        "rules": rules_page(),
    }
    files = {ROOT / "docs" / f"{name}.md": text for name, text in written.items()}
    readmes = (ROOT / name for name in READMES)
    return files | {
        path: with_options(path.read_text("utf-8")) for path in readmes if path.exists()
    }


def with_options(text: str) -> str:
    """A README with the table of options between its two marks."""
    return _BETWEEN.sub(lambda m: m[1] + options_table() + m[2], text)


def main() -> int:
    """Write, or check. Returns the exit code."""
    wanted = pages()
    stale = [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale; run `python -m scheduler.docs`")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted[path], "utf-8")
        print(f"written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
