"""Definitions: what they accept, what they refuse, and where they say it is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from scraper.errors import InvalidSource
from scraper.fetch import TlsException
from scraper.sources import Source, load_catalogue

GOOD = """publisher = "示例市人民政府"
region = "120000"
kind = "gov-portal"

[[column]]
id = "example.gov.yw"
name = "要闻"
lists = "https://www.example.gov.cn:8443/yw/"

[[column]]
id = "example.gov.tz"
name = "通知"
lists = ["https://www.example.gov.cn/tz/", "https://www.example.gov.cn/gg/"]
allow = '/t\\d{8}_\\d+\\.html'
[column.list]
rows = "ul.list li"
"""


def load(folder: Path, text: str) -> dict[str, Source]:
    (folder / "a.toml").write_text(text, "utf-8")
    return {source.id: source for source in load_catalogue(folder, shipped=folder / "none")}


def source(**changes: object) -> Source:
    values = {
        "id": "a.b",
        "name": "n",
        "publisher": "p",
        "kind": "gov-portal",
        "lists": "https://www.a.gov.cn/x/",
    }
    return Source.model_validate({**values, **changes})


def test_columns_share_what_stands_above_them(tmp_path: Path) -> None:
    sources = load(tmp_path, GOOD)
    assert sources["example.gov.tz"].publisher == "示例市人民政府"
    assert sources["example.gov.tz"].list.rows == "ul.list li"
    assert sources["example.gov.yw"].list.rows is None


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        (('kind = "gov-portal"', 'kind = "gov"'), 3, "kind: Input should be"),
        (('region = "120000"', 'region = "12"'), 2, "region"),
        (('name = "要闻"\n', ""), 5, "name is missing"),
        (('id = "example.gov.tz"', 'id = "Example Gov"'), 11, "id"),
        (('id = "example.gov.tz"', 'id = "example.gov.yw"'), 11, "is taken by"),
        (("lists = [", "list_urls = ["), 13, "no option 'list_urls'"),
        (("allow = ", "alow = "), 14, "no option 'alow'; did you mean 'allow'?"),
        (("allow = '/t", "allow = '(/t"), 14, "no regular expression"),
        (('rows = "ul.list li"', 'row = "ul.list li"'), 16, "list.row"),
        (('rows = "ul.list li"', "rows = 3"), 16, "list.rows"),
        (('rows = "ul.list li"', 'rows = "li["'), 16, "no CSS selector"),
        (('rows = "ul.list li"', 'page_template = "p.html"'), 16, "no {page}"),
        (("[column.list]", "[column.list"), 15, "no TOML"),
        (('"https://www.example.gov.cn:8443/yw/"', '"/yw/"'), 8, "no absolute http"),
        (('name = "要闻"', 'name = "要闻"\nevery = "often"'), 8, "no duration"),
        (('name = "要闻"', 'name = "要闻"\ncron = "61 * * * *"'), 8, "cron"),
        (('name = "要闻"', 'name = "要闻"\nquiet = "night"'), 8, "no pair of times"),
        (('name = "要闻"', 'name = "要闻"\nengine = "trs2"'), 8, "none of the engines"),
        (('name = "要闻"', 'name = "要闻"\ntls = "insecure"'), 8, "tls"),
    ],
)  # fmt: skip
def test_errors_name_file_and_line(
    tmp_path: Path, change: tuple[str, str], line: int, message: str
) -> None:
    assert change[0] in GOOD
    with pytest.raises(InvalidSource) as caught:
        load(tmp_path, GOOD.replace(change[0], change[1], 1))
    assert str(caught.value).startswith(f"{tmp_path / 'a.toml'}:{line}: ")
    assert message in str(caught.value)


def test_articles_lie_on_own_hosts_and_fit_the_patterns() -> None:
    chosen = source(hosts=["news.b.cn", ".c.cn"], allow=r"/\d+\.html", deny="/old/")
    assert chosen.accepts("http://a.gov.cn/1.html")
    assert chosen.accepts("https://news.b.cn/1.html")
    assert chosen.accepts("https://x.y.c.cn/1.html")
    assert not chosen.accepts("https://b.cn/1.html")
    assert not chosen.accepts("https://notc.cn/1.html")
    assert not chosen.accepts("http://a.gov.cn/old/1.html")
    assert not chosen.accepts("http://a.gov.cn/about.html")
    assert not chosen.accepts("http://[broken")


def test_twins_are_own_hosts_and_have_one_normal_form() -> None:
    chosen = source(
        twins={"m.a.gov.cn": "www.a.gov.cn", "http://www.a.gov.cn": "https://www.a.gov.cn"}
    )
    assert chosen.accepts("http://m.a.gov.cn/1.html")
    assert chosen.normal_url("http://m.a.gov.cn/1.html") == "https://www.a.gov.cn/1.html"
    with pytest.raises(ValueError, match="replaced itself"):
        source(twins={"a.cn": "b.cn", "b.cn": "a.cn"})


def test_old_pages_keep_the_selectors_of_their_time() -> None:
    chosen = source(
        fields=[
            {"until": "2022-12-31", "body": "#zoom"},
            {"from": "2023-01-01", "body": ".TRS_Editor"},
        ]
    )
    assert chosen.field_table(dt.date(2022, 12, 31)).body == ("#zoom",)
    assert chosen.field_table(dt.date(2023, 1, 1)).body == (".TRS_Editor",)
    assert source().field_table(dt.date(2023, 1, 1)) is None


def test_a_missing_intermediate_without_a_certificate_is_refused(tmp_path: Path) -> None:
    """Nothing would come of it: no certificate is ever fetched."""
    with pytest.raises(ValueError, match="needs extra_ca"):
        source(tls=["missing_intermediate"])
    assert source(tls=["missing_intermediate"], extra_ca=tmp_path / "ca.pem").host_rules.extra_ca


def test_what_the_fetcher_is_told(tmp_path: Path) -> None:
    chosen = source(
        lists="http://www.a.gov.cn:9000/x/", minimum_interval=10, ignore_robots=True, proxy="socks5://127.0.0.1:1",
        tls=["legacy_renegotiation", "seclevel_1"], extra_ca=tmp_path / "ca.pem", headers={"Referer": "http://a.cn/"},
    )  # fmt: skip
    rules = chosen.host_rules
    assert rules.allowed_hosts == ("www.a.gov.cn",)
    assert rules.allowed_ports == {9000}
    assert rules.minimum_interval == 10
    assert rules.ignore_robots
    assert rules.tls == {TlsException.LEGACY_RENEGOTIATION, TlsException.SECLEVEL_1}
    assert rules.headers == (("Referer", "http://a.cn/"),)


@pytest.mark.parametrize(
    ("written", "seconds"), [("90s", 90), ("30m", 1800), ("1.5h", 5400), ("1d", 86400), (45, 45)]
)
def test_durations(written: object, seconds: float) -> None:
    assert source(every=written).every == dt.timedelta(seconds=seconds)


def test_quiet_hours() -> None:
    assert source(quiet="23:00-06:30").quiet_hours == (dt.time(23), dt.time(6, 30))
