"""Scoring list reading against a corpus with gold links."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from scraper.errors import TonggaoError
from scraper.listing import Listing, read_listing

Key = tuple[str, str, str]


@dataclass
class Score:
    """Counts over a corpus; the shares are what the floors are about."""

    documents: int = 0
    hit: int = 0
    extra: int = 0
    missing: int = 0
    dates: list[bool] = field(default_factory=list)
    following: list[bool] = field(default_factory=list)
    imperfect: list[str] = field(default_factory=list)

    @property
    def shares(self) -> dict[str, float]:
        return {
            "recall": self.hit / max(self.hit + self.missing, 1),
            "precision": self.hit / max(self.hit + self.extra, 1),
            "dates": sum(self.dates) / max(len(self.dates), 1),
            "next": sum(self.following) / max(len(self.following), 1),
        }


def score_corpus(corpus: Path) -> Score:
    """Read every listing of a corpus with ``engine="auto"`` and no selectors.

    Gold links without an address are left out: their list has to be told how to make one. Gold
    days without a year are compared by month and day.
    """
    score = Score()
    for line in (corpus / "listings.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        page = next((corpus / "pages").glob(f"{gold['id']}.*"), None)
        links = {key(each["url"]): each for each in gold["links"] if each["url"]}
        if page is None or not links:
            continue
        score.documents += 1
        _add(score, gold, links, _read(page.read_bytes(), gold["url"]))
    return score


def key(url: str) -> Key:
    """What makes two addresses the same: host, path, query."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.path.rstrip("/"), parts.query


def _read(body: bytes, url: str) -> Listing:
    try:
        return read_listing(body, url)
    except TonggaoError:
        return Listing((), None, "none")


def _add(score: Score, gold: dict, links: dict[Key, dict], listing: Listing) -> None:  # type: ignore[type-arg]
    got = {key(link.url): link for link in listing.links}
    score.hit += len(links.keys() & got.keys())
    score.extra += len(got.keys() - links.keys())
    score.missing += len(links.keys() - got.keys())
    if got.keys() != links.keys():
        score.imperfect.append(gold["id"])
    for each in links.keys() & got.keys():
        if stated := links[each].get("date"):
            score.dates.append(_numbers(str(got[each].date)).endswith(_numbers(stated)))
    if str(gold.get("next") or "").startswith("http"):
        score.following.append(key(gold["next"].split(" ")[0]) == key(listing.next_url or ""))


def _numbers(text: str) -> str:
    return "-".join(f"{int(part):02}" for part in re.findall(r"\d+", text)[:3])
