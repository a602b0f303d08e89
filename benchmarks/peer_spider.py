"""What one writes without tonggao: Scrapy brings the pages, trafilatura reads them, lines are written.

``python -m benchmarks.peer_spider PORT HOSTS FILE``: one process, no politeness, no database.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response


class Columns(scrapy.Spider):
    """Every article of every list page."""

    name = "columns"

    def __init__(self, port: int, hosts: int, file: str) -> None:
        super().__init__()
        self.start_urls = [
            f"http://127.0.0.1:{port}/col/index.html?host=h{n:03d}.test" for n in range(hosts)
        ]
        self.file = Path(file).open("w", encoding="utf-8")  # noqa: SIM115 - closed with the spider

    def start_requests(self) -> Iterator[scrapy.Request]:
        """The list pages, each under the name of its host."""
        for url in self.start_urls:
            yield scrapy.Request(url, headers={"Host": url.rpartition("=")[2]}, dont_filter=True)

    def parse(self, response: Response, **_: Any) -> Iterator[scrapy.Request]:
        """The articles of a list page."""
        host = response.request.headers["Host"].decode()
        for link in response.css("ul.list a::attr(href)").getall():
            url = response.urljoin(f"{link}?host={host}")
            yield scrapy.Request(url, self.article, headers={"Host": host})

    def article(self, response: Response) -> None:
        """One article as a line."""
        found = trafilatura.bare_extraction(response.text, url=response.url)
        record = {"url": response.url, "title": found.title, "date": found.date, "text": found.text}
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
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Columns, int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    process.start()


if __name__ == "__main__":
    main()
