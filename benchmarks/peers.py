"""One table: tonggao's parser and other extractors on the same pages, in one run on one machine.

    python -m benchmarks.peers [--corpus ../shared/corpus] [--rounds 3]

Without a corpus: the pages of tests/fixtures, which were written with tonggao in mind and therefore say
nothing of quality on pages unseen; with one (gold.jsonl and pages/), its articles. Title: equal but
for blanks. Day: of publication. Body: mean F1 of four-character shingles against the gold text. Speed:
pages in a second of processor time of this process, the best of the rounds. What each one finds is in
the column "fields": an extractor that looks for less has less to do. Those not installed are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import platform
import re
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scraper.errors import PageError
from scraper.page import parse_page
from scraper.page.layout.charset import decode

FIXTURES = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "pages"
SHINGLE = 4
Found = tuple[str | None, str | None, str | None]
"""Title, time of publication, text."""


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what it says."""

    html: bytes
    url: str
    charset: str | None
    title: str
    day: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Score:
    """What an extractor reached."""

    name: str
    fields: str
    title: float
    day: float | None
    body: float
    speed: float


def tonggao(case: Case) -> Found:
    """The whole record."""
    release = parse_page(case.html, case.url, case.charset)
    return release.title, str(release.published_at), "\n".join(release.paragraphs)


def trafilatura(case: Case) -> Found:
    """With its metadata; it decodes by itself."""
    import trafilatura as library  # noqa: PLC0415 - measured only where installed

    found: Any = library.bare_extraction(case.html, url=case.url, with_metadata=True)
    return (found.title, found.date, found.text) if found else (None, None, None)


def gne(case: Case) -> Found:
    """GeneralNewsExtractor; it takes text, so it gets ours."""
    from gne import GeneralNewsExtractor  # noqa: PLC0415 - as above

    found = GeneralNewsExtractor().extract(decode(case.html, case.charset).text)
    return found.get("title"), found.get("publish_time"), found.get("content")


def newspaper(case: Case) -> Found:
    """newspaper4k, in Chinese."""
    from newspaper import Article  # noqa: PLC0415 - as above

    article = Article(case.url, language="zh")
    article.download(input_html=decode(case.html, case.charset).text)
    article.parse()
    return article.title, str(article.publish_date or ""), article.text


def readability(case: Case) -> Found:
    """readability-lxml: title and body only."""
    from readability import Document  # noqa: PLC0415 - as above

    document = Document(decode(case.html, case.charset).text)
    return document.title(), None, re.sub(r"<[^>]+>", "", document.summary())


def resiliparse(case: Case) -> Found:
    """resiliparse: body only, in C++."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - as above

    text = decode(case.html, case.charset).text
    return None, None, extract_plain_text(text, main_content=True)


PEERS: tuple[tuple[str, str, str, Callable[[Case], Found]], ...] = (
    ("tonggao", "scraper", "the whole record", tonggao),
    ("trafilatura", "trafilatura", "title, date, author, body", trafilatura),
    ("gne", "gne", "title, date, author, body", gne),
    ("newspaper4k", "newspaper", "title, date, author, body", newspaper),
    ("readability-lxml", "readability", "title, body", readability),
    ("resiliparse", "resiliparse", "body", resiliparse),
)


def measure(
    name: str, fields: str, extract: Callable[[Case], Found], cases: list[Case], rounds: int
) -> Score:
    """Run one extractor over all pages."""
    best = min(_seconds(extract, cases) for _ in range(rounds))
    found = [_safely(extract, case) for case in cases]
    pairs = list(zip(cases, found, strict=True))
    dated = [(case, one) for case, one in pairs if case.day]
    day = sum(_day(one[1]) == case.day for case, one in dated) / (len(dated) or 1)
    return Score(
        name,
        fields,
        sum(_plain(one[0]) == _plain(case.title) for case, one in pairs) / len(cases),
        day if any(one[1] for one in found) else None,
        sum(_f1(case.body, one[2]) for case, one in pairs) / len(cases),
        len(cases) / best,
    )


def cases_of(corpus: Path | None) -> list[Case]:
    """The pages of a corpus, else our own."""
    if corpus is None:
        return [_own(path) for path in sorted(FIXTURES.glob("*.html"))]
    lines = (corpus / "gold.jsonl").read_text("utf-8").splitlines()
    golds = [gold for gold in map(json.loads, lines) if gold.get("kind", "article") == "article"]
    return [_gold(corpus, gold) for gold in golds]


def main() -> None:
    """Measure all that are installed and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--corpus", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    cases = cases_of(given.corpus)
    print(f"{len(cases)} pages; {_machine()}; processor time, best of {given.rounds} rounds\n")
    print("| extractor | title | day | body F1 | pages/s | time, tonggao = 1 | fields |")
    print("| --- | --: | --: | --: | --: | --: | --- |")
    ours = 0.0
    for name, module, fields, extract in PEERS:
        if importlib.util.find_spec(module) is None:
            continue
        score = measure(name, fields, extract, cases, given.rounds)
        ours = ours or score.speed
        day = "–" if score.day is None else f"{score.day:.2f}"
        print(
            f"| {_named(name)} | {score.title:.2f} | {day} | {score.body:.2f} | {score.speed:.0f} "
            f"| {ours / score.speed:.2f} | {fields} |"
        )


def _named(name: str) -> str:
    return name if name == "tonggao" else f"{name} {version(name)}"


def _own(path: Path) -> Case:
    asked = json.loads(path.with_suffix(".request.json").read_text("utf-8"))
    gold = json.loads(path.with_suffix(".json").read_text("utf-8"))
    day = (gold.get("published_at") or "")[:10] or None
    body = "\n".join(gold["paragraphs"])
    return Case(path.read_bytes(), asked["url"], asked["http_charset"], gold["title"], day, body)


def _gold(corpus: Path, gold: dict[str, Any]) -> Case:
    html = (corpus / "pages" / f"{gold['id']}.html").read_bytes()
    day = (gold.get("published_at") or "")[:10] or None
    return Case(
        html, gold["url"] or "http://localhost/", None, gold["title"], day, "\n".join(gold["body"])
    )


def _seconds(extract: Callable[[Case], Found], cases: list[Case]) -> float:
    start = time.process_time()
    for case in cases:
        _safely(extract, case)
    return time.process_time() - start


def _safely(extract: Callable[[Case], Found], case: Case) -> Found:
    try:
        return extract(case)
    except PageError:
        return None, None, None
    except Exception:  # of other people's programs any error counts as nothing found
        if extract is tonggao:
            raise
        return None, None, None


def _plain(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def _day(text: str | None) -> str | None:
    found = re.search(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})", text or "")
    return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}" if found else None


def _shingles(text: str | None) -> Counter[str]:
    plain = _plain(text)
    return Counter(plain[n : n + SHINGLE] for n in range(max(len(plain) - SHINGLE + 1, 1)))


def _f1(gold: str, text: str | None) -> float:
    wanted, got = _shingles(gold), _shingles(text)
    return 2 * sum((wanted & got).values()) / (sum(wanted.values()) + sum(got.values()))


def _machine() -> str:
    cpu = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", cpu.read_text()) if cpu.exists() else []
    return f"{names[0] if names else platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
