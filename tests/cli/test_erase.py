"""Erasing and holding on the command line."""

from __future__ import annotations

import json

from tests.cli.conftest import unexplained

LINE = {
    "url": "https://qingchuan.example/1",
    "title": "青川市智能工厂达248家",
    "fetched_at": "2024-11-16T16:00:00+08:00",
    "paragraphs": ["全市智能工厂达248家，较上年增长5.2%，增速连续三个季度回升。"],
}


def test_erasing_and_holding(tonggao, tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(LINE), "utf-8")
    assert tonggao("import", str(file)).returncode == 0
    assert tonggao("hold", "add", "1", "--reason", "案件77号").returncode == 0
    assert "案件77号" in tonggao("hold", "list").stdout
    further = tonggao("hold", "add", "1", "--reason", "案件78号")
    assert "under a hold already: 案件77号" in further.stderr
    anyway = tonggao("erase", "1", "--reason", "撤稿函", "--override-hold", "--dry-run")
    assert "release 1 is under a hold, which is overridden" in anyway.stderr
    refused = tonggao("erase", "1", "--reason", "撤稿函")
    assert (refused.returncode, "--override-hold" in refused.stderr) == (2, True)
    assert tonggao("hold", "remove", LINE["url"], "--reason", "结案").returncode == 0
    [would] = tonggao("erase", "1", "--reason", "撤稿函", "--dry-run", "--json").stdout.splitlines()
    assert json.loads(would)["gone"]["revision"] == 1
    assert unexplained("erasure.md", json.loads(would)) == []
    assert "248" in tonggao("show", "1").stdout
    did = tonggao("erase", "1", "--reason", "撤稿函")
    assert (did.returncode, "erased by number" in did.stderr) == (0, True)
    calls = (("show",), ("cite",), ("diff",), ("why",), ("erase", "--reason", "x"), ("hold", "add", "--reason", "x"))  # fmt: skip
    for command in calls:
        told = tonggao(*command, "1")
        assert (told.returncode, "撤稿函" in told.stderr, LINE["url"] in told.stderr) == (
            2,
            True,
            True,
        )
    again = tonggao("import", str(file))
    assert (again.returncode, "erased" in again.stdout) == (1, True)
    [line] = [json.loads(each) for each in tonggao("export").stdout.splitlines()]
    assert (line["kind"], line["url"], line["reason"]) == ("erased", LINE["url"], "撤稿函")
    assert "erased" in tonggao("changes").stdout
    assert "已彻底删除" not in tonggao("erase", "9", "--reason", "x", LC_ALL="zh_CN.UTF-8").stderr
    added = tonggao("hold", "list", "--all", "--json").stdout.splitlines()
    assert [json.loads(each)["action"] for each in added] == ["add", "add", "remove"]
    assert "no release is under a hold" in tonggao("hold", "list").stderr


def test_a_command_says_that_its_json_has_a_line_for_each(tonggao):
    for command in (("hold", "list"), ("hold", "remove"), ("diff",)):
        assert "One JSON object a line" in " ".join(tonggao(*command, "--help").stdout.split())
