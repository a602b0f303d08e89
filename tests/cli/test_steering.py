"""Texts from outside steer neither a terminal nor a spreadsheet, and broken lines no import."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.logs import show_controls
from scraper.archive.exchange.output import write_csv, write_jsonl
from scraper.controls import visible, visible_json, without_controls
from scraper.record.controls import without_steering
from scraper.record.release import Image, Release
from tests.cli.conftest import Tonggao

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ODD = "红\x1b[31m字\x9b2J\u202e倒\u2066"
KEPT = "a\u200b\u200c\u200d\u200e\u200fb\t\n"


@given(st.text())
def test_what_is_shown_holds_no_control(text: str) -> None:
    assert not STEERING.search(visible(text))


@given(st.text())
def test_what_is_shown_of_an_ordinary_text_is_the_text(text: str) -> None:
    assert (visible(text) == text) == (not STEERING.search(text))


@given(st.dictionaries(st.text(), st.text()))
def test_json_is_shown_as_the_same_json(record: dict[str, str]) -> None:
    shown = visible_json(json.dumps(record, ensure_ascii=False))
    assert json.loads(shown) == record
    assert not STEERING.search(shown)


def test_new_texts_lose_what_steers_and_keep_what_scripts_need() -> None:
    assert without_controls(ODD) == "红[31m字2J倒"
    assert without_controls(KEPT) == KEPT


def test_a_record_loses_it_in_every_field() -> None:
    image = Image("https://a.example/1.jpg", caption=ODD)
    release = Release(
        title=ODD,
        paragraphs=("a", ODD),
        url="https://a.example/",
        images=(image,),
        keywords=(ODD,),
        origins={"title": ODD},
    )
    assert not STEERING.search(json.dumps(without_steering(release).to_dict(), ensure_ascii=False))
    plain = without_steering(Release(title="a", paragraphs=("b",), url="https://a.example/"))
    assert without_steering(plain) is plain


def test_the_log_shows_them_as_escapes() -> None:
    assert show_controls(None, "info", {"url": ODD, "n": 1}) == {"url": visible(ODD), "n": 1}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_runs_no_text(sign: str) -> None:
    row = (f"{sign}1+1", f"a{sign}", -5, Decimal("-1.5"), None, [f"{sign}a"])
    out, raw = io.StringIO(newline=""), io.StringIO(newline="")
    write_csv(out, ("a", "b", "c", "d", "e", "f"), [row])
    write_csv(raw, ("a", "b", "c", "d", "e", "f"), [row], raw=True)
    [_, safe] = csv.reader(io.StringIO(out.getvalue(), newline=""))
    [_, exact] = csv.reader(io.StringIO(raw.getvalue(), newline=""))
    assert safe[0] == f"'{sign}1+1"
    assert exact[0] == f"{sign}1+1"
    assert safe[1:] == exact[1:]
    assert safe[2:4] == ["-5", "-1.5"]
    lines = io.StringIO()
    write_jsonl(lines, ("a",), [(f"{sign}1+1",)])
    assert json.loads(lines.getvalue()) == {"a": f"{sign}1+1"}


def test_rows_of_an_earlier_version_steer_nothing(tonggao: Tonggao, database_url: str) -> None:
    assert tonggao("run", "demo.cri.tianjin").returncode == 0
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE tonggao.revision SET title = %s, author = '=1+1',"
            " record_digest = sha256('of the first form')",
            (ODD,),
        )
    for command in (
        ("show", "1"),
        ("show", "1", "--json"),
        ("why", "1"),
        ("search", "天津"),
        ("query", "latest"),
        ("query", "latest", "--json"),
        ("db", "psql", "-c", "SELECT 1"),
    ):
        shown = tonggao(*command, PATH="/nonexistent")
        assert shown.returncode == 0, shown.stderr
        assert not STEERING.search(shown.stdout)
    safe, raw = tonggao("export", "--format", "csv"), tonggao("export", "--format", "csv", "--raw")
    assert ",'=1+1," in safe.stdout
    assert ",=1+1," in raw.stdout


GOOD = '{"url": "https://imported.example/%d", "title": "第%d条", "paragraphs": ["第%d条的正文。"]}'


@pytest.mark.parametrize(("good", "bad", "code"), [(2, 0, 0), (2, 1, 4), (0, 2, 1), (0, 0, 0)])
def test_an_import_ends_with_what_was_stored(
    tonggao: Tonggao, tmp_path: Path, good: int, bad: int, code: int
) -> None:
    lines = [GOOD % (n, n, n) for n in range(good)] + ['{"title": "\\u0000"}'] * bad
    (tmp_path / "lines.jsonl").write_text("\r\n".join(lines), "utf-8-sig")
    done = tonggao("import", "lines.jsonl")
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    if bad:
        assert f"line {good + 1}: refused: title holds NUL" in done.stderr
    told = json.loads(tonggao("import", "lines.jsonl", "--json").stdout)
    assert told["broken"] == bad
    assert sum(told["changes"].values()) == good
