"""What README and docs tell people to type works."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest

from scheduler.cli.exits import EXIT_PARTLY
from scheduler.demo.conductor import SOURCES
from scheduler.demo.site import load_site
from scheduler.docs.__main__ import COMPARING, OPERATING, with_tables
from scheduler.docs.commands import all_commands, root_command
from scheduler.docs.commands import examples as examples_of
from scheduler.docs.operating import RELEASE_BYTES, VISITS_A_SECOND
from scheduler.docs.peers import measurement, peers_table
from scheduler.health.causes import MEND, Cause
from scraper.archive import sync_regions
from scraper.clock import now
from scraper.database import open_pool
from scraper.sources import load_catalogue
from tests.docs.examples import ROOT, Example, examples

_OURS = re.compile(r"^(?:uvx? |\.venv/bin/|sudo )?tonggao\b(.*)")


@pytest.fixture(scope="module")
def surroundings(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The environment of a shell with ``tonggao`` and an archive that the demo's site filled."""
    name, folder = f"tonggao_docs_{os.getpid()}", tmp_path_factory.mktemp("shell")
    program = folder / "tonggao"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m scheduler "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        with load_site(now().date()) as site:
            plain = {k: v for k, v in os.environ.items() if not k.startswith("TONGGAO_")}
            shell = plain | {
                "PATH": f"{folder}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "TONGGAO_CONFIG": str(folder / "tonggao.toml"),
                "TONGGAO_DATABASE_URL": f"{server} dbname={name}",
                "TONGGAO_SOURCES_DIR": str(SOURCES),
                "TONGGAO_TEST_HOSTS": json.dumps(dict(site.hosts)),
                "TONGGAO_RECHECK_HOURS": "0",
                "HOME": str(folder),
            }
            asyncio.run(_with_regions(shell["TONGGAO_DATABASE_URL"]))
            _shell("tonggao sources enable demo", shell)
            for _ in range(2):
                _shell("tonggao run demo", shell)
                site.edit()
            yield shell
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def _with_regions(url: str) -> None:
    async with open_pool(url) as pool:
        await sync_regions(pool)


def _shell(command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command],
        env=environment,
        cwd=environment["HOME"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def _place(example: Example) -> str:
    return f"{example.place} {example.text.splitlines()[0][:50]}"


@pytest.mark.parametrize("example", examples("console"), ids=_place)
def test_command_runs(example: Example, surroundings: dict[str, str]) -> None:
    done = _shell(example.text, surroundings)
    assert done.returncode in {0, EXIT_PARTLY}, done.stderr  # the demo has one broken page


@pytest.mark.parametrize("example", examples("sql"), ids=_place)
def test_sql_runs(example: Example, surroundings: dict[str, str]) -> None:
    url = surroundings["TONGGAO_DATABASE_URL"]
    with psycopg.connect(url, options="-c role=tonggao_reader") as connection:
        for statement in filter(str.strip, example.text.split(";")):
            assert connection.execute(statement).description is not None


def test_the_aggregates_run_on_an_export(surroundings: dict[str, str]) -> None:
    done = _shell("tonggao export --into by-month", surroundings)
    assert done.returncode == 0, done.stderr
    first, *aggregates = examples("duckdb")
    folder = Path(surroundings["HOME"])
    with duckdb.connect() as database:
        database.execute(first.text.replace("by-month/", f"{folder}/by-month/"))
        rows = [database.execute(example.text).fetchall() for example in aggregates]
    assert [len(found) > 0 for found in rows] == [True] * len(aggregates)
    assert sum(releases for _, _, releases in rows[0]) == 7


def test_the_archive_of_the_examples_is_full(surroundings: dict[str, str]) -> None:
    with psycopg.connect(surroundings["TONGGAO_DATABASE_URL"]) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM archive.releases), (SELECT sum(copies) FROM archive.releases),"
            " (SELECT count(*) FROM archive.revisions WHERE number > 1)"
        ).fetchone()
    assert counts == (7, 1, 1)


def _arguments(line: str) -> list[str] | None:
    ours = _OURS.match(line)
    if ours is None:
        return None
    lexer = shlex.shlex(ours[1], posix=True, punctuation_chars="|>&;<")
    lexer.whitespace_split = True
    found: list[str] = []
    for token in lexer:
        if set(token) <= set("|>&;<"):
            break
        found.append(token)
    return found


def _parse(arguments: list[str]) -> None:
    """Read a command line as the program does, without doing it."""
    command, name, context = root_command(), "tonggao", None
    while True:
        context = command.make_context(name, list(arguments), parent=context)
        if not hasattr(command, "resolve_command"):
            return
        arguments = [*context._protected_args, *context.args]
        if command.invoke_without_command and not arguments:
            return
        name, command, arguments = command.resolve_command(context, arguments)


def _told() -> list[tuple[str, str]]:
    in_help = [(name, line) for name, command in all_commands() for line in examples_of(command)]
    return [*in_help, *((each.place, each.text) for each in examples("sh"))]


