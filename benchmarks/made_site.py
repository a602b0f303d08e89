"""A web site of many hosts for measuring whole visits: a list page and articles of 20 kB a host.

``python -m benchmarks.made_site PORT HOSTS ARTICLES``. It answers conditional requests with 304, and
writes the number of connections and requests to its output when it is terminated.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import signal
import sys
from contextlib import suppress
from email.utils import formatdate

from benchmarks.archive_load import page_of
from benchmarks.archive_texts import Newsroom

_ARTICLE = re.compile(r"/art/t(\d+)\.html")


class MadeSite:
    """Pages by host and path, made once."""

    def __init__(self, hosts: int, articles: int) -> None:
        room = Newsroom(5)
        self.pages: dict[tuple[str, str], bytes] = {}
        self.connections = self.requests = 0
        for number in range(hosts):
            host, rows = f"h{number:03d}.test", ""
            for article in range(articles):
                story = room.story(number * articles + article)
                day = f"{story.published_at:%Y-%m-%d}"
                rows += (
                    f'<li><a href="/art/t{article}.html">{story.title}</a><span>{day}</span></li>'
                )
                self.pages[host, f"/art/t{article}.html"] = page_of(story)
            listing = (
                f"<!DOCTYPE html><meta charset=utf-8><title>要闻</title><ul class=list>{rows}</ul>"
            )
            self.pages[host, "/col/index.html"] = listing.encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while request := await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                writer.write(self._answer(request.decode("latin-1")))
                await writer.drain()
        writer.close()

    def _answer(self, request: str) -> bytes:
        line, *fields = request.split("\r\n")
        headers = dict(field.lower().split(": ", 1) for field in fields if ": " in field)
        body = self.pages.get((headers["host"].split(":")[0], line.split(" ")[1].partition("?")[0]))
        date = f"Date: {formatdate(usegmt=True)}\r\n"
        if body is None:
            return f"HTTP/1.1 404 Not Found\r\n{date}Content-Length: 0\r\n\r\n".encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == tag:
            return f"HTTP/1.1 304 Not Modified\r\n{date}ETag: {tag}\r\n\r\n".encode()
        kind = "Content-Type: text/html; charset=utf-8"
        head = (
            f"HTTP/1.1 200 OK\r\n{date}{kind}\r\nETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


async def main(port: int, hosts: int, articles: int) -> None:
    """Serve until SIGTERM; then tell what was asked."""
    site, ended = MadeSite(hosts, articles), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with await asyncio.start_server(site.serve, "127.0.0.1", port):
        print("ready", flush=True)
        await ended.wait()
    print(f"{site.connections} connections, {site.requests} requests", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
