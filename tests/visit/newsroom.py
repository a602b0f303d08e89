"""A little site whose releases are files: in frames, behind handlers, or straight from the list."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from scheduler.settings import Settings
from scheduler.tools import open_tools
from scraper.database import Pool
from scraper.files import FileText, read_file
from scraper.sources import Source
from scraper.visit import Tools, register_sources
from tests.fetch.web import Web, answer

HOST = "www.qingchuan.test"
ROOT = f"http://{HOST}:8080"
RTF = rb"{\rtf1\ansi\ansicpg936 "
WORD = "application/msword"
NOTICE = "青川市人民政府办公室关于印发智能制造实施细则的通知"
DECREE = "青川市二〇二四年防汛抗旱工作方案"


def rtf(*lines: str) -> bytes:
    """A document that says these lines; RTF, which needs no library to make."""

    def escaped(text: str) -> str:
        return "".join(
            c if ord(c) < 128 else f"\\u{(ord(c) + 2**15) % 2**16 - 2**15}?" for c in text
        )

    return RTF + "\\par ".join(map(escaped, lines)).encode() + b"}"


def pdf(text: str = "1") -> bytes:
    """Bytes that pass for a PDF on the way; no reader has to like them."""
    return b"%PDF-1.4\n%" + text.encode() + b"\n%%EOF\n"


def packed(name: str, text: str) -> bytes:
    """An archive with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, text)
    return out.getvalue()


def page(title: str, inside: str, *, day: str = "2024-11-08") -> bytes:
    """An article of a portal; ``inside`` is the markup of its text."""
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 09:00"></head>'
        f"<body><div class='nav'><a href='/'>首页</a></div><h1>{title}</h1><div>发布时间：{day}　来源：青川市政府</div>"
        f'<div class="TRS_Editor" id="zoom">{inside}</div></body></html>'
    ).encode()


def listing(*rows: tuple[str, str]) -> bytes:
    """A list page of addresses and headlines."""
    items = "".join(
        f'<li><a href="{url}">{title}</a><span>2024-11-{day:02}</span></li>'
        for day, (url, title) in enumerate(rows, start=1)
    )
    return f'<html><head><meta charset="utf-8"><title>通知公告</title></head><body><ul class="list">{items}</ul></body></html>'.encode()


def lead(web: Web, *rows: tuple[str, str]) -> None:
    """Let the list show these rows."""
    web.on("/list.html", answer(listing(*rows)))


def source(**given: object) -> Source:
    """The column that is watched."""
    values: dict[str, object] = {
        "id": "qingchuan.tz",
        "name": "通知公告",
        "publisher": "青川市人民政府",
        "kind": "gov-portal",
    }
    values |= {"lists": [f"{ROOT}/list.html"], "minimum_interval": 0, "override_interval": True}
    return Source.model_validate(values | given)


@asynccontextmanager
async def opened(pool: Pool, web: Web, *watched: Source) -> AsyncIterator[Tools]:
    """The tools of visits to the site."""
    await register_sources(pool, watched)
    settings = Settings(
        test_hosts={HOST: f"127.0.0.1:{web.port}"},
        host_interval=0,
        host_jitter=0,
        recheck_hours=0,
        recheck_days=10_000,
        parse_workers=0,
    )
    async with open_tools(settings, pool) as tools:
        yield replace(tools, file_readers=Here())


class Here:
    """Reads files in this process, which is quicker to start than another one."""

    async def read_file(
        self,
        data: bytes,
        url: str,
        *,
        name: str | None = None,
        media_type: str | None = None,
        charset: str | None = None,
    ) -> FileText:
        """What the file says."""
        return read_file(data, name=name, media_type=media_type, charset=charset)
