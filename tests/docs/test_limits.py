"""Figures of a limit in a document are those that the program keeps."""

from __future__ import annotations

import pytest

from scheduler.cli.mcp import SECONDS
from scheduler.watches import courier
from scheduler.watches.wording import MOST_ITEMS, MOST_SHOWN
from scraper.access.rate import REQUESTS_A_MINUTE
from scraper.archive.querying.paging import FARTHEST
from scraper.archive.snapshots.storage import DICTIONARIES_KEPT
from scraper.archive.watching.keeping import DAILY, MOST_REPLAYED, NEWS_DAYS
from scraper.archive.writing.deduplication import TEXTS_KEPT
from scraper.mcp.asking import MOST_BYTES, MOST_ROWS
from scraper.web.api.parameters import MOST
from scraper.web.forms import MOST as MOST_EXPORTED
from scraper.web.forms import MOST_BYTES as BYTES_EXPORTED
from tests.docs.examples import ROOT


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("docs/api.md", f"`count` is 1 to {MOST}."),
        ("docs/api.md", f"walked through to its {_spaced(FARTHEST)}th hit"),
        ("docs/api.md", f"{REQUESTS_A_MINUTE} requests a minute"),
        (
            "docs/mcp.md",
            f"{_spaced(MOST_ROWS)} rows, {MOST_BYTES // 1000} kB, {SECONDS} seconds at most",
        ),
        ("docs/watches.md", f"dated in the last {NEWS_DAYS} days"),
        ("docs/watches.md", f"(at most {MOST_REPLAYED:,} matches)"),
        ("docs/watches.md", f"a daemon looks every {courier.ROUND_SECONDS:.0f} seconds"),
        ("docs/watches.md", f"After {DAILY} messages of a day"),
        ("docs/watches.md", f"A message shows {MOST_SHOWN}\nmatches"),
        ("docs/watches.md", f"its JSON has {MOST_ITEMS:,}."),
        ("docs/erasure.md", f"at most {_spaced(TEXTS_KEPT)} normalised texts"),
        ("docs/erasure.md", f"and {DICTIONARIES_KEPT} pages that others are compressed against"),
        ("CHANGELOG.md", f"at most {_spaced(MOST_EXPORTED)} releases"),
        ("CHANGELOG.md", f"bounded by {BYTES_EXPORTED // 1_000_000} MB of text"),
    ],
)
def test_a_limit_is_the_programs(page: str, said: str) -> None:
    assert said in (ROOT / page).read_text("utf-8")
