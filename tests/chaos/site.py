"""A web site of many hosts in a process of its own; every request goes into a log.

``python -m tests.chaos.site PORT LOG PLAN``: PLAN is JSON with the number of hosts, of articles, and
the seconds between two new ones. Articles of the past (for backfills) lie on further list pages.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import sys
import time
from dataclasses import dataclass
from email.utils import formatdate
from enum import Enum
from pathlib import Path
from typing import TextIO

PER_PAGE = 10
_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_LIST = re.compile(r"/col/index(?:_(\d+))?\.html")
_ARTICLE = re.compile(r"/art/t(\d+)\.html")


@dataclass(frozen=True)
class SitePlan:
    """What there is on each host.

    Attributes:
        hosts: number of hosts; the first ``archives`` of them have a past.
        first: articles at the beginning; one more every ``gap`` seconds, up to ``last``.
        past: articles of the past.
        fates: whether articles fail, leave, come back and are edited (``Fate``).
    """

    hosts: int
    archives: int
    first: int
    last: int
    gap: float
    past: int
    fates: bool = False

    def host(self, number: int) -> str:
        return f"h{number:03d}.test"

    def count(self, number: int, age: float) -> int:
        """Articles of a host at an age of the site, not counting the past."""
        shift = number / self.hosts
        return min(self.last, self.first + max(0, int(age / self.gap + shift)))

    def total(self, number: int) -> int:
        """Articles of a host in the end, with the past where it has one."""
        return self.last + (self.past if number < self.archives else 0)

    def articles(self) -> set[str]:
        """Every address there will be."""
        return {
            f"http://{self.host(number)}/art/t{article}.html"
            for number in range(self.hosts)
            for article in range(self.total(number))
        }


class Fate(Enum):
    """What happens to an article at which age of the site, in seconds."""

    STAYS = (0.0, 0.0)
    FAILS = (0.0, 60.0)
    """Answers 503 at first; its list shows it all the time."""
    LOST = (0.0, 110.0)
    """Answers 503 at first, and leaves its list for good while it does."""
    LEAVES = (10.0, 300.0)
    """Answers 404 and is not listed meanwhile, also for a time in which nothing else goes wrong; then it is back."""
    EDITED = (60.0, 60.0)
    """Its text is another one from then on."""

    @property
    def first(self) -> float:
        return self.value[0]

    @property
    def last(self) -> float:
        return self.value[1]

    def now(self, age: float) -> bool:
        return self.first <= age < self.last


_FATES = (
    *(Fate.STAYS, Fate.FAILS, Fate.LEAVES, Fate.EDITED, Fate.LOST),
    *(Fate.STAYS, Fate.STAYS, Fate.LEAVES, Fate.EDITED, Fate.STAYS),
)
BEGIN = "/fates"
LISTED = 75.0
"""Until this age a list shows the articles that it loses."""


def fate(article: int) -> Fate:
    return _FATES[article % len(_FATES)]


class Site:
    """Answers requests for all hosts."""

    def __init__(self, plan: SitePlan, log: TextIO) -> None:
        self.plan, self.log = plan, log
        self.began, self.opened = time.monotonic(), yesterday()
        self.fates_began: float | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                head = request.decode("latin-1").split("\r\n")
                host = next(line[6:] for line in head if line.lower().startswith("host: "))
                path = head[0].split(" ")[1]
                name = host.split(":")[0]
                self.log.write(f"{time.monotonic():.4f} {name} {path}\n")
                writer.write(_dated(self.answer(name, path)))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @property
    def age(self) -> float:
        """Seconds since fate took its course: since somebody asked for ``BEGIN``."""
        return time.monotonic() - self.fates_began if self.fates_began is not None else 0.0

    def answer(self, host: str, path: str) -> bytes:
        if path == BEGIN:
            self.fates_began = time.monotonic()
            return _NOT_FOUND
        number = int(host[1:4])
        if found := _LIST.fullmatch(path):
            return _page(self.list_page(number, int(found[1] or 0)))
        if found := _ARTICLE.fullmatch(path):
            return self.article(host, int(found[1]))
        return _NOT_FOUND

    def article(self, host: str, number: int) -> bytes:
        """As its fate has it."""
        age, comes = self.age, fate(number)
        if not self.plan.fates:
            return _page(article(host, number))
        if comes in {Fate.FAILS, Fate.LOST} and comes.now(age):
            return b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
        if comes is Fate.LEAVES and comes.now(age):
            return _NOT_FOUND
        edited = comes is Fate.EDITED and age >= comes.first
        return _page(article(host, number, edited=edited, dated=self.opened))

    def shows(self, number: int) -> bool:
        """Whether a list has an article at present."""
        age, comes = self.age, fate(number)
        if not self.plan.fates or comes in {Fate.STAYS, Fate.EDITED}:
            return True
        if comes is Fate.LEAVES:
            return not comes.now(age)
        return self.fates_began is not None and (comes is Fate.FAILS or age < LISTED)

    def list_page(self, number: int, page: int) -> str:
        """Newest first; the past (the highest numbers) comes last."""
        current = self.plan.count(number, time.monotonic() - self.began)
        past = range(self.plan.last, self.plan.total(number))
        order = [each for each in (*range(current - 1, -1, -1), *past) if self.shows(each)]
        rows = "".join(
            f'<li><a href="/art/t{each}.html">{title(number, each)}</a><span>{self.opened if self.plan.fates else day(each)}</span></li>'
            for each in order[page * PER_PAGE : (page + 1) * PER_PAGE]
        )
        more = (page + 1) * PER_PAGE < len(order)
        following = f'<a href="/col/index_{page + 1}.html">下一页</a>' if more else ""
        return (
            f"<title>新闻发布</title></head><body><ul class='list'>{rows}</ul>"
            f"<div class='pages'>{following}</div></body></html>"
        )


def title(number: int, article: int) -> str:
    return f"第{number}县召开第{article}次新闻发布会通报有关工作"


def day(article: int) -> str:
    return f"2026-{1 + article % 9:02d}-{1 + article % 27:02d}"


def yesterday() -> str:
    """The day on which the site of fates was published, as all of it was."""
    local = dt.datetime.now(dt.timezone(dt.timedelta(hours=8)))
    return (local.date() - dt.timedelta(days=1)).isoformat()


def article(host: str, number: int, *, edited: bool = False, dated: str | None = None) -> str:
    name = title(int(host[1:4]), number)
    text = "".join(
        f"<p>{name}。会议介绍了{host}第{number}批第{part}项工作的进展，共完成{number * 7 + part + edited}件。</p>"
        for part in range(5)
    )
    return (
        f'<title>{name}</title><meta name="ArticleTitle" content="{name}">'
        f'<meta name="PubDate" content="{dated or day(number)} 09:00">'
        f'<meta name="ContentSource" content="{host}"></head>'
        f'<body><h1>{name}</h1><div class="TRS_Editor">{text}</div></body></html>'
    )


def _dated(answer: bytes) -> bytes:
    """With the time of day, as servers send it: the site's clock is right, whatever befalls others."""
    line, _, rest = answer.partition(b"\r\n")
    return line + f"\r\nDate: {formatdate(usegmt=True)}\r\n".encode() + rest


def _page(text: str) -> bytes:
    body = f'<!DOCTYPE html><html><head><meta charset="utf-8">{text}'.encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}"
    )
    return head.encode() + b"\r\n\r\n" + body


async def main(port: int, log: Path, plan: SitePlan, kind: type[Site] = Site) -> None:
    with log.open("w", buffering=1) as file:
        site = kind(plan, file)
        server = await asyncio.start_server(site.serve, "127.0.0.1", port)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), SitePlan(**json.loads(sys.argv[3]))))
