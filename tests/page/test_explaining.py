"""Why a page was read as it was: winners, losers, vetoes, lines with zones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scheduler.cli.commands import app
from scraper.errors import UsageError
from scraper.page import explain_page, parse_page
from scraper.page.examples.pages import article
from scraper.page.rules.rule import Example
from scraper.page.why.explaining import lines, reasons
from scraper.page.why.registry import BODY_RULES

PAGE = Example(
    article(
        "<h2>2024-03-01</h2><p>2024-03-01 16:39　来源：青川日报</p>",
        lead="<p>开标时间：2024年5月10日 9:00</p><p><img src='/u/1.jpg'></p>",
        end="<p><a href='/u/1.pdf'>附件</a></p>",
    ),
    None,
    head="<meta name='PubDate' content='2024-03-01'>",
)


def test_a_page_is_explained_as_it_is_read() -> None:
    found = explain_page(PAGE.page.encode(), PAGE.url)
    assert found.release == parse_page(PAGE.page.encode(), PAGE.url)
    assert found.refused is None
    told = [(r.verdict, r.rule) for r in reasons(found, "published_at")]
    assert told[0] == ("won", "line")
    assert ("lost", "meta:pubdate") in told
    assert ("veto: figures", "heading") in [(r.verdict, r.rule) for r in reasons(found, "title")]


def test_every_field_with_a_value_has_an_origin() -> None:
    release = parse_page(PAGE.page.encode(), PAGE.url)
    filled = {
        name
        for name in ("title", "source", "published_at", "images", "attachments", "paragraphs")
        if getattr(release, name)
    }
    assert filled <= set(release.origins)
    assert all(isinstance(origin, str) for origin in release.origins.values())


def test_each_line_is_in_a_zone() -> None:
    zones = {line.text: line.zone for line in lines(explain_page(PAGE.page.encode(), PAGE.url))}
    assert zones["内涝点整治提速"] == "headline"
    assert zones["2024-03-01 16:39　来源：青川日报"] == "byline"
    assert zones["开标时间：2024年5月10日 9:00"] == "text"
    assert zones["/u/1.jpg"] == "text"
    assert zones["版权所有 青川市"] == "footer"


def test_a_line_that_is_out_of_the_text_bears_name_and_zone_of_its_rule() -> None:
    zones = {rule.name: rule.zone for rule in BODY_RULES}
    told = set()
    for example in (example for rule in BODY_RULES for example in rule.reads):
        found = explain_page(example.page.encode(), example.url, rules=example.selectors)
        told |= {(line.evidence, line.zone) for line in lines(found)}
    by_rule = {(name, zone) for name, zone in told if name in zones}
    assert by_rule == {(name, zones[name]) for name, _ in by_rule}
    assert {"checked", "reserved", "editors", "ago", "path"} <= {name for name, _ in by_rule}
    assert "notice" not in {name for name, _ in told}, "there is no such rule"


def test_a_refused_page_is_explained_too() -> None:
    found = explain_page(
        "<title>内涝点整治提速</title><video src=a></video><p>看片</p>".encode(), PAGE.url
    )
    assert found.refused is not None
    assert found.refused.startswith("VideoOnly")


@pytest.mark.parametrize(
    "options", [["--why", "published_at"], ["--lines"], ["--why", "all", "--lines"]]
)
def test_the_command_tells_why(tmp_path: Path, options: list[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE.page, "utf-8")
    told = CliRunner().invoke(app, ["parse", str(page), "--url", PAGE.url, *options])
    assert told.exit_code == 0, told.output
    assert "2024-03-01" in told.output
    as_json = CliRunner().invoke(app, ["parse", str(page), *options, "--json"])
    assert set(json.loads(as_json.stdout)) >= {"refused"}


def test_a_field_that_is_none_is_named_with_those_that_are(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE.page, "utf-8")
    told = CliRunner().invoke(app, ["parse", str(page), "--why", "colour"])
    assert isinstance(told.exception, UsageError)
    assert "published_at" in str(told.exception)
