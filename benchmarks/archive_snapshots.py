"""Room that snapshots take, against the same pages as WARC.gz.

Run:  make bench-snapshots    (or  python -m benchmarks.archive_snapshots [CORPUS])

CORPUS is a folder with ``gold.jsonl`` (id, host, url) and ``pages/<id>.html``. Hosts with one page say
nothing of a dictionary, so only those with more are counted; without a corpus, or beside it, pages of
synthetic sites are.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.archive_load import page_of
from benchmarks.archive_texts import Newsroom
from scraper.archive.snapshots.compression import compress


def warc_size(pages: Iterable[bytes]) -> int:
    """Bytes of response records alone, each compressed by itself as .warc.gz has it."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for page in pages:
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            "https://x.example/",
            "response",
            payload=io.BytesIO(page),
            length=len(page),
            http_headers=head,
        )
        writer.write_record(record)
    return out.tell()


def stored_size(pages: list[bytes]) -> int:
    """Bytes as stored: the first page is the dictionary of all, and is kept with them."""
    return len(compress(pages[0])) + sum(len(compress(page, pages[0])) for page in pages)


def line(name: str, pages: list[bytes]) -> tuple[int, int]:
    """Print one site, and give both sizes."""
    warc, stored = warc_size(pages), stored_size(pages)
    plain, gz = sum(map(len, pages)), sum(len(gzip.compress(page, 9)) for page in pages)
    later = sum(len(compress(page, pages[0])) for page in pages[1:]) / max(
        1, sum(len(gzip.compress(page, 9)) for page in pages[1:])
    )
    print(
        f"{name:<24}{len(pages):>5} pages {plain:>9} plain {gz:>8} gzip {warc:>8} warc.gz {stored:>8} stored"
        f"  {stored / warc:.2f} of warc.gz; pages after the first {later:.2f} of gzip"
    )
    return warc, stored


def corpus(folder: Path) -> dict[str, list[bytes]]:
    """Pages by host."""
    sites: dict[str, list[bytes]] = defaultdict(list)
    for text in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        row = json.loads(text)
        page = folder / "pages" / f"{row['id']}.html"
        if page.exists():
            sites[row["host"]].append(page.read_bytes())
    return {host: pages for host, pages in sites.items() if len(pages) > 1}


def main() -> None:
    """Print the table."""
    if len(sys.argv) > 1:
        sizes = [line(host, pages) for host, pages in corpus(Path(sys.argv[1])).items()]
        print(f"all: {sum(s for _, s in sizes) / sum(w for w, _ in sizes):.2f} of warc.gz")
    room = Newsroom(5)
    for count in (2, 10, 100):
        line(f"synthetic, {count} pages", [page_of(room.story(number)) for number in range(count)])


if __name__ == "__main__":
    main()
