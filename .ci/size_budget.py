"""The size budget of the code: short functions, short files. Exit code 1 where it is exceeded.

A function's size is its lines from ``def`` to its end without docstring, comments and blank lines;
a function inside another counts for both. A file's size is all its lines. Tests are left out.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("scraper", "scheduler", "benchmarks", ".ci")
FUNCTION_P90, FUNCTION_MOST = 25, 60
FILE_MOST = 500
NAMED = 5
"""How many of the largest are named."""


@dataclass(frozen=True, slots=True, order=True)
class Sized:
    """A function or a file and its lines."""

    lines: int
    name: str


def sizes(folders: tuple[str, ...] = FOLDERS) -> tuple[list[Sized], list[Sized]]:
    """All functions and all files."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    files = [(path, path.read_text("utf-8")) for path in paths]
    functions = [each for path, text in files for each in functions_of(path, text)]
    return functions, [Sized(len(text.splitlines()), _name(path)) for path, text in files]


def functions_of(path: Path, text: str) -> Iterator[Sized]:
    """The functions of one file."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            own = range(node.lineno - 1, node.end_lineno or node.lineno)
            said = _docstring_lines(node)
            count = sum(1 for n in own if n not in said and _is_code(lines[n]))
            yield Sized(count, f"{_name(path)}:{node.lineno} {node.name}")


def report(functions: list[Sized], files: list[Sized]) -> list[str]:
    """Print the table; returns what is exceeded."""
    lengths = sorted(each.lines for each in functions)
    tenth = quantiles(lengths, n=10)[-1]
    file_lines = [each.lines for each in files]
    rows = [
        ("function, 90 in 100", tenth, FUNCTION_P90),
        ("function, longest", lengths[-1], FUNCTION_MOST),
        ("file, longest", max(file_lines), FILE_MOST),
    ]
    print(f"{len(functions)} functions in {len(files)} files")
    for name, found, limit in rows:
        print(f"  {name:<20} {found:>6.4g}  of {limit:>3}{'  EXCEEDED' if found > limit else ''}")
    return [name for name, found, limit in rows if found > limit]


def main() -> int:
    """Measure, print, and judge."""
    functions, files = sizes()
    exceeded = report(functions, files)
    if exceeded or "--largest" in sys.argv:
        for each in [*sorted(functions)[: -NAMED - 1 : -1], *sorted(files)[: -NAMED - 1 : -1]]:
            print(f"  {each.lines:>4}  {each.name}")
    return 1 if exceeded else 0


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _is_code(line: str) -> bool:
    bare = line.strip()
    return bool(bare) and not bare.startswith("#")


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> range:
    first = node.body[0]
    if ast.get_docstring(node) is None or first.end_lineno is None:
        return range(0)
    return range(first.lineno - 1, first.end_lineno)


if __name__ == "__main__":
    sys.exit(main())
