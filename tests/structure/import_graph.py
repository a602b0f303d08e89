"""Which module of the program imports which, read from the sources without running them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("scraper", "scheduler")
NESTED = ("scraper.archive", "scraper.page")
"""Rooms that are large enough to be divided into rooms of their own."""

Graph = Mapping[str, frozenset[str]]


def import_graph(root: Path = ROOT) -> Graph:
    """Module to the modules it imports; imports inside functions and for types alone count too."""
    paths = {
        _module(path, root): path for package in PACKAGES for path in (root / package).rglob("*.py")
    }
    return {
        module: frozenset(_imported(ast.parse(path.read_text("utf-8")), paths)) - {module}
        for module, path in paths.items()
    }


def room_of(module: str) -> str:
    """The room a module stands in; a module that lies directly in its package is its own."""
    for parent in NESTED:
        if module.startswith(f"{parent}."):
            return ".".join(module.split(".")[: parent.count(".") + 2])
    return ".".join(module.split(".")[:2])


def by_room(graph: Graph, room: Callable[[str], str] = room_of) -> Graph:
    """The same graph between rooms; the faces of packages (``scraper``) are no rooms."""
    rooms: dict[str, set[str]] = defaultdict(set)
    for module, imported in graph.items():
        if module not in PACKAGES and module not in NESTED:
            rooms[room(module)] |= {
                room(each) for each in imported if each not in PACKAGES and each not in NESTED
            }
    return {name: frozenset(others - {name}) for name, others in rooms.items()}


def cycles(graph: Graph) -> list[list[str]]:
    """The groups of two or more that reach each other (strongly connected), by name."""
    reach = {name: _reachable(name, graph) for name in graph}
    groups = {
        frozenset({name, *(other for other in reach[name] if name in reach.get(other, ()))})
        for name in graph
    }
    return sorted(sorted(group) for group in groups if len(group) > 1)


def _reachable(start: str, graph: Graph) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in graph.get(waiting.pop(), frozenset()) - found:
            found.add(each)
            waiting.append(each)
    return found


def _module(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.Module, known: Iterable[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_nearest(alias.name, known) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (_nearest(f"{node.module}.{alias.name}", known) for alias in node.names)


def _nearest(name: str, known: Iterable[str]) -> str:
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name
