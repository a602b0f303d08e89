"""Roots and proofs on the command line."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import subprocess
import sys

import psycopg
import pytest

from scraper.archive import Archive
from scraper.archive.proof.proving import SCRIPT
from scraper.clock import SHANGHAI, now
from scraper.database import open_pool
from tests.cli.conftest import unexplained
from tests.web.conftest import observation

URL = "https://qingchuan.example/1"
TITLE = "青川市智能工厂达248家"
LINE = {
    "url": URL,
    "title": TITLE,
    "fetched_at": "2024-11-16T16:00:00+08:00",
    "paragraphs": ["全市智能工厂达248家，较上年增长5.2%，增速连续三个季度回升。"],
}
YESTERDAY = now().date() - dt.timedelta(days=1)


@pytest.fixture
def archived(tonggao, tmp_path, database_url):
    """A release, archived the day before yesterday."""
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(LINE), "utf-8")
    assert tonggao("import", str(file)).returncode == 0
    moment = dt.datetime.combine(YESTERDAY - dt.timedelta(days=1), dt.time(12), SHANGHAI)
    with psycopg.connect(database_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("UPDATE tonggao.revision SET recorded_at = %s", [moment])
    return tonggao


def test_sealing_and_proving(archived, tmp_path):
    early = archived("proof", "1")
    assert (early.returncode, "tonggao proof seal" in early.stderr) == (2, True)
    sealed = archived("proof", "seal")
    day, root = sealed.stdout.split()
    assert (day, len(root)) == (YESTERDAY.isoformat(), 64)
    again = archived("proof", "seal")
    assert (again.stdout, f"the last is that of {day}" in again.stderr) == ("", True)
    shown = archived("proof", "root")
    assert shown.stdout == f"{day} {root}\n"
    told = json.loads(archived("proof", "root", day, "--json").stdout)
    assert (told["root"], told["previous"], told["leaves"], told["timestamp"]) == (
        root,
        None,
        1,
        None,
    )
    assert archived("proof", "leaves", "昨天").stdout.startswith("record 1 02")
    for named in ("1", URL):
        (tmp_path / "proof.json").write_text(archived("proof", named).stdout, "utf-8")
        (tmp_path / "check.py").write_text(archived("proof", "script").stdout, "utf-8")
        command = [sys.executable, "-I", "-S", "check.py", "proof.json", "--root", root]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, TITLE in done.stdout, "PROVED" in done.stdout) == (0, True, True)  # fmt: skip
    assert archived("proof", "root", "2020").returncode == 2
    assert "没有自己的根" in archived("proof", "root", "2020-01-01", LC_ALL="zh_CN.UTF-8").stderr
    assert archived("proof", "9").returncode == 2


def test_the_script_that_is_printed_is_the_one_that_ships(tonggao):
    assert tonggao("proof", "script").stdout == SCRIPT.read_text("utf-8")


def test_a_page_is_handed_over_as_it_was_received(tonggao, tmp_path, database_url):
    """Without its bytes nobody holds a page against a proof; the reader shows it in another encoding."""
    body = "<html><title>通稿</title>\r\n\x00</html>".encode("utf-8-sig")

    async def store() -> None:
        async with open_pool(database_url) as pool:
            async with pool.connection() as connection:
                await connection.execute(
                    "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists)"
                    " VALUES ('qingchuan.gov', '今日青川', '青川市', 'gov-portal', '{}')"
                )
            await Archive(pool).store(observation(1, body=body))

    asyncio.run(store())
    name = f"sha256:{hashlib.sha256(body).hexdigest()}"
    written = tonggao("proof", "page", name, "-o", "page.html")
    assert (written.returncode, (tmp_path / "page.html").read_bytes()) == (0, body)
    again = tonggao("proof", "page", name, "-o", "page.html")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    for given in ((), ("-o", "-")):
        assert "通稿" in tonggao("proof", "page", name, *given).stdout
    assert not (tmp_path / "-").exists()
    unknown = tonggao("proof", "page", "sha256:" + "0" * 64)
    assert (unknown.returncode, unknown.stdout, "no page 0000" in unknown.stderr) == (2, "", True)


def test_roots_are_told_though_the_authority_is_away(archived):
    """A root is made once: who did not see it here would have to know that it is there."""
    away = archived("proof", "seal", TONGGAO_TIMESTAMP_AUTHORITY="http://127.0.0.1:9/")
    assert away.returncode == 1
    assert away.stdout.split()[0] == YESTERDAY.isoformat()
    assert "cannot be reached" in away.stderr
    assert "the roots stand; `tonggao proof seal` asks again" in away.stderr
    assert archived("proof", "root").stdout == away.stdout


def test_sealing_says_why_there_is_nothing_to_seal(tonggao, tmp_path):
    assert "nothing was archived before today" in tonggao("proof", "seal").stderr


def test_a_check_of_a_share_says_that_it_is_one(tonggao, tmp_path):
    file = tmp_path / "in.jsonl"
    lines = [{**LINE, "url": f"{URL}{n}", "title": f"{TITLE}（{n}）"} for n in range(40)]
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    assert tonggao("import", str(file)).returncode == 0
    told = tonggao("verify", "--sample", "10")
    assert "that is a sample, 25.00% of the archive; --all checks every value" in told.stdout
    found = json.loads(tonggao("verify", "--sample", "10", "--json").stdout)
    assert found["share"] == 0.25
    assert unexplained("proof.md", found) == []
    for whole in (("--all",), ("--since", "7d"), ()):
        assert "sample" not in tonggao("verify", *whole).stdout
        assert json.loads(tonggao("verify", *whole, "--json").stdout)["share"] == 1
