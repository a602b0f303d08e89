"""One measurement: tonggao's parser and other extractors on the same pages, in one run on one machine.

    python -m benchmarks.peers --corpus ../shared/corpus [--rounds 3] [--write]

It prints the table; ``--write`` keeps it in ``benchmarks/peers.json``, from which `make docs` writes the
tables of README.md, README.zh.md, docs/comparison.md and tests/quality/README.md. Without a corpus: the pages
of tests/fixtures, which were written with tonggao in mind and say nothing of quality on pages unseen.

Scored as in tests/quality/record_score.py. A field that a program does not return has no figure. Speed:
pages in a second of processor time of this process, the best of the rounds, which alternate between the
programs. An extractor that looks for less has less to do. Those not installed are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import platform
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scheduler.docs.peers import PEERS_FILE, Measurement, Tool, peers_table
from scraper.clock import now
from scraper.errors import PageError
from scraper.page import parse_page
from scraper.page.layout.charset import decode
from tests.page.golden import NOW
from tests.quality.record_score import (
    CREDITS,
    Found,
    Gold,
    found_in,
    gold_articles,
    page_of,
    rate,
    states_a_minute,
)

FIXTURES = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "pages"


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what it says."""

    html: bytes
    url: str
    charset: str | None
    gold: Gold

    @property
    def text(self) -> str:
        """The page decoded by our reader, for programs that take text."""
        return decode(self.html, self.charset).text


def tonggao(case: Case) -> Found:
    """The whole record."""
    return found_in(parse_page(case.html, case.url, case.charset, received_at=NOW))


def trafilatura(case: Case) -> Found:
    """With its metadata; it decodes by itself, and tells days only."""
    import trafilatura as library  # noqa: PLC0415 - measured only where installed

    found: Any = library.bare_extraction(case.html, url=case.url, with_metadata=True)
    if not found:
        return Found()
    return Found(found.title, found.date, None, found.author, lines=_lines(found.text))


def gne(case: Case) -> Found:
    """GeneralNewsExtractor."""
    from gne import GeneralNewsExtractor  # noqa: PLC0415 - as above

    found = GeneralNewsExtractor().extract(case.text)
    told = found.get("title"), found.get("publish_time"), None, found.get("author")
    return Found(*told, lines=_lines(found.get("content")), images=found.get("images") or ())


def newspaper(case: Case) -> Found:
    """newspaper4k, in Chinese; pictures are found, and not fetched."""
    from newspaper import Article  # noqa: PLC0415 - as above

    article = Article(case.url, language="zh", fetch_images=False)  # it would ask the net for sizes
    article.download(input_html=case.text)
    article.parse()
    published = article.publish_date.isoformat() if article.publish_date else None
    authors, images = " ".join(article.authors), list(article.images)
    return Found(article.title, published, None, authors, None, _lines(article.text), images)


def readability(case: Case) -> Found:
    """readability-lxml: title and body only."""
    from readability import Document  # noqa: PLC0415 - as above

    document = Document(case.text)
    return Found(document.short_title(), lines=_lines(re.sub(r"<[^>]+>", "\n", document.summary())))


