"""Write the reference into ``docs/`` and the README; with ``--check``, only tell what is stale."""

from __future__ import annotations

import sys
from pathlib import Path

from scheduler.docs.commands import commands_page
from scheduler.docs.facts import interface
from scheduler.docs.metrics import metrics_page
from scheduler.docs.operating import causes_table, faults_table, sizing_table
from scheduler.docs.peers import measurement, peers_table
from scheduler.docs.reference import (
    errors_page,
    options_page,
    options_table,
    outcomes_page,
    queries_page,
    sql_page,
)
from scheduler.docs.rules import rules_page
from scraper.archive.proof.proving import SCRIPT

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")
COMPARING = (*READMES, "docs/comparison.md", "tests/quality/README.md")
OPERATING = "docs/operating.md"
PROVING = "docs/proof.md"


def pages() -> dict[Path, str]:
    """Each file that is written, and what belongs into it."""
    written = {
        "commands": commands_page(),
        "options": options_page(),
        "sql": sql_page(interface()),
        "queries": queries_page(),
        "metrics": metrics_page(),
        "outcomes": outcomes_page(),
        "errors": errors_page(),
        "rules": rules_page(),
    }
    files = {ROOT / "docs" / f"{name}.md": text for name, text in written.items()}
    marked = {name: (ROOT / name).read_text("utf-8") for name in (*COMPARING, OPERATING, PROVING)}
    return files | {ROOT / name: with_tables(name, text) for name, text in marked.items()}


def with_tables(name: str, text: str) -> str:
    """A document with what is written from the program between its marks."""
    compared = peers_table(measurement(), "zh" if name.endswith(".zh.md") else "en")
    tables = {
        "options": options_table(),
        "peers": compared,
        "causes": causes_table(),
        "faults": faults_table(),
        "sizing": sizing_table(),
        "script": f"```python\n{SCRIPT.read_text('utf-8')}```",
    }
    for mark, written in tables.items():
        before, begin, rest = text.partition(f"<!-- {mark} -->\n")
        _, end, after = rest.partition(f"<!-- /{mark} -->")
        if begin and end:
            text = f"{before}{begin}{written}\n{end}{after}"
    return text


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
