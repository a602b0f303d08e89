"""How near a record comes to its gold: the rules of the shared scorer, for the gate.

Title, source, author, editor: equal after NFKC without blanks (names as a set); time: day and
minute; text: F1 of 4-character shingles; pictures: F1 of file names. Lines the gold calls
optional count neither way.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scraper.errors import PageError
from scraper.page import parse_page
from scraper.record.release import Release
from tests.page.golden import NOW

FIELDS = ("title", "date", "time", "source", "author", "editor", "body", "images", "invented")
_DATE = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})(?:\D{1,4}(\d{1,2}):(\d{2}))?")

CREDITS = ("source", "author", "editor")
Gold = dict[str, Any]
Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a program read off a page; time as it tells it, text by lines, addresses of pictures."""

    title: str | None = None
    published_at: str | None = None
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    lines: Sequence[str] = ()
    images: Sequence[str] = ()


def gold_articles(corpus: Path) -> list[Gold]:
    lines = (corpus / "gold.jsonl").read_text("utf-8").splitlines()
    gold = (json.loads(line) for line in lines if line.strip())
    return [one for one in gold if one.get("kind", "article") == "article"]


def page_of(corpus: Path, gold: Gold) -> bytes:
    return next((corpus / "pages").glob(gold["id"] + ".*")).read_bytes()


def score(gold: Gold, page: bytes) -> Row:
    """One page's figures between 0 and 1; a page that is refused scores 0 everywhere."""
    try:
        release = parse_page(page, gold.get("url") or "http://example.com/", received_at=NOW)
    except PageError:
        return dict.fromkeys(FIELDS, 0.0)
    return rate(gold, found_in(release))


def found_in(release: Release) -> Found:
    """What our reader found."""
    published = release.published_at.isoformat() if release.published_at else None
    return Found(
        title=release.title,
        published_at=published,
        source=release.source,
        author=release.author,
        editor=release.editor,
        lines=[line for text in release.paragraphs for line in text.split("\n")],
        images=[image.url for image in release.images],
    )


def rate(gold: Gold, found: Found) -> Row:
    """The figures of what any program found."""
    row = {
        "title": float(any(norm(found.title) == norm(x) for x in accepted(gold, "title"))),
        **_time(gold, found.published_at),
        "body": f1(*_bodies(gold, found)),
        "images": _images(gold, found),
    }
    invented = 0
    for name in CREDITS:
        stated, told = accepted(gold, name), getattr(found, name)
        row[name] = float(any(words(told) == words(x) for x in stated))
        invented += not any(stated) and bool(told)
    return {**row, "invented": float(invented == 0)}


def states_a_minute(gold: Gold) -> bool:
    """Whether the page tells the time of day."""
    return stated_time(gold.get("published_at"))[1] is not None


def accepted(gold: Gold, name: str) -> list[str | None]:
    return [gold.get(name), *(gold.get("accept") or {}).get(name, [])]


def norm(text: str | None) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text or ""))


def words(text: str | None) -> frozenset[str]:
    parts = re.split(r"[\s、,;/|]+", unicodedata.normalize("NFKC", text or ""))
    return frozenset(part for part in parts if part)


def f1(gold: str, found: str) -> float:
    one, other = _shingles(gold), _shingles(found)
    if not one and not other:
        return 1.0
    common = sum((one & other).values())
    return 2 * common / (sum(one.values()) + sum(other.values()))


def _shingles(text: str, size: int = 4) -> Counter[str]:
    text = norm(text)
    if len(text) < size:
        return Counter([text] if text else [])
    return Counter(text[at : at + size] for at in range(len(text) - size + 1))


def _time(gold: Gold, found: str | None) -> Row:
    wanted = [stated_time(text) for text in accepted(gold, "published_at")]
    day, clock = stated_time(found)
    same = [time for date, time in wanted if date == day]
    timed = not wanted[0][1] or any(time in (None, clock) for time in same)
    return {"date": float(bool(same)), "time": float(bool(same) and timed)}


def stated_time(text: str | None) -> tuple[str | None, str | None]:
    found = _DATE.search(text or "")
    if not found:
        return None, None
    day = f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}"
    return day, f"{int(found[4]):02}:{found[5]}" if found[4] else None


def _bodies(gold: Gold, found: Found) -> tuple[str, str]:
    optional = {norm(line) for line in gold.get("optional_lines") or []}
    return _kept(gold.get("body") or [], optional), _kept(found.lines, optional)


def _kept(lines: Iterable[str], optional: set[str]) -> str:
    return "\n".join(line for line in lines if norm(line) not in optional)


def _images(gold: Gold, told: Found) -> float:
    stated = (i["src"] if isinstance(i, dict) else i for i in gold.get("images") or [])
    wanted = {_file(address) for address in stated}
    found = set(map(_file, told.images))
    if not wanted and not found:
        return 1.0
    return 2 * len(wanted & found) / (len(wanted) + len(found))


def _file(address: str) -> str:
    return address.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
