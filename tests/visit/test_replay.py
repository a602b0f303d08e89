"""The main job on real stored pages, under their own host names, through a replaying proxy."""

from __future__ import annotations

import collections
import html
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.shared, pytest.mark.long]


@pytest.fixture(scope="module")
def corpus(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stored articles, and for each host a list page of ours that links to them."""
    folder = tmp_path_factory.mktemp("replay")
    (folder / "pages").mkdir()
    gold = (shared / "corpus" / "gold.jsonl").read_text("utf-8").splitlines()
    articles = [entry for entry in map(json.loads, gold) if entry["url"]]
    by_host = collections.defaultdict(list)
    for entry in articles:
        by_host[urlsplit(entry["url"]).netloc].append(entry)
    listings = []
    for number, (host, entries) in enumerate(sorted(by_host.items())):
        scheme = urlsplit(entries[0]["url"]).scheme
        listings.append({"id": f"list{number}", "url": f"{scheme}://{host}/tonggao-list.html"})
        (folder / "pages" / f"list{number}.html").write_text(list_page(entries), "utf-8")
    lines = "\n".join(json.dumps(entry) for entry in listings)
    (folder / "listings.jsonl").write_text(lines, "utf-8")
    (folder / "sources").mkdir()
    toml = "\n".join(column(number, entry["url"]) for number, entry in enumerate(listings))
    (folder / "sources" / "replay.toml").write_text(toml, "utf-8")
    return folder


def list_page(entries: list[dict[str, str]]) -> str:
    rows = "".join(
        f'<li><a href="{html.escape(e["url"])}">{html.escape(e["title"])}</a>'
        f"<span>{(e['published_at'] or '2020-01-01')[:10]}</span></li>"
        for e in entries
    )
    return f'<meta charset="utf-8"><div class="nav"><a href="/">首页</a></div><ul class="list">{rows}</ul>'


def column(number: int, url: str) -> str:
    host = urlsplit(url).hostname
    return f"""
[[column]]
id = "replay.s{number}"
name = "{host}"
publisher = "{host}"
kind = "gov-portal"
lists = "{url}"
list = {{ rows = "ul.list li" }}
minimum_interval = 0
override_interval = true
"""


@pytest.fixture(scope="module")
def proxy(shared: Path, corpus: Path) -> Iterator[tuple[str, Path, Path]]:
    """The proxy's address, its certificate authority, its log."""
    log, ca = corpus / "log.jsonl", corpus / "ca.pem"
    command = [sys.executable, str(shared / "webreplay" / "webreplay.py"), str(corpus)]
    command += [str(shared / "corpus"), "--port", "0", "--ca-out", str(ca), "--log", str(log)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    address = process.stderr.readline().split()[-1]
    yield address, ca, log
    process.kill()
    process.communicate()


def tonggao(
    *arguments: str, url: str, corpus: Path, proxy: tuple[str, Path, Path]
) -> subprocess.CompletedProcess[str]:
    address, ca, _ = proxy
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TONGGAO_DATABASE_URL": url,
        "TONGGAO_SOURCES_DIR": str(corpus / "sources"),
        "TONGGAO_HOST_INTERVAL": "0",
        "TONGGAO_HOST_JITTER": "0",
        "HTTP_PROXY": address,
        "HTTPS_PROXY": address,
        "SSL_CERT_FILE": str(ca),
    }
    command = [sys.executable, "-m", "scheduler", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, cwd=corpus, check=False
    )


def requests(log: Path) -> collections.Counter[int]:
    lines = log.read_text("utf-8").splitlines()
    return collections.Counter(json.loads(line)["status"] for line in lines)


def test_real_pages_are_archived_once(
    database_url: str, corpus: Path, proxy: tuple[str, Path, Path]
) -> None:
    first = tonggao("run", "replay", "--json", url=database_url, corpus=corpus, proxy=proxy)
    runs = [json.loads(line) for line in first.stdout.splitlines()]
    total = {key: sum(run[key] for run in runs) for key in ("listed", "new", "copies", "failed")}
    reasons = sum((collections.Counter(run["reasons"]) for run in runs), collections.Counter())
    print(total, dict(reasons), [run["error"] for run in runs if run["error"]], first.stderr[-500:])
    assert first.returncode in {0, 4}, first.stderr
    assert total["listed"] >= 35
    assert total["new"] + total["copies"] + total["failed"] == total["listed"]
    assert total["failed"] <= total["listed"] * 0.1
    before = requests(proxy[2])
    second = tonggao("run", "replay", "--json", url=database_url, corpus=corpus, proxy=proxy)
    assert second.returncode == 0, second.stderr
    again = [json.loads(line) for line in second.stdout.splitlines()]
    assert sum(run["new"] + run["copies"] + run["revisions"] for run in again) == 0
    answered = requests(proxy[2]) - before
    assert answered[304] == total["new"] + total["copies"]
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT url) FROM archive.publications")
        assert rows.fetchone() == (total["new"] + total["copies"],) * 2


def test_a_run_that_is_killed_loses_and_doubles_nothing(
    database_url: str, corpus: Path, proxy: tuple[str, Path, Path]
) -> None:
    address, ca, _ = proxy
    whole = shutil.copytree(corpus, corpus.parent / "killed", dirs_exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TONGGAO_DATABASE_URL": database_url,
        "TONGGAO_SOURCES_DIR": str(whole / "sources"),
        "TONGGAO_HOST_INTERVAL": "0",
        "HTTP_PROXY": address,
        "HTTPS_PROXY": address,
        "SSL_CERT_FILE": str(ca),
    }
    command = [sys.executable, "-m", "scheduler", "run", "replay"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with psycopg.connect(database_url, autocommit=True) as connection:
        count = 0
        while count < 5 and process.poll() is None:
            row = connection.execute("SELECT count(*) FROM tonggao.publication").fetchone()
            count = row[0] if row else 0
        process.kill()
        process.wait()
        assert process.returncode == -9, "it had finished before it could be killed"
        done = tonggao("run", "replay", "--json", url=database_url, corpus=corpus, proxy=proxy)
        runs = [json.loads(line) for line in done.stdout.splitlines()]
        failed = sum(run["failed"] for run in runs)
        listed = sum(run["listed"] for run in runs)
        row = connection.execute("SELECT count(*) FROM archive.publications").fetchone()
        assert row == (listed - failed,)
        row = connection.execute(
            "SELECT count(*) FROM tonggao.revision GROUP BY publication_id HAVING count(*) > 1"
        ).fetchone()
        assert row is None
