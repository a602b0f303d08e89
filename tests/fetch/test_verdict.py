from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch import Outcome, Purpose
from scraper.fetch.verdict import http_charset, judge, media_type
from scraper.fetch.walls import may_be_wall, name_wall
from tests.fetch.web import PAGE

HTML = {"content-type": "text/html"}
LONG_STORY = (
    "<html><head><title>警方提示：谨防验证码诈骗</title></head><body><h1>谨防验证码诈骗</h1>"
    + "<p>民警提醒，请勿将短信验证码告诉他人，遇到要求进行安全验证的陌生来电要提高警惕。</p>" * 20
    + "</body></html>"
).encode()


SHORT = (
    "<title>青川县开展{0}_青川县人民政府</title><h1>青川县开展{0}</h1><p>来源：青川日报</p>"
    "<p>县应急管理局组织三个检查组，对辖区商场和学校开展{0}，发现隐患十二处。</p>"
)
ROW = "<li><a href=1.html>关于开展安全检查的通知</a><i>2026-09-01</i></li>"


def page(text: str, coding: str = "utf-8") -> bytes:
    return f"<html><head><meta charset={coding}></head><body>{text}</body></html>".encode(coding)


@pytest.mark.parametrize(
    ("status", "headers", "body", "wall"),
    [
        (412, HTML, b"<html><script>$_ts=window['$_ts'];</script></html>", "ruishu"),
        (412, {"set-cookie": "FSSBBIl1UgzbN7N80S=x"}, b"", "ruishu"),
        (412, HTML, b"<html><body><h1>Precondition Failed</h1></body></html>", None),
        (202, HTML, b"<html><head><script r='m'>var a=1</script></head></html>", "ruishu"),
        (202, HTML, b"accepted", None),
        (200, HTML, b"<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>", "ruishu"),
        (521, HTML, b"<script>document.cookie=('_')+('_jsl_clearance_s')</script>", "jiasule"),
        (521, {"set-cookie": "__jsluid_s=abc"}, b"", "jiasule"),
        (521, {"server": "cloudflare"}, b"<html>Web server is down<script></script></html>", None),
        (200, HTML, b"<html><script>var arg1='0B3F';</script></html>", "aliyun"),
        (405, HTML, b"<html><!--errors.aliyun.com--><body>blocked errors.aliyun.com</body></html>", "firewall"),
        (403, HTML, page("您的请求存在威胁，已被云防护拦截"), "firewall"),
        (403, HTML, page("您的访问被网站防火墙拒绝", "gb18030"), "firewall"),
        (403, HTML, page("请完成滑块验证"), "captcha"),
        (403, HTML, b"<html><script>location.reload()</script></html>", "script"),
        (403, HTML, page("Forbidden: no permission for this directory"), None),
        (403, {"cf-mitigated": "challenge"}, page("x" * 900), "cloudflare"),
        (503, HTML, b"<title>Just a moment...</title>", "cloudflare"),
        (200, HTML, page("请输入验证码后继续访问"), "captcha"),
        (200, HTML, page("您的访问过于频繁，请稍后再试", "gb18030"), "captcha"),
        (200, HTML, LONG_STORY, None),
        (200, HTML, PAGE, None),
        (404, HTML, page("页面不存在"), None),
        (200, HTML, page("<h2>浏览器安全检查</h2>创宇盾将在您访问前进行安全检查，请等待 5 秒…"), "captcha"),
        (200, HTML, page(SHORT.format("食品安全检测")), None),
        (200, HTML, page(SHORT.format("访问受限问题整治") + "<script>document.cookie='_a=1'</script>"), None),
        (200, HTML, page(SHORT.format("请输入验证码类诈骗宣传"), "gb18030"), None),
        (200, HTML, page("<title>安全检查</title>" + ROW * 3), None),
        (200, HTML, page("<title>安全检查</title>" + ROW), None),
        (200, HTML, page("<title>安全检查</title><a href=/>返回网站首页</a> 2026-09-01"), "captcha"),
        (200, {"content-type": "application/json"}, '{"title":"青川县开展安全检查专项行动"}'.encode(), None),
        (200, {"content-type": "application/json"}, '{"msg":"请完成滑动验证"}'.encode(), "captcha"),
    ],
)  # fmt: skip
def test_walls(status: int, headers: dict[str, str], body: bytes, wall: str | None) -> None:
    assert name_wall(status, headers, body) == wall


