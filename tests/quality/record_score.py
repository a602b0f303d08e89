"""How near a record comes to its gold: the rules of the shared scorer, for the gate.

Title, source, author, editor: equal after NFKC without blanks (names as a set); time: day and
minute; text: F1 of 4-character shingles; pictures: F1 of file names. Lines the gold calls
optional count neither way.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scraper.errors import PageError
from scraper.page import parse_page
from scraper.record.release import Release
from tests.page.golden import NOW

FIELDS = ("title", "date", "time", "source", "author", "editor", "body", "images", "invented")
_DATE = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})(?:\D{1,4}(\d{1,2}):(\d{2}))?")

Gold = dict[str, Any]
Row = dict[str, float]


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
    row = {
        "title": float(any(norm(release.title) == norm(x) for x in accepted(gold, "title"))),
        **_time(gold, release.published_at),
        "body": f1(*_bodies(gold, release)),
        "images": _images(gold, release),
    }
    invented = 0
    for name in ("source", "author", "editor"):
        stated, found = accepted(gold, name), getattr(release, name)
        row[name] = float(any(words(found) == words(x) for x in stated))
        invented += not any(stated) and bool(found)
    return {**row, "invented": float(invented == 0)}


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


def _time(gold: Gold, found: dt.datetime | None) -> Row:
    wanted = [_stated(text) for text in accepted(gold, "published_at")]
    day = found.date().isoformat() if found else None
    clock = f"{found:%H:%M}" if found else None
    same = [time for date, time in wanted if date == day]
    timed = not wanted[0][1] or any(time in (None, clock) for time in same)
    return {"date": float(bool(same)), "time": float(bool(same) and timed)}


def _stated(text: str | None) -> tuple[str | None, str | None]:
    found = _DATE.search(text or "")
    if not found:
        return None, None
    day = f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}"
    return day, f"{int(found[4]):02}:{found[5]}" if found[4] else None


def _bodies(gold: Gold, release: Release) -> tuple[str, str]:
    optional = {norm(line) for line in gold.get("optional_lines") or []}
    lines = (line for text in release.paragraphs for line in text.split("\n"))
    return _kept(gold.get("body") or [], optional), _kept(lines, optional)


def _kept(lines: Iterable[str], optional: set[str]) -> str:
    return "\n".join(line for line in lines if norm(line) not in optional)


def _images(gold: Gold, release: Release) -> float:
    stated = (i["src"] if isinstance(i, dict) else i for i in gold.get("images") or [])
    wanted = {_file(address) for address in stated}
    found = {_file(image.url) for image in release.images}
    if not wanted and not found:
        return 1.0
    return 2 * len(wanted & found) / (len(wanted) + len(found))


def _file(address: str) -> str:
    return address.split("?", maxsplit=1)[0].rsplit("/", 1)[-1]
