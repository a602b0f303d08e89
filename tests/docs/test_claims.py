"""Each sentence of the README has something that shows it, and what is named exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scheduler import settings
from scraper import parse_release
from scraper.sources import load_catalogue
from tests.docs.examples import ROOT
from tests.docs.sentences import sentences

README = (ROOT / "README.md").read_text("utf-8")
CLAIMS = (ROOT / "docs" / "claims.md").read_text("utf-8")
ROWS = re.findall(r"^\| (.+?) \| (.+) \|$", CLAIMS.partition("| --- |")[2], re.MULTILINE)


def test_every_sentence_is_accounted_for() -> None:
    assert [claim for claim, _ in ROWS] == sentences(README)


def test_every_claim_names_something() -> None:
    assert [claim for claim, shown in ROWS if not shown.strip()] == []


@pytest.mark.parametrize("document", ["docs/claims.md", "benchmarks/evidence.md"])
def test_every_test_and_target_that_is_named_exists(document: str) -> None:
    told = (ROOT / document).read_text("utf-8")
    named = re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", told)
    assert named
    for file, name in named:
        text = (ROOT / file).read_text("utf-8")
        assert not name or re.search(rf"^(?:async )?def {name}\(", text, re.MULTILINE), (file, name)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`make ([\w-]+)", told):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_requirement_has_a_test_or_a_target() -> None:
    told = (ROOT / "benchmarks" / "evidence.md").read_text("utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.*)\|$", told, re.MULTILINE)
    assert len(rows) > 20
    for required, tests, _ in rows:
        assert required in {"Required", "---"} or re.search("`(?:tests/|make )", tests), required


def test_the_catalogue_has_as_many_columns_as_is_said(tmp_path: Path) -> None:
    columns = load_catalogue(tmp_path)
    for name in ("README.md", "README.zh.md", "docs/sources.md"):
        said = re.search(r"(\d{3}) (?:columns|of them|个栏目)", (ROOT / name).read_text("utf-8"))
        assert said is not None, name
        assert int(said[1]) == len(list(columns)), name
    assert {"81", "82"} <= {(source.region or "")[:2] for source in columns}  # Hong Kong, Macau


def test_a_page_is_read_without_a_database() -> None:
    html = (
        "<h1>青川市举行供热新闻发布会</h1><p>来源：青川日报</p>"
        + "<p>十一月一日起供热，热源厂检修已全部完成。</p>" * 3
    )
    release = parse_release(html.encode(), "http://www.example.gov.cn/1.html", http_charset="utf-8")
    assert (release.title, release.source) == ("青川市举行供热新闻发布会", "青川日报")
    assert release.published_at is None
    assert set(release.origins) >= {"title", "source"}
    assert "published_at" not in release.origins


def test_one_settings_file_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TONGGAO_CONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert settings.config_file() == tmp_path / ".config" / "tonggao" / "tonggao.toml"
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert settings.config_file() == Path("/etc/tonggao/tonggao.toml")
    monkeypatch.setenv("TONGGAO_CONFIG", "/one.toml")
    assert settings.config_file() == Path("/one.toml")
