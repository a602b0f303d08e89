"""``tonggao sources``, as it is called."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from scheduler.__main__ import main
from tests.sources.site import HOST, LISTS, SITE, Site, build, row, serve

Run = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(build()) as started:
        yield started


@pytest.fixture
def run(
    database_url: str,
    tmp_path: Path,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    environment = {
        "DATABASE_URL": database_url,
        "SOURCES_DIR": str(tmp_path / "own"),
        "TEST_HOSTS": json.dumps(site.hosts),
        "HOST_INTERVAL": "0",
        "HOST_JITTER": "0",
        "PARSE_WORKERS": "0",
        "LOG_LEVEL": "error",
    }
    for name, value in environment.items():
        monkeypatch.setenv(f"TONGGAO_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")

    def called(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["tonggao", "sources", *arguments])
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return called


def test_list_show_and_validate(run: Run) -> None:
    listed = json.loads(run("list", "--region", "12", "--kind", "press-office", "--json").stdout)
    assert {source["region"][:2] for source in listed} == {"12"}
    assert "tianjin.gov.xwfbh" in run("list", "--region", "12").stdout
    shown = json.loads(run("show", "tianjin.gov.jrgz", "--json").stdout)
    assert shown["lists"] == ["https://www.tj.gov.cn/sy/jrgz/"]
    mistyped = run("show", "tianjin.gov.jrg")
    assert mistyped.returncode == 2
    assert "did you mean tianjin.gov.jrgz" in mistyped.stderr
    assert json.loads(run("validate", "--json").stdout) == {"sources": 388, "errors": []}


def test_enable_and_disable(run: Run, database_url: str) -> None:
    everything = run("enable")
    assert everything.returncode == 2
    assert "--all" in everything.stderr
    enabled = json.loads(run("enable", "tianjin.gov", "--json").stdout)["enabled"]
    assert "tianjin.gov.jrgz" in enabled
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT source_id FROM tonggao.source WHERE enabled").fetchall()
    assert sorted(row[0] for row in rows) == enabled
    off = json.loads(run("disable", "tianjin.gov.jrgz", "tianjin.gov.tjxw", "--json").stdout)
    assert off == {"disabled": ["tianjin.gov.jrgz", "tianjin.gov.tjxw"], "unchanged": []}
    left = json.loads(run("list", "--enabled", "--json").stdout)
    assert [source["id"] for source in left] == sorted(
        set(enabled) - set(off["disabled"]), key=[s["id"] for s in left].index
    )


def test_enabling_a_region_tries_what_is_new_and_enables_what_works(
    run: Run, tmp_path: Path, site: Site, database_url: str
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = 'id = "{}"\nname = "n"\npublisher = "p"\nkind = "gov-portal"\nregion = "469001"\nlists = "{}"\n'
    columns = {"q.good": "/html/", "q.gone": "/gone/", "q.on": "/gone/", "q.walled": "/walled/"}
    other = {"q.walled": "http://other.gov.example"}
    for source_id, path in columns.items():
        (own / f"{source_id}.toml").write_text(
            text.format(source_id, other.get(source_id, SITE) + path), "utf-8"
        )
    assert json.loads(run("enable", "q.on", "--json").stdout)["enabled"] == ["q.on"]
    site.asked.clear()
    tried = run("enable", "--region", "469001", "--json")
    assert tried.returncode == 4
    told = json.loads(tried.stdout)
    assert (told["enabled"], told["unchanged"]) == (["q.good"], ["q.on"])
    assert {each["source_id"] for each in told["refused"]} == {"q.gone", "q.walled"}
    assert all(each["problem"] for each in told["refused"])
    assert site.asked.count("/gone/") == 1  # what is enabled is not tried again
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT source_id FROM tonggao.source WHERE enabled ORDER BY 1")
        assert [row[0] for row in rows] == ["q.good", "q.on"]
    unchecked = json.loads(run("enable", "--region", "469001", "--unchecked", "--json").stdout)
    assert unchecked["enabled"] == ["q.gone", "q.walled"]


def test_enabling_a_region_of_which_nothing_works_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "x.toml").write_text(
        f'id = "q.gone"\nname = "n"\npublisher = "p"\nkind = "gov-portal"\nregion = "469001"\nlists = "{SITE}/gone/"\n',
        "utf-8",
    )
    tried = run("enable", "--region", "469001")
    assert tried.returncode == 1
    assert "enabled: 0 of 1 that were tried" in tried.stdout


def test_add_then_check(run: Run, tmp_path: Path) -> None:
    added = run("add", SITE + LISTS["trs"], "--region", "120000", "--yes")
    assert added.returncode == 0, added.stderr
    assert "read as trs" in added.stdout
    assert "10 links would be taken, 0 left out" in added.stdout
    (file,) = (tmp_path / "own").glob("*.toml")
    assert len(file.read_text("utf-8").splitlines()) <= 12
    again = run("add", SITE + LISTS["trs"], "--yes")
    assert again.returncode == 2
    assert "exists" in again.stderr
    checked = run("check", file.stem, "--json")
    assert checked.returncode == 1
    (finding,) = json.loads(checked.stdout)
    assert (finding["engine"], finding["accepted"], finding["dated"]) == ("trs", 10, 10)
    assert finding["problem"].startswith("the newest row is of 2026-09-30, ")
    assert finding["fields"] == ["title", "source", "published_at", "paragraphs"]


def test_add_shows_before_it_saves_and_says_why_it_cannot(run: Run, tmp_path: Path) -> None:
    shown = json.loads(run("add", SITE + LISTS["jpage"], "--json").stdout)
    assert shown["engine"] == "jpage"
    assert len(shown["links"]) == 10
    assert not (tmp_path / "own").exists()
    nothing = run("add", f"{SITE}/nowhere/")
    assert nothing.returncode == 1
    assert "nowhere" in nothing.stderr
    wrong = run("add", SITE + LISTS["html"], "--region", "tianjin")
    assert wrong.returncode == 2
    assert "'tianjin'" in wrong.stderr


def test_add_of_a_bare_host_is_asked_over_http(run: Run, site: Site) -> None:
    site.put("/", f"<ul>{''.join(map(row, range(5)))}</ul>")
    shown = run("add", HOST, "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["source"]["lists"] == [f"http://{HOST}"]


def test_add_refuses_a_page_without_rows_and_says_what_else_to_do(run: Run, site: Site) -> None:
    site.put(
        "/shell/", "<div id=list><script src='/js/list.js'></script></div><a href='/a/'>概况</a>"
    )
    refused = run("add", f"{SITE}/shell/")
    assert refused.returncode == 1
    assert f"a script fills it, perhaps from {SITE}/js/list.js" in refused.stderr
    assert "sources add" not in refused.stderr


def test_add_follows_the_form_of_a_page_without_rows(run: Run) -> None:
    shown = json.loads(run("add", f"{SITE}/col/col8/index.html", "--json").stdout)
    assert (shown["engine"], len(shown["links"])) == ("jpage", 10)
    assert shown["source"]["allow"] == [r"/\d{6}/t\d{8}_\d+\.s?html?"]


def test_add_of_a_home_page_names_the_columns_it_leads_to(run: Run, site: Site) -> None:
    column = "<div class=nav><a href='/trs/'>清河要闻</a><a href='/about/'>关于我们</a></div>"
    site.put("/", f"{column}<ul>{''.join(map(row, range(5)))}</ul>")
    assert f"清河要闻 {SITE}/trs/" in run("add", f"{SITE}/", "--json").stderr
    site.put(
        "/empty/", column.replace("<a href='/about/'>关于我们</a>", "").replace("<a ", "<i></i><a ")
    )
    shown = run("add", f"{SITE}/empty/", "--json")
    assert f"{SITE}/trs/" in shown.stdout + shown.stderr


def test_a_walled_source_suggests_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "x.toml").write_text(
        'id = "my.walled"\nname = "n"\npublisher = "p"\nkind = "gov-portal"\nregion = "120000"\n'
        'lists = "http://other.gov.example/walled/"\n', "utf-8",
    )  # fmt: skip
    checked = run("check", "my.walled", "--json")
    assert checked.returncode == 1
    (finding,) = json.loads(checked.stdout)
    assert not finding["reachable"]
    assert finding["problem"].startswith("source my.walled: http://other.gov.example/walled/")
    assert len(finding["instead"]) == 5
