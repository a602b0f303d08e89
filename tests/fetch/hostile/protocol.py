"""Answers that are no HTTP, headers without end, validators that lie, walls and refusals."""

from __future__ import annotations

import hashlib

from scraper.fetch import Outcome
from tests.fetch.hostile.case import case, endless, raw, silent
from tests.fetch.hostile.timing import LENGTH, OK_HEAD
from tests.fetch.web import PAGE, answer

COOKIES = "".join(f"Set-Cookie: c{n}={'v' * 20}\r\n" for n in range(1000)).encode()
SCRIPT = b"<html><head><script>window['$_ts']={};</script></head><body></body></html>"
HELD = hashlib.sha256(PAGE).hexdigest()

CASES = [
    case("garbage", Outcome.PROTOCOL, raw(bytes(range(256)) * 40)),
    case("ssh_banner", Outcome.PROTOCOL, raw(b"SSH-2.0-OpenSSH_9.9\r\n")),
    case("http_0_9", Outcome.PROTOCOL, raw(PAGE)),
    case("status_no_number", Outcome.PROTOCOL, raw(b"HTTP/1.1 OK 200\r\n\r\n" + PAGE)),
    case("status_999", (Outcome.SERVER_ERROR, Outcome.CLIENT_ERROR), answer(status=999)),
    case("status_600", Outcome.SERVER_ERROR, answer(status=600)),
    case("closed_at_once", Outcome.PROTOCOL, raw()),
    case("reset_at_once", Outcome.PROTOCOL, silent(reset=True)),
    case("reset_in_the_headers", Outcome.PROTOCOL, silent(OK_HEAD, reset=True)),
    case("reset_in_the_body", Outcome.PROTOCOL, silent(LENGTH + b"<p>half", reset=True)),
    case(
        "header_of_a_megabyte",
        Outcome.PROTOCOL,
        raw(OK_HEAD + b"X: " + b"y" * 1_000_000 + b"\r\n\r\n"),
    ),
    case("header_without_end", Outcome.PROTOCOL, endless(OK_HEAD + b"X: ", b"y" * 65536)),
    case("headers_without_end", Outcome.PROTOCOL, endless(OK_HEAD, b"X: y\r\n" * 4000)),
    case(
        "ten_thousand_headers",
        Outcome.PROTOCOL,
        raw(OK_HEAD + b"X: yyyyyyyy\r\n" * 10_000 + b"\r\n" + PAGE),
    ),
    case("thousand_cookies", Outcome.OK, raw(OK_HEAD + COOKIES + b"\r\n" + PAGE), body=PAGE),
    case("header_with_nul", Outcome.PROTOCOL, raw(OK_HEAD + b"X: a\x00b\r\n\r\n" + PAGE)),
    case("header_without_colon", Outcome.PROTOCOL, raw(OK_HEAD + b"nonsense\r\n\r\n" + PAGE)),
    case(
        "header_not_ascii",
        Outcome.OK,
        raw(OK_HEAD + "X-Who: 西青\r\n\r\n".encode() + PAGE),
        body=PAGE,
    ),
    case("unasked_304", Outcome.PROTOCOL, answer(b"", 304, {"ETag": '"x"'})),
    case(
        "always_304_other_etag",
        Outcome.PROTOCOL,
        answer(b"", 304, {"ETag": '"x"'}),
        request={"etag": '"mine"'},
    ),
    case(
        "always_new_etag",
        Outcome.NOT_MODIFIED,
        answer(headers={"ETag": '"new"'}),
        request={"etag": '"mine"', "body_digest": HELD},
    ),
    case("etag_of_a_mile", Outcome.OK, answer(headers={"ETag": '"' + "e" * 9000 + '"'}), body=PAGE),
    case("not_a_206", Outcome.EMPTY, answer(status=206)),
    case(
        "upgrade",
        (Outcome.PROTOCOL, Outcome.TIMEOUT),
        raw(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + PAGE
        ),
    ),
    case(
        "too_many_requests",
        Outcome.RATE_LIMITED,
        answer(b"", 429, {"Retry-After": "99999999999999999999"}),
    ),
    case(
        "retry_after_rubbish",
        Outcome.MAINTENANCE,
        answer(b"", 503, {"Retry-After": "Sat, 99 Foo 9999 99:99:99"}),
    ),
    case("teapot", Outcome.CLIENT_ERROR, answer(status=418)),
    case("gone_listing", Outcome.GONE, answer(status=410)),
    case("wall_ruishu_412", Outcome.WALL, answer(SCRIPT, 412, {"Set-Cookie": "x=y"})),
    case("wall_ruishu_202", Outcome.WALL, answer(SCRIPT, 202)),
    case(
        "wall_jiasule_521",
        Outcome.WALL,
        answer(b"<script>document.cookie='__jsl_clearance=1'</script>", 521),
    ),
    case(
        "wall_aliyun_200", Outcome.WALL, answer(b"<html><script>var arg1='AB12';</script></html>")
    ),
    case(
        "wall_captcha_200",
        Outcome.WALL,
        answer(
            "<html><title>安全验证</title><body>请完成安全验证后继续访问</body></html>".encode()
        ),
    ),
    case(
        "wall_firewall_403",
        Outcome.WALL,
        answer("<html><body>您的访问被云防护拦截</body></html>".encode(), 403),
    ),
]