@pytest.mark.parametrize("more", range(4))
def test_a_large_page_is_looked_at_where_its_title_talks_of_a_check(more: int) -> None:
    """Wherever the part that is looked at ends, within a character or not."""
    check = f"<title>浏览器安全检查</title>{'x' * more}<!--{'等' * 30_000}-->".encode()
    story = f"<title>青川县召开会议</title>{'x' * more}<!--{'等' * 30_000}-->".encode()
    assert (may_be_wall(200, check), may_be_wall(200, story)) == (True, False)
    assert name_wall(200, HTML, check) == "captcha"


@given(st.integers(100, 999), st.binary(max_size=300), st.sampled_from(Purpose))
def test_every_answer_has_an_outcome(status: int, body: bytes, purpose: Purpose) -> None:
    verdict = judge(status, HTML, body, purpose)
    assert (verdict.outcome is Outcome.WALL) == (verdict.wall is not None)
    assert verdict.outcome is not Outcome.OK or status in {200, 203}


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (404, {}, Outcome.GONE),
        (410, {}, Outcome.GONE),
        (429, {}, Outcome.RATE_LIMITED),
        (503, {}, Outcome.SERVER_ERROR),
        (503, {"retry-after": "9"}, Outcome.MAINTENANCE),
        (500, {}, Outcome.SERVER_ERROR),
        (400, {}, Outcome.CLIENT_ERROR),
        (401, {}, Outcome.CLIENT_ERROR),
        (204, {}, Outcome.EMPTY),
        (300, {}, Outcome.PROTOCOL),
    ],
)
def test_statuses(status: int, headers: dict[str, str], outcome: Outcome) -> None:
    assert judge(status, headers, page("x"), Purpose.ARTICLE).outcome is outcome


@pytest.mark.parametrize(
    ("kind", "body", "purpose", "outcome"),
    [
        ("text/html", PAGE, Purpose.ARTICLE, Outcome.OK),
        ("", PAGE, Purpose.ARTICLE, Outcome.OK),
        ("application/json; charset=utf-8", b'{"a": 1}', Purpose.LISTING, Outcome.OK),
        ("application/octet-stream", PAGE, Purpose.ARTICLE, Outcome.OK),
        ("application/pdf", b"%PDF-1.4", Purpose.ARTICLE, Outcome.WRONG_TYPE),
        ("text/html", b"\xff\xd8\xff\xe0", Purpose.ARTICLE, Outcome.WRONG_TYPE),
        ("text/html", b"\xef\xbb\xbf \r\n", Purpose.ARTICLE, Outcome.EMPTY),
        ("image/jpeg", b"\xff\xd8\xff\xe0", Purpose.IMAGE, Outcome.OK),
        ("application/octet-stream", b"\x89PNG\r\n\x1a\n", Purpose.IMAGE, Outcome.OK),
        ("image/svg+xml", b"<svg/>", Purpose.IMAGE, Outcome.WRONG_TYPE),
        ("image/png", PAGE, Purpose.IMAGE, Outcome.WRONG_TYPE),
        ("application/pdf", b"%PDF-1.4", Purpose.ATTACHMENT, Outcome.OK),
        ("application/octet-stream", b"PK\x03\x04", Purpose.ATTACHMENT, Outcome.OK),
        ("application/x-msdownload", b"MZ\x90\x00\x03", Purpose.ATTACHMENT, Outcome.WRONG_TYPE),
        ("text/html", PAGE, Purpose.ATTACHMENT, Outcome.WRONG_TYPE),
    ],
)
def test_types(kind: str, body: bytes, purpose: Purpose, outcome: Outcome) -> None:
    assert judge(200, {"content-type": kind}, body, purpose).outcome is outcome


@pytest.mark.parametrize(
    ("header", "kind", "charset"),
    [
        ("Text/HTML; Charset=GBK", "text/html", "gbk"),
        ('text/html;charset="utf-8"', "text/html", "utf-8"),
        ("text/html; charset = gb2312 ; x=y", "text/html", "gb2312"),
        ("text/html", "text/html", None),
        ("", None, None),
        ("text/html; charset" + " " * 40_000 + "=gbk", "text/html", None),
    ],
)
def test_content_type(header: str, kind: str | None, charset: str | None) -> None:
    headers = {"content-type": header}
    assert (media_type(headers), http_charset(headers)) == (kind, charset)


@pytest.mark.shared
def test_of_the_real_pages_only_the_wall_is_taken_for_one(shared: Path) -> None:
    pages = sorted((shared / "corpus" / "pages").glob("*.html"))
    assert pages
    judged = {file.name: judge(200, HTML, file.read_bytes(), Purpose.ARTICLE) for file in pages}
    walls = {name for name, verdict in judged.items() if verdict.outcome is not Outcome.OK}
    assert walls == {"wall_cloud.html"}
    assert may_be_wall(200, (shared / "corpus" / "pages" / "wall_cloud.html").read_bytes())
