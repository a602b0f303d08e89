"""Edits and citations on the command line."""

from __future__ import annotations

import json

BEFORE = {
    "url": "https://qingchuan.example/1",
    "title": "青川市智能工厂达248家",
    "published_at": "2024-11-16T15:17:29",
    "region": ["370000", "370100"],
    "fetched_at": "2024-11-16T16:00:00+08:00",
    "paragraphs": [
        "全市智能工厂达248家，较上年增长5.2%，增速连续三个季度回升。",
        "会议由副市长主持。",
    ],
}
AFTER = {
    **BEFORE,
    "title": "青川市智能工厂达255家",
    "fetched_at": "2024-11-18T16:00:00+08:00",
    "paragraphs": [
        "全市智能工厂达255家，较上年增长5.3%，增速连续三个季度回升。",
        "会议由副市长主持。",
    ],
}


def test_edits_are_shown_with_whole_numbers_and_cited(tonggao, tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in (BEFORE, AFTER)), "utf-8")
    assert tonggao("import", str(file)).returncode == 0
    shown = tonggao("diff", "1").stdout
    assert "达[-248-]{+255+}家" in shown
    assert "增长[-5.2%-]{+5.3%+}，" in shown
    [told] = [json.loads(line) for line in tonggao("diff", "1", "--json").stdout.splitlines()]
    assert (told["number"], [part["kind"] for part in told["paragraphs"]]) == (2, ["edited"])
    assert "2 texts; `tonggao diff 1` shows" in tonggao("show", "1").stdout
    assert "青川市智能工厂达255家[EB/OL]" in tonggao("cite", "1").stdout
    assert "@online{tonggao1," in tonggao("cite", "1", "--style", "bibtex").stdout
    assert "there is no release 7" in tonggao("diff", "7").stderr
    copy = {**AFTER, "url": "https://dongshan.example/2", "fetched_at": "2024-11-19T16:00:00+08:00"}
    file.write_text(json.dumps(copy), "utf-8")
    assert tonggao("import", str(file)).returncode == 0
    told = tonggao("cite", copy["url"])
    assert copy["url"] in told.stdout
    assert f"this is a copy; `tonggao cite 1` cites {BEFORE['url']}" in told.stderr
    assert BEFORE["url"] in tonggao("cite", "1").stdout
    assert "copy" not in tonggao("cite", BEFORE["url"]).stderr
    assert "region  山东省, 济南市" in tonggao("show", "1").stdout
    revised = tonggao("query", "revised", "-p", "days=20000").stdout
    lines = revised.splitlines()
    assert "added" in revised
    assert any(line.split() == ["removed", BEFORE["paragraphs"][0]] for line in lines)
    assert "[" not in revised
