"""The commands that read the archive out and in, as their users run them."""

from __future__ import annotations

import json

import psycopg

from tests.cli.conftest import Tonggao

LINES = (
    {
        "url": "https://qingchuan.example/1",
        "title": "青川市举行智能制造发布会",
        "published_at": "2024-11-16T15:17:29",
        "paragraphs": [
            "十一月十五日上午，青川市政府新闻办公室举行专场新闻发布会，介绍全市智能制造发展情况。",
            "市工信局负责人表示，今年以来全市新增智能工厂12家，规上工业增加值同比增长4.3%。",
        ],
    },
    {
        "url": "https://dongshan.example/1",
        "title": "青川发布智能制造情况",
        "published_at": "2024-11-17T08:00:00",
        "paragraphs": [
            "本报讯 十一月十五日上午，青川市政府新闻办公室举行专场新闻发布会，介绍全市智能制造发展情况。",
            "市工信局负责人表示，今年以来全市新增智能工厂12家，规上工业增加值同比增长4.3%。",
        ],
    },
)


def test_in_search_why_query_and_out_again(tonggao, tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES), "utf-8")
    imported = tonggao("import", str(file), "--verbose")
    assert imported.returncode == 0, imported.stderr
    assert "line 1: new" in imported.stdout
    assert "line 2: copy" in imported.stdout

    [hit] = [json.loads(line) for line in tonggao("search", "制造", "--json").stdout.splitlines()]
    assert (hit["title"], hit["copies"]) == (LINES[0]["title"], 1)
    number = str(hit["release_id"])
    assert (
        json.loads(tonggao("show", number, "--json").stdout)["paragraphs"] == LINES[0]["paragraphs"]
    )
    assert "near-duplicate" in tonggao("why", number).stdout

    told = [json.loads(line) for line in tonggao("changes", "--json").stdout.splitlines()]
    assert [(each["kind"], each["title"]) for each in told] == [
        ("copy", LINES[1]["title"]),
        ("new", LINES[0]["title"]),
    ]
    assert "there are none before them" in tonggao("changes").stderr
    first = tonggao("changes", "-n", "1")
    assert (first.stdout.count("copy"), "before them: --before" in first.stderr) == (1, True)
    followed = tonggao("changes", "--after", told[1]["cursor"], "--json").stdout.splitlines()
    assert [json.loads(line)["cursor"] for line in followed] == [told[0]["cursor"]]
    assert "copy" in tonggao("changes", "-k", "copy", "--since", "7d").stdout
    assert tonggao("changes", "--until", "2020-01").stdout == ""
    assert "every change" in tonggao("changes", "供热", "--after", "begin").stderr
    assert "is no cursor" in tonggao("changes", "--before", "x").stderr

    verified = tonggao("verify", "--all", "--json")
    checked = {"snapshot": 0, "file": 0, "record": 2, "leaf": 0, "root": 0}
    assert json.loads(verified.stdout)["checked"] == checked
    assert verified.returncode == 0
    since = json.loads(tonggao("verify", "--since", "7d", "--json").stdout)
    assert since["checked"]["record"] == 2
    assert "exclude each other" in tonggao("verify", "--all", "--sample", "5").stderr

    rows = tonggao(
        "query", "word_trend", "--param", "words=智能", "--format", "csv"
    ).stdout.splitlines()
    assert rows == ["month,releases", "2024-11-01,1"]
    exported = tonggao("export", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["url"] for line in exported] == [line["url"] for line in LINES]


def test_what_is_wrong_is_said(tonggao, tmp_path):
    assert "there is no query 'latst'; near: latest" in tonggao("query", "latst").stderr
    assert "there is no release 5" in tonggao("show", "5").stderr
    assert "name a file with --output" in tonggao("export", "--format", "warc").stderr
    missing = tonggao("import", str(tmp_path / "none.jsonl"))
    assert missing.returncode != 0
    assert "cannot be read" in missing.stderr


def test_a_run_after_an_interrupted_upgrade_finds_nothing_new(
    tonggao: Tonggao, database_url: str
) -> None:
    assert tonggao("run", "demo.cri.tianjin").returncode == 0
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE tonggao.publication SET url = url || ';jsessionid=A1', address = NULL"
        )
        connection.execute("UPDATE tonggao.address_key SET version = 1, finished_at = NULL")
        again = tonggao("run", "demo.cri.tianjin", "--json")
        assert [json.loads(again.stdout)[name] for name in ("new", "unchanged")] == [0, 3]
        assert connection.execute("SELECT count(*) FROM archive.publications").fetchone() == (3,)
        former = connection.execute("SELECT count(*) FROM archive.former_addresses").fetchone()
        assert former == (3,)