@pytest.mark.parametrize(("place", "line"), _told())
def test_example_that_is_not_run_is_well_formed(
    place: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tonggao.backup").touch()  # `restore` asks that its file is there
    for part in re.split(r"&&|;", line.partition(" #")[0]):
        arguments = _arguments(part.strip())
        if arguments is not None and not re.search(r"SOURCE…|\.\.\.", part):
            _parse(arguments)


@pytest.mark.parametrize(
    "example", [e for e in examples("sh") if e.text.startswith("make ")], ids=_place
)
def test_make_target_exists(example: Example) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    wanted = example.text.partition("#")[0].split()[1:]
    assert set(wanted) <= set(targets)


def test_every_command_gives_an_example() -> None:
    without = [
        name for name, command in all_commands() if command.params and not examples_of(command)
    ]
    assert not without, without


def test_the_first_page_and_the_site_lead_to_every_document() -> None:
    documents = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    listed = (ROOT / ".ci" / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2]
    assert set(re.findall(r"[\w-]+\.md", listed)) == documents | {"index.md"}
    first = (ROOT / "docs" / "index.md").read_text("utf-8")
    assert set(re.findall(r"\(([\w-]+\.md)\)", first)) == documents


def test_links_between_documents_lead_somewhere() -> None:
    from tests.docs.examples import documents

    for path in documents():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_reference_is_fresh() -> None:
    """As ``make lint`` does, without a server of its own: all but the SQL interface."""
    from scheduler.docs.commands import commands_page
    from scheduler.docs.reference import errors_page, options_page, outcomes_page, queries_page

    written = {
        "commands": commands_page,
        "options": options_page,
        "outcomes": outcomes_page,
        "errors": errors_page,
        "queries": queries_page,
    }
    for name, page in written.items():
        assert (ROOT / "docs" / f"{name}.md").read_text("utf-8") == page(), name


@pytest.mark.parametrize("name", COMPARING)
def test_every_comparison_is_the_one_that_was_measured(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "<!-- peers -->\n" in text
    assert with_tables(name, text) == text
    assert text.count("resiliparse 2") == 1  # and no second table beside it


def test_the_page_for_operators_tells_what_to_do_for_each_cause() -> None:
    text = (ROOT / OPERATING).read_text("utf-8")
    assert with_tables(OPERATING, text) == text
    assert set(MEND) == set(Cause)
    for cause in Cause:
        assert f"| `{cause.value}` | {MEND[cause]}" in text


def test_the_sizes_are_those_that_were_measured() -> None:
    measured = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    assert f"**{RELEASE_BYTES:,}**".replace(",", " ") in measured
    assert f"one process {VISITS_A_SECOND} visits" in measured
    assert f"One process did {VISITS_A_SECOND} visits" in (ROOT / "README.md").read_text("utf-8")
    assert f"{RELEASE_BYTES / 1000} kB" in (ROOT / OPERATING).read_text("utf-8")


def test_what_a_program_does_not_return_has_no_figure() -> None:
    tools = {tool.name: tool for tool in measurement().tools}
    assert set(tools["resiliparse"].figures) == {"body"}
    assert "time" not in tools["trafilatura"].figures
    for name in ("resiliparse", "readability-lxml"):
        assert tools[name].not_stated is None
        assert peers_table(measurement()).partition(f"| {name}")[2].splitlines()[0].count("–") > 6


def test_files_that_the_documents_name_exist() -> None:
    names = {path.name for path in ROOT.rglob("*") if path.suffix in {".py", ".sql", ".toml"}}
    for document in ("ARCHITECTURE.md", "CONTRIBUTING.md", "docs/changing.md", "docs/rules.md"):
        text = (ROOT / document).read_text("utf-8")
        for name in re.findall(r"`([\w./-]+\.(?:py|sql|toml))`", text):
            assert (ROOT / name).exists() or ("/" not in name and name in names), name
        for folder in re.findall(r"`((?:scraper|scheduler|sql|tests|docs)/[\w/]*/)`", text):
            assert (ROOT / folder).is_dir(), folder


def test_the_architecture_is_a_page() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines()) <= 100


def test_source_of_the_contributing_guide_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    block = text.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "own.toml").write_text(block, "utf-8")
    assert load_catalogue(tmp_path).get("qinghe.gov.xwfb").publisher == "青禾市人民政府"


_ANSWERED = re.compile(r"```sql\n([^`]+)```\n\n```text\n([^`]*)```")


def test_the_ten_questions_have_the_answers_that_are_printed(
    surroundings: dict[str, str],
) -> None:
    """``TONGGAO_TEST_WRITE_ANSWERS=1`` writes them."""
    file = ROOT / "docs/questions.md"
    text = file.read_text("utf-8")
    with psycopg.connect(
        surroundings["TONGGAO_DATABASE_URL"], options="-c role=tonggao_reader"
    ) as connection:

        def answered(match: re.Match[str]) -> str:
            rows = connection.execute(match[1].encode()).fetchall()
            lines = "".join(" | ".join(map(str, row)) + "\n" for row in rows)
            return f"```sql\n{match[1]}```\n\n```text\n{lines}```"

        found = _ANSWERED.sub(answered, text)
    assert len(_ANSWERED.findall(text)) == 10
    if os.environ.get("TONGGAO_TEST_WRITE_ANSWERS"):
        file.write_text(found, "utf-8")
    assert found == file.read_text("utf-8")
