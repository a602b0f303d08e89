"""No two files and no two rooms import each other, and ``scraper`` knows nothing of ``scheduler``."""

from __future__ import annotations

from tests.structure.import_graph import by_room, cycles, import_graph

GRAPH = import_graph()


def test_no_file_is_part_of_a_cycle() -> None:
    assert cycles(GRAPH) == []


def test_no_room_is_part_of_a_cycle() -> None:
    assert cycles(by_room(GRAPH)) == []


def test_scraper_does_not_import_scheduler() -> None:
    assert [
        (module, each)
        for module, imported in GRAPH.items()
        for each in imported
        if module.startswith("scraper") and each.startswith("scheduler")
    ] == []


def test_a_cycle_would_be_found() -> None:
    graph = {
        "scraper.a.x": frozenset({"scraper.b.y"}),
        "scraper.b.y": frozenset({"scraper.b.z"}),
        "scraper.b.z": frozenset({"scraper.a.w"}),
        "scraper.a.w": frozenset[str](),
    }
    assert cycles(graph) == []
    assert cycles(by_room(graph)) == [["scraper.a", "scraper.b"]]
