"""The feed of a watch: for whoever has its address, known by the archive's numbers and not by the host."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import httpx

from scraper.archive import Archive
from scraper.archive.watching import keeping
from scraper.archive.watching.evaluation import Evaluator
from scraper.archive.watching.events import read_wanted
from scraper.archive.watching.keeping import NewWatch
from scraper.clock import now
from scraper.database import Pool
from scraper.web.application import create_application
from scraper.web.archive import Reading
from tests.web.conftest import observation

_ATOM = "{http://www.w3.org/2005/Atom}"


def client(reading: Reading, host: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_application(reading, [host]))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{host}")


async def test_a_watch_has_a_feed(archive: Archive, pool: Pool, reading: Reading) -> None:
    made = await keeping.add(pool, NewWatch("发布会", read_wanted("new")), None)
    async with client(reading, "one") as reader:
        empty = await reader.get(f"/watch/{made.feed}.atom")
        assert ET.fromstring(empty.content).findall(f"{_ATOM}entry") == []
        assert (await reader.get("/watch/1.atom")).status_code == 404
        assert (await reader.get(f"/watch/{made.feed[:-1]}.json")).status_code == 404
    stored = await archive.store(observation(1, published_at=now()))
    await Evaluator(pool).catch_up()
    names = []
    for host in ("one", "other"):
        async with client(reading, host) as reader:
            answer = await reader.get(f"/watch/{made.feed}.atom")
            feed = ET.fromstring(answer.content)
            [entry] = feed.findall(f"{_ATOM}entry")
            names.append((feed.findtext(f"{_ATOM}id"), entry.findtext(f"{_ATOM}id")))
            again = await reader.get(
                f"/watch/{made.feed}.atom", headers={"If-None-Match": answer.headers["etag"]}
            )
            assert again.status_code == 304
            [item] = (await reader.get(f"/watch/{made.feed}.json")).json()["items"]
            assert item["id"] == names[-1][1]
            assert item["url"] == f"http://{host}/release/{stored.release_id}"
            assert "发布会" in item["content_text"]
    assert names[0] == names[1]
    assert all(name and name.startswith("urn:tonggao:") for name in names[0])
