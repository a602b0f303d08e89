"""The gate: on the shared corpus no field, and no family of pages, may get worse.

The floors are pinned together with a hash of the corpus they were measured on. Another corpus is a
failure, since floors of one corpus say nothing of another: ``python -m tests.quality.test_records``
prints new ones, to be read before they are pinned. A failure names the pages that fell short.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

from scraper import errors
from scraper.page import parse_page
from tests.page.golden import NOW
from tests.quality.record_score import FIELDS, Gold, Row, gold_articles, page_of, score

PINNED = json.loads((Path(__file__).parent / "records.json").read_text("utf-8"))
Scored = list[tuple[Gold, Row]]


def family_of(gold: Gold) -> str:
    """The CMS family the gold names (its first word), or "portal" for the pages of news sites."""
    return str(gold.get("cms") or "portal").split()[0].strip(",;(").lower()


def fingerprint(corpus: Path) -> str:
    digest = hashlib.sha256((corpus / "gold.jsonl").read_bytes())
    for gold in gold_articles(corpus):
        digest.update(page_of(corpus, gold))
    return digest.hexdigest()[:16]


def scored(corpus: Path) -> Scored:
    return [(gold, score(gold, page_of(corpus, gold))) for gold in gold_articles(corpus)]


def groups(rows: Scored) -> dict[str, Scored]:
    """All pages, and the pages of each family that has three or more."""
    found: dict[str, Scored] = defaultdict(list)
    for gold, row in rows:
        found["all"].append((gold, row))
        found[family_of(gold)].append((gold, row))
    return {name: members for name, members in found.items() if len(members) >= 3}


def mean(rows: Scored, field: str) -> float:
    return sum(row[field] for _, row in rows) / len(rows)


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Path:
    return shared / "corpus"


@pytest.fixture(scope="module")
def rows(corpus: Path) -> dict[str, Scored]:
    return groups(scored(corpus))


@pytest.mark.shared
def test_the_floors_are_of_this_corpus(corpus: Path) -> None:
    assert fingerprint(corpus) == PINNED["corpus"], "measure and pin the floors anew"


@pytest.mark.shared
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("group", sorted(PINNED["floors"]))
def test_no_field_sinks(rows: dict[str, Scored], group: str, field: str) -> None:
    floor, reached = PINNED["floors"][group][field], mean(rows[group], field)
    worse = sorted(gold["id"] for gold, row in rows[group] if row[field] < 0.95)
    assert reached >= floor - 0.0005, f"{group} {field}: {reached:.4f} < {floor}; look at {worse}"


@pytest.mark.shared
def test_no_page_sinks(rows: dict[str, Scored]) -> None:
    """Each page is right in every field but those, and by as much, as are pinned for it."""
    pinned = PINNED["pages"]
    sunk = [
        f"{gold['id']} {field}: {row[field]:.3f}"
        for gold, row in rows["all"]
        for field in FIELDS
        if row[field] < pinned.get(gold["id"], {}).get(field, 1.0) - 0.0005
    ]
    assert sunk == []


@pytest.mark.shared
def test_list_pages_are_no_articles(corpus: Path) -> None:
    """Home pages and columns of the corpus are refused, whatever they hold."""
    taken = []
    for page in sorted((corpus / "pages").glob("home_*.html")):
        try:
            parse_page(page.read_bytes(), "http://www.example.gov.cn/", received_at=NOW)
        except errors.PageError:
            continue
        taken.append(page.name)
    assert taken == []


def main() -> None:
    """Print the floors of the corpus beside the checkout, to be pinned in ``records.json``."""
    shared = os.environ.get("TONGGAO_SHARED") or Path(__file__).parents[3] / "shared"
    corpus = Path(shared) / "corpus"
    articles = scored(corpus)
    pages = {
        gold["id"]: short
        for gold, row in articles
        if (short := {field: round(row[field] - 0.0005, 3) for field in FIELDS if row[field] < 1})
    }
    floors = {
        name: {field: round(mean(members, field) - 0.0005, 3) for field in FIELDS}
        for name, members in sorted(groups(articles).items())
    }
    print(json.dumps({"corpus": fingerprint(corpus), "floors": floors, "pages": pages}, indent=1))


if __name__ == "__main__":
    main()
