"""Servers that are slow, silent or never done."""

from __future__ import annotations

from scraper.fetch import Outcome
from tests.fetch.hostile.case import case, endless, raw, silent
from tests.fetch.web import PAGE, answer

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LENGTH = OK_HEAD + b"Content-Length: 1000\r\n\r\n"

CASES = [
    case("no_answer", Outcome.TIMEOUT, silent()),
    case("slow_headers", Outcome.TIMEOUT, endless(b"", b"H", 0.4)),
    case("slow_header_lines", Outcome.TIMEOUT, endless(OK_HEAD, b"X: 1\r\n", 0.4)),
    case("body_stalls", Outcome.TIMEOUT, silent(LENGTH + b"<p>half")),
    case("byte_by_byte", Outcome.TIMEOUT, endless(LENGTH, b"x", 0.4)),
    case("chunk_by_chunk", Outcome.TIMEOUT, endless(CHUNKED, b"1\r\nx\r\n", 0.4)),
    case(
        "gzip_byte_by_byte",
        Outcome.TIMEOUT,
        endless(OK_HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00", b"\x00", 0.4),
    ),
    case("endless_body", Outcome.TOO_LARGE, endless(OK_HEAD + b"\r\n", b"<p>more</p>" * 4096)),
    case(
        "endless_chunks", Outcome.TOO_LARGE, endless(CHUNKED, b"8000\r\n" + bytes(0x8000) + b"\r\n")
    ),
    case(
        "endless_tiny_chunks",
        (Outcome.TIMEOUT, Outcome.TOO_LARGE),
        endless(CHUNKED, b"1\r\nx\r\n" * 64),
    ),
    case("endless_blank_lines", (Outcome.TIMEOUT, Outcome.PROTOCOL), endless(b"", b"\r\n" * 512)),
    case(
        "endless_continue",
        (Outcome.TIMEOUT, Outcome.PROTOCOL),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.005),
    ),
    case(
        "endless_early_hints",
        (Outcome.TIMEOUT, Outcome.PROTOCOL),
        endless(b"", b"HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n", 0.005),
    ),
    case(
        "slow_but_done",
        Outcome.OK,
        raw(*(answer()[n : n + 200] for n in range(0, 600, 200)), pause=0.1),
        body=PAGE,
    ),
    case(
        "slow_redirects",
        Outcome.TIMEOUT,
        raw(answer(b"", 302, {"Location": "/slow_redirects_2"})),
        more={"/slow_redirects_2": silent()},
    ),
    case("slow_robots", Outcome.BLOCKED_ROBOTS, robots=silent()),
    case("endless_robots", Outcome.OK, robots=endless(OK_HEAD + b"\r\n", b"Disallow: /x\n" * 2048)),
    case(
        "endless_robots_that_forbids",
        Outcome.BLOCKED_ROBOTS,
        robots=endless(OK_HEAD + b"\r\nUser-agent: *\nDisallow: /\n", b"Disallow: /x\n" * 2048),
    ),
    case(
        "robots_of_stars",
        Outcome.OK,
        robots=answer(
            b"User-agent: *\n"
            b"Allow: /" + b"*r" * 3000 + b"$\n" + b"Disallow: /" + b"*z" * 3000 + b"$\n",
            kind="text/plain",
        ),
    ),
    case(
        "robots_crawl_delay_of_ages",
        Outcome.BUSY,
        robots=answer(b"User-agent: *\nCrawl-delay: 999999999\n", kind="text/plain"),
    ),
    case(
        "stars_in_disallow",
        Outcome.BLOCKED_ROBOTS,
        robots=answer(b"User-agent: *\nDisallow: /*s*t*a*r*s*in*\n", kind="text/plain"),
    ),
]
