"""What a message of a watch says: in Chinese, for a telephone; and as JSON, for a program. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scraper.archive.watching.events import WatchEvent
from scraper.clock import SHANGHAI
from scraper.text.differences import Piece, compare

MOST_SHOWN = 20
"""Matches that a person is told one by one; of the rest the number."""
MOST_ITEMS = 1000
"""Matches that a program is told one by one."""
MOST_CHANGES = 3
"""Changed paragraphs of an edit that are shown."""
AROUND = 14
"""Signs that are shown beside a change."""
LONGEST = 60
NAMES = {
    WatchEvent.NEW: "新发布",
    WatchEvent.EDIT: "有改动",
    WatchEvent.WITHDRAWN: "已撤下",
    WatchEvent.RESTORED: "已恢复",
    WatchEvent.CARRIED: "广泛转载",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One match of a message.

    Attributes:
        event: what happened.
        places: names of the regions that the text names, or of its source.
        snippet: the words where they stand, between ⟦ and ⟧.
        carried: how many sources have it.
        body: of an edit, the text; previous_title, previous_body: the one before.
    """

    match_id: int
    event: str
    release_id: int
    publication_id: int | None
    revision_id: int | None
    happened_at: dt.datetime
    title: str | None
    body: str | None
    url: str | None
    source_id: str | None
    source_name: str | None
    publisher: str | None
    dated_at: dt.datetime | None
    places: list[str]
    snippet: str | None
    carried: int
    previous_title: str | None
    previous_body: str | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of a watch before it is put into words.

    Attributes:
        key: the same in every attempt.
        items: the first of its matches.
        counted: how many it has of each event.
        digest: whether it gathers what was over the most messages of a day.
    """

    message_id: int
    watch_id: int
    key: str
    query: str
    created_at: dt.datetime
    digest: bool
    items: Sequence[Item]
    counted: Counter[str]


def title_of(message: Outgoing) -> str:
    """The line that a telephone shows."""
    told = "、".join(
        f"{NAMES[event]} {message.counted[event]}" for event in WatchEvent if message.counted[event]
    )
    about = _short(message.query) or f"监视 {message.watch_id}"
    return f"{'汇总 · ' if message.digest else ''}{about}：{told}"


def text_of(message: Outgoing, reader: str | None) -> str:
    """The message, a paragraph a match; ``reader`` is where the web reader is."""
    told = ["\n".join(_lines(item, reader)) for item in message.items[:MOST_SHOWN]]
    if (more := message.counted.total() - len(told)) > 0:
        told.append(f"另有 {more} 条未列出")
    return "\n\n".join([*told, f"编号 {message.key[:8]} · 监视 {message.watch_id}"])


def json_of(message: Outgoing, reader: str | None) -> dict[str, Any]:
    """The same for a program; moments in ISO 8601."""
    return {
        "type": "watch.matched",
        "id": message.key,
        "created_at": message.created_at.isoformat(),
        "watch": {"id": message.watch_id, "query": message.query},
        "digest": message.digest,
        "title": title_of(message),
        "text": text_of(message, reader),
        "counted": dict(message.counted),
        "items": [_json(item, reader) for item in message.items],
    }


def permalink(reader: str | None, release_id: int) -> str | None:
    """Where the reader shows a release; None where nobody said where the reader is."""
    return f"{reader.rstrip('/')}/release/{release_id}" if reader else None


def changed_parts(item: Item) -> list[str]:
    """What was struck and written, a line a paragraph: ``…增速〔删 248〕〔增 255〕个…``."""
    if item.event != WatchEvent.EDIT or item.body is None or item.previous_body is None:
        return []
    lines = []
    if item.previous_title is not None and item.previous_title != item.title:
        lines.append(f"标题〔删 {_short(item.previous_title)}〕〔增 {_short(item.title or '')}〕")
    changed = [p for p in compare(item.previous_body, item.body) if p.kind != "same"]
    lines += ["".join(_shown(paragraph.pieces)) for paragraph in changed[:MOST_CHANGES]]
    if len(changed) > MOST_CHANGES:
        lines.append(f"另有 {len(changed) - MOST_CHANGES} 处改动")
    return lines


def _lines(item: Item, reader: str | None) -> Iterator[str]:
    yield f"【{NAMES[WatchEvent(item.event)]}】{item.title or item.url or item.release_id}"
    where = " · ".join(item.places[:3])
    source = " ".join(dict.fromkeys(filter(None, (item.publisher, item.source_name))))
    dated = item.dated_at.astimezone(SHANGHAI).strftime("%Y-%m-%d") if item.dated_at else "无日期"
    yield " | ".join(each for each in (where, source, dated) if each)
    if item.event == WatchEvent.CARRIED:
        yield f"已有 {item.carried} 个来源刊载"
    yield from changed_parts(item)
    if item.snippet and item.event != WatchEvent.EDIT:
        yield item.snippet.replace("⟦", "「").replace("⟧", "」")
    if link := permalink(reader, item.release_id):
        yield f"存档 {link}"
    if item.url:
        yield f"原文 {item.url}"


def _json(item: Item, reader: str | None) -> dict[str, Any]:
    told = {
        name: value for name, value in asdict(item).items() if name not in {"body", "previous_body"}
    }
    for name in ("happened_at", "dated_at"):
        told[name] = told[name].isoformat() if told[name] else None
    return {**told, "changed": changed_parts(item), "permalink": permalink(reader, item.release_id)}


def _shown(pieces: Sequence[Piece]) -> Iterator[str]:
    """A paragraph by what changed in it: of what stayed only what is near."""
    for place, piece in enumerate(pieces):
        match piece.kind:
            case "removed":
                yield f"〔删 {_short(piece.text)}〕"
            case "added":
                yield f"〔增 {_short(piece.text)}〕"
            case "same":
                yield _near(piece.text, first=place == 0, last=place == len(pieces) - 1)


def _near(text: str, *, first: bool, last: bool) -> str:
    if first:
        return text if len(text) <= AROUND else "…" + text[-AROUND:]
    if last:
        return text if len(text) <= AROUND else text[:AROUND] + "…"
    return text if len(text) <= 2 * AROUND else f"{text[:AROUND]}…{text[-AROUND:]}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