def resiliparse(case: Case) -> Found:
    """resiliparse: body only, in C++."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - as above

    return Found(lines=_lines(extract_plain_text(case.text, main_content=True)))


def goose(case: Case) -> Found:
    """goose3, with its words of Chinese; its pictures would be fetched, so they are off."""
    from goose3 import Goose  # noqa: PLC0415 - as above
    from goose3.text import StopWordsChinese  # noqa: PLC0415 - as above

    options = {"stopwords_class": StopWordsChinese, "enable_image_fetching": False}
    with Goose(options) as reader:
        found = reader.extract(raw_html=case.text)
    authors = " ".join(found.authors or [])
    return Found(found.title, found.publish_date, None, authors, lines=_lines(found.cleaned_text))


@dataclass(frozen=True, slots=True)
class Peer:
    """A program, the module it is found by, and the fields it returns."""

    name: str
    module: str
    fields: tuple[str, ...]
    extract: Callable[[Case], Found]


ALL = ("title", "date", "time", "source", "author", "editor", "body", "images")
PEERS = (
    Peer("tonggao", "scraper", ALL, tonggao),
    Peer("trafilatura", "trafilatura", ("title", "date", "author", "body"), trafilatura),
    Peer("gne", "gne", ("title", "date", "time", "author", "body", "images"), gne),
    Peer(
        "newspaper4k", "newspaper", ("title", "date", "time", "author", "body", "images"), newspaper
    ),
    Peer("goose3", "goose3", ("title", "date", "time", "author", "body"), goose),
    Peer("readability-lxml", "readability", ("title", "body"), readability),
    Peer("resiliparse", "resiliparse", ("body",), resiliparse),
)


def measure(peers: list[Peer], cases: list[Case], rounds: int) -> list[Tool]:
    """Run all extractors over all pages, in turn."""
    seconds = [{peer.name: _seconds(peer, cases) for peer in peers} for _ in range(rounds)]
    return [_tool(peer, cases, min(each[peer.name] for each in seconds)) for peer in peers]


def _tool(peer: Peer, cases: list[Case], seconds: float) -> Tool:
    rows = [(case, rate(case.gold, _safely(peer, case))) for case in cases]
    timed = [row for case, row in rows if states_a_minute(case.gold)]
    figures = {
        name: _mean([row[name] for row in (timed if name == "time" else [r for _, r in rows])])
        for name in peer.fields
    }
    told = set(peer.fields) & set(CREDITS)
    unstated = round(sum(1 - row["invented"] for _, row in rows)) if told else None
    release = "" if peer.name == "tonggao" else version(peer.name)
    return Tool(peer.name, release, figures, unstated, round(len(cases) / seconds, 1))


def _mean(figures: list[float]) -> float:
    return round(sum(figures) / (len(figures) or 1), 3)


def cases_of(corpus: Path | None) -> list[Case]:
    """The pages of a corpus, else our own."""
    if corpus is None:
        pages = (_own(path) for path in sorted(FIXTURES.glob("*.html")))
        return [page for page in pages if page.gold["body"]]  # the others are refused
    return [
        Case(page_of(corpus, gold), gold.get("url") or "http://example.com/", None, gold)
        for gold in gold_articles(corpus)
    ]


def main() -> None:
    """Measure all that are installed and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--corpus", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--write", action="store_true", help="keep it for the documents")
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    cases = cases_of(given.corpus)
    peers = [peer for peer in PEERS if importlib.util.find_spec(peer.module)]
    measured = Measurement(
        day=now().date().isoformat(),
        machine=_machine(),
        pages=len(cases),
        hosts=len({urlsplit(case.url).hostname for case in cases}),
        rounds=given.rounds,
        tools=tuple(measure(peers, cases, given.rounds)),
    )
    print(peers_table(measured))
    if given.write:
        PEERS_FILE.write_text(measured.as_json(), "utf-8")


def _own(path: Path) -> Case:
    asked = json.loads(path.with_suffix(".request.json").read_text("utf-8"))
    gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
    images = [image["url"] for image in gold.get("images") or ()]
    told = {**gold, "body": gold.get("paragraphs"), "images": images}
    return Case(path.read_bytes(), asked["url"], asked["http_charset"], told)


def _lines(text: str | None) -> list[str]:
    return (text or "").split("\n")


def _seconds(peer: Peer, cases: list[Case]) -> float:
    start = time.process_time()
    for case in cases:
        _safely(peer, case)
    return time.process_time() - start


def _safely(peer: Peer, case: Case) -> Found:
    try:
        return peer.extract(case)
    except PageError:
        return Found()
    except Exception:  # of other people's programs any error counts as nothing found
        if peer.name == "tonggao":
            raise
        return Found()


def _machine() -> str:
    cpu = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", cpu.read_text()) if cpu.exists() else []
    return f"{names[0] if names else platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
