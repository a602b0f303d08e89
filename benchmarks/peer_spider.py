"""What one writes without tonggao: Scrapy brings the pages, trafilatura or GNE reads them, lines are written.

``python -m benchmarks.peer_spider READER PORT FIRST END FILE``: one process, the hosts from FIRST up to
END, no politeness, no database.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer


class Here(CachingThreadedResolver):
    """Every host is on this machine: a Host header of one's own is sent beside Scrapy's."""

    def getHostByName(self, *_: Any) -> defer.Deferred[str]:  # noqa: N802 - Twisted's
        """Loopback, whatever is asked."""
        return defer.succeed("127.0.0.1")


def _by_trafilatura(response: Response) -> dict[str, Any]:
    import trafilatura  # noqa: PLC0415 - only the one that is measured is loaded

    found = trafilatura.bare_extraction(response.text, url=response.url)
    return {"title": found.title, "date": found.date, "text": found.text}


def _by_gne(response: Response) -> dict[str, Any]:
    from gne import GeneralNewsExtractor  # noqa: PLC0415 - as above

    found = GeneralNewsExtractor().extract(response.text)
    return {"title": found["title"], "date": found["publish_time"], "text": found["content"]}


READERS = {"trafilatura": _by_trafilatura, "gne": _by_gne}


class Columns(scrapy.Spider):
    """Every article of every list page."""

    name = "columns"

    def __init__(self, reader: str, port: int, hosts: range, file: str) -> None:
        super().__init__()
        self.read = READERS[reader]
        self.start_urls = [f"http://h{n:03d}.test:{port}/col/index.html" for n in hosts]
        self.file = Path(file).open("w", encoding="utf-8")  # noqa: SIM115 - closed with the spider

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The list pages."""
        for url in self.start_urls:
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: Response, **_: Any) -> Iterator[scrapy.Request]:
        """The articles of a list page."""
        for link in response.css("ul.list a::attr(href)").getall():
            yield scrapy.Request(response.urljoin(link), self.article)

    def article(self, response: Response) -> None:
        """One article as a line."""
        record = {"url": response.url, **self.read(response)}
        self.file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def closed(self, _reason: str) -> None:
        """Everything is written."""
        self.file.close()


def main() -> None:
    """Run the spider."""
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "ROBOTSTXT_OBEY": False,
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
            "DOWNLOAD_DELAY": 0,
            "DNS_RESOLVER": Here,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    reader, port, first, end, file = sys.argv[1:]
    process.crawl(Columns, reader, int(port), range(int(first), int(end)), file)
    process.start()


if __name__ == "__main__":
    main()
