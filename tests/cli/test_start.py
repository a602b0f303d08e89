"""What a command loads before it can answer: not the parsers, the fetcher or the scheduler."""

from __future__ import annotations

import subprocess
import sys

import pytest
import typer
from typer.main import get_group

from scheduler.cli.commands import COMMANDS, HELP, app
from tests.cli.conftest import Tonggao

NAMED = """
import sys
from scheduler.__main__ import main
sys.argv = ["tonggao", *{arguments!r}]
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""

EVERY_CALL = {
    "scraper.controls",
    "scheduler",
    "scheduler.cli",
    "scraper",
    "scraper.errors",
    "scraper.faces",
}
EVERY_CALL |= {
    "scraper.words",
    "scheduler.__main__",
    "scheduler.cli.commands",
    "scheduler.cli.exits",
    "scheduler.cli.variables",
    "scraper.outcome",
    "scraper.refusal",
}
SEARCH = {"scheduler.cli.context", "scheduler.cli.search", "scheduler.logs", "scheduler.settings"}
SEARCH |= {"scraper.archive", "scraper.archive.querying", "scraper.archive.querying.finding"}
SEARCH |= {"scraper.archive.writing", "scraper.archive.writing.refolding"}
SEARCH |= {"scraper.text", "scraper.text.asked_days"}
SEARCH |= {
    "scraper.readers",
    "scraper.readers.processors",
}  # the settings tell how many there may be
SEARCH |= {"scraper.log", "scraper.clock", "scheduler.cli.terminal", "scheduler.cli.naming"}
SEARCH_ROOMS = ("scraper.database", "scraper.record")
"""What ``search`` may load of ours: these modules, and what lies in these rooms."""

HEAVY = {
    "numpy",
    "apprise",
    "holidays",
    "structlog",
    "selectolax",
    "httpx",
    "feedparser",
    "procrastinate",
}
HEAVY |= {"apscheduler", "pygments", "zstandard", "rapidfuzz", "matplotlib"}
"""Libraries that a look into the archive does without."""


def loaded(stderr: str) -> set[str]:
    return set(stderr.splitlines()[-1].split())


def ours(modules: set[str]) -> set[str]:
    return {each for each in modules if each.partition(".")[0] in {"scraper", "scheduler"}}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_version_and_help_load_the_command_line_alone(arguments: list[str]) -> None:
    code = NAMED.format(arguments=arguments)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = loaded(done.stderr)
    assert ours(modules) == EVERY_CALL
    allowed = {"pygments"}  # typer draws its help with rich.markdown
    assert not modules & ({*HEAVY, "psycopg", "pydantic"} - allowed)


def test_search_loads_what_it_needs(tonggao: Tonggao) -> None:
    done = tonggao("search", "智能", code=NAMED)
    assert done.returncode == 0, done.stderr
    modules = loaded(done.stderr)
    rooms = tuple(f"{room}." for room in SEARCH_ROOMS)
    rest = {each for each in ours(modules) - EVERY_CALL - SEARCH if not each.startswith(rooms)}
    assert rest <= set(SEARCH_ROOMS)
    assert not modules & HEAVY


@pytest.mark.parametrize("command", ["show", "status"])
def test_show_and_status_load_no_parser(tonggao: Tonggao, command: str) -> None:
    done = tonggao(command, *(["1"] if command == "show" else []), code=NAMED)
    modules = loaded(done.stderr)
    assert not modules & (HEAVY - {"zstandard"})
    assert not {"scraper.page.reader", "scraper.fetch.client", "scraper.listing.engines"} & modules


def test_the_lines_of_help_are_those_of_the_commands() -> None:
    group = get_group(app)
    said = {}
    for name in COMMANDS:
        command = group.get_command(typer.Context(group), name)
        said[name] = (command.short_help or command.help or "").split("\n\n")[0].replace("\n", " ")
    assert said == HELP
