"""The site of the chaos suite whose articles offer files, which are replaced, late, or go.

``python -m tests.chaos.file_site PORT LOG PLAN``, as `tests.chaos.site`.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from enum import Enum
from pathlib import Path

from tests.chaos.site import BEGIN, Site, SitePlan, article, main, title
from tests.visit.newsroom import rtf

_FILE = re.compile(r"/file/(\d+)\.doc")
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
ROWS = 3
"""Files to which lists lead straight, beside those that articles offer; they are numbered first."""


class FileFate(Enum):
    """What becomes of a file: the ages of the site, in seconds, at which another version comes."""

    STAYS = (0.0,)
    REPLACED = (0.0, 40.0)
    TWICE = (0.0, 30.0, 90.0)
    LATE = (50.0,)
    """Answers 503 at first."""
    GOES = (-1.0,)
    """Answers 404 from an age on, for good."""

    def version(self, age: float) -> int | None:
        """Which version there is, from 1; None for none yet."""
        return sum(age >= each for each in self.value) or None


GONE = 60.0
_FATES = (FileFate.STAYS, FileFate.REPLACED, FileFate.TWICE, FileFate.LATE, FileFate.GOES)
LAST = max(max(each.value) for each in FileFate)


def fate(number: int) -> FileFate:
    return _FATES[number % len(_FATES)]


def content(host: str, number: int, version: int) -> bytes:
    """A version of a file."""
    return rtf(f"{host}第{number}号文件", *(f"第{n}条　第{version}版规定。" for n in range(1, 9)))


def versions(host: str, number: int) -> list[bytes]:
    """All versions that a file will have had."""
    return [content(host, number, n) for n in range(1, len(fate(number).value) + 1)]


def files(plan: SitePlan) -> dict[str, tuple[str, int]]:
    """The host and number of each file, by address."""
    return {
        f"http://{plan.host(n)}/file/{number}.doc": (plan.host(n), number)
        for n in range(plan.hosts)
        for number in range(plan.last)
    }


class FileSite(Site):
    """Answers requests for all hosts."""

    def answer(self, host: str, path: str) -> bytes:
        found = _FILE.fullmatch(path)
        if found is None or path == BEGIN:
            return super().answer(host, path)
        number = int(found[1])
        version = fate(number).version(self.age)
        if version is None:
            return _BUSY
        if fate(number) is FileFate.GOES and self.age >= GONE:
            return _NOT_FOUND
        body = content(host, number, version)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/msword\r\nContent-Length: {len(body)}"
        return head.encode() + b"\r\n\r\n" + body

    def article(self, host: str, number: int) -> bytes:
        """The article, with its file at the end."""
        text = article(host, number, dated=self.opened)
        offered = f'<p>附件：<a href="/file/{number}.doc">第{number}号文件.doc</a></p></div></body>'
        body = f'<!DOCTYPE html><html><head><meta charset="utf-8">{text}'.replace(
            "</div></body>", offered
        )
        data = body.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(data)}"
        return head.encode() + b"\r\n\r\n" + data

    def list_page(self, number: int, page: int) -> str:
        """Rows to articles, and rows straight to files."""
        del page
        rows = "".join(
            f'<li><a href="{path(each)}">{title(number, each)}</a><span>{self.opened}</span></li>'
            for each in range(self.plan.last)
        )
        return f"<title>新闻发布</title></head><body><ul class='list'>{rows}</ul></body></html>"


def path(number: int) -> str:
    """Where a row leads."""
    return f"/file/{number}.doc" if number < ROWS else f"/art/t{number}.html"


if __name__ == "__main__":
    plan = SitePlan(**json.loads(sys.argv[3]))
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), plan, FileSite))
