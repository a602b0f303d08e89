"""How many list documents one core reads in a second.

    python -m benchmarks.listing_speed [CORPUS...] [--seconds 5] [--least 500]

Without a corpus: ordinary column pages made here (20 rows, 130 links, 45 KB with their scripts), and
a home page of 40 blocks. With corpora (folders with listings.jsonl and pages/): their documents.
Counts processor time of this process, so other load on the machine matters little. Exits with 1 if
ordinary pages are read at less than ``--least`` a second.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from pathlib import Path

from scraper.errors import TonggaoError
from scraper.listing import read_listing

Document = tuple[bytes, str]
URL = "http://www.example.gov.cn/xw/bdyw/"


def ordinary_page(rows: int = 20) -> str:
    """A column page with what usually surrounds a list."""
    menu = "".join(f"<li><a href='/lm{n}/'><span>栏目{n}</span></a></li>" for n in range(60))
    items = "".join(
        f"<li><a href='./202609/t202609{n % 28 + 1:02}_{n}.html' title='示例市召开第{n}次重点工作推进会议'>"
        f"示例市召开第{n}次重点工作推进会议</a><span>2026-09-{n % 28 + 1:02}</span></li>"
        for n in range(rows)
    )
    links = "".join(f"<a href='http://x{n}.gov.cn/'>某某省人民政府网站</a>" for n in range(45))
    script = "<script>" + "function step(n){return n*n+1;}\n" * 700 + "</script>"
    return (
        f"<html><head><meta charset=utf-8><title>要闻</title>{script}</head><body><div class=nav><ul>{menu}</ul></div>"
        f"<div class=main><ul class=list>{items}</ul><script>createPageHTML(50,0,'index','html')</script></div>"
        f"<div class=links>{links}</div></body></html>"
    )


def home_page(blocks: int = 40) -> str:
    """A home page: many blocks of a few rows each."""
    return "".join(
        f"<div class=box><h3>栏目{b}</h3><ul>"
        + "".join(
            f"<li><a href='/c{b}/202609/t2026090{n + 1}_{b}{n}.html'>第{b}栏目的第{n}条消息标题</a><i>09-0{n + 1}</i></li>"
            for n in range(7)
        )
        + "</ul></div>"
        for b in range(blocks)
    )


def corpus(folder: Path) -> list[Document]:
    """The listing documents of a corpus."""
    entries = map(json.loads, (folder / "listings.jsonl").read_text("utf-8").splitlines())
    named = (
        (next((folder / "pages").glob(f"{each['id']}.*"), None), each["url"]) for each in entries
    )
    return [(page.read_bytes(), url) for page, url in named if page and url]


def speed(documents: list[Document], seconds: float) -> float:
    """Documents a second of processor time."""
    count, start = 0, time.process_time()
    while (spent := time.process_time() - start) < seconds:
        for body, url in documents:
            with contextlib.suppress(TonggaoError):
                read_listing(body, url)
        count += len(documents)
    return count / spent


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--least", type=float, default=500.0)
    options = parser.parse_args()
    sets = {"ordinary pages": [(ordinary_page().encode(), URL)]}
    sets["home pages"] = [(home_page().encode(), "http://www.example.gov.cn/")]
    sets |= {str(folder): corpus(folder) for folder in options.corpus}
    speeds = {}
    for name, documents in sets.items():
        size = sum(len(body) for body, _ in documents) // len(documents)
        speeds[name] = speed(documents, options.seconds)
        print(
            f"{name}: {speeds[name]:.0f} documents/s ({len(documents)} of {size} bytes on average)"
        )
    return 0 if speeds["ordinary pages"] >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
