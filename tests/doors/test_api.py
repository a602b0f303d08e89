"""The API: the same rows and keys as the command line, in pages, with tags, and errors that advise."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from scraper.archive import Archive
from scraper.archive.querying.finding import Search
from scraper.archive.querying.paging import FARTHEST, Place, page_of, place_of
from scraper.archive.querying.reading import Selection, readings, show_release
from scraper.database import Pool, open_pool
from scraper.errors import UsageError
from scraper.record.forms import in_json
from scraper.web.api.parameters import MOST
from tests.doors.conftest import PDF, PDF_DIGEST
from tests.web.conftest import archive, observation  # noqa: F401 - a fixture

TRANSCRIPT = Path(__file__).with_name("transcripts") / "api.json"
REQUESTS = (
    "/search?q=供热", "/search?q=西青&count=1", "/search?q=西青&sort=rank&count=1", "/search?q=没有的词",
    "/facets?q=供热", "/releases?count=1", "/releases/4", "/releases/4/revisions", "/releases/1/copies",
    "/releases/1/files", "/releases/1/citation", "/releases/1/citation?style=bibtex",
    "/changes?count=2", "/changes/latest?change=revision", f"/files/{PDF_DIGEST}", f"/files/{PDF_DIGEST}/text",
    "/releases/999", "/releases/x", "/search?q=供热&sort=best", "/search?colour=red", "/search?cursor=x",
    "/search?since=2026-12-01&until=2026-11-01", "/changes?cursor=x", "/nothing",
    "/search?region=99", "/facets?region=129900", "/changes/latest?region=99", "/search?source=demo.nobody",
    "/releases?source=demo.nobody", "/facets?source=demo.nobody", "/changes/latest?source=demo.nobody",
    "/search?region=1201&count=1", "/search?region=120100&count=1",
)  # fmt: skip


@pytest.fixture(scope="module")
def api(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{address}/api/v1") as client:
        yield client


def pages(api: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    """Every item, page by page."""
    answer = api.get(path)
    while True:
        told = answer.json()
        yield from told["items"]
        if told["next_cursor"] is None:
            assert "next" not in answer.links
            return
        answer = api.get(answer.url.join(answer.links["next"]["url"]))


def test_every_answer_is_as_it_was(api: httpx.Client) -> None:
    """The transcript is read by people; TONGGAO_TEST_WRITE_TRANSCRIPTS=1 writes it anew."""
    told = json.dumps(
        {path: _told(api.get(path)) for path in REQUESTS}, ensure_ascii=False, indent=1
    )
    if os.environ.get("TONGGAO_TEST_WRITE_TRANSCRIPTS"):
        TRANSCRIPT.write_text(f"{told}\n", "utf-8")
    assert json.loads(told) == json.loads(TRANSCRIPT.read_text("utf-8"))


def _told(answer: httpx.Response) -> dict[str, Any]:
    kind = answer.headers["content-type"]
    body = _masked(answer.json()) if "json" in kind else answer.text
    return {"status": answer.status_code, "type": kind, "body": body}


def _masked(value: Any) -> Any:
    """What differs from run to run: when it was recorded, and cursors of changes."""
    if isinstance(value, list):
        return [_masked(each) for each in value]
    if not isinstance(value, dict):
        return value
    masked = {"at", "cursor", "next_cursor", "parser_version", "checked_at"}
    return {k: "…" if k in masked and v is not None else _masked(v) for k, v in value.items()}


def test_records_are_the_lines_of_the_export(api: httpx.Client, demo_url: str) -> None:
    async def exported() -> list[dict[str, Any]]:
        async with open_pool(demo_url) as pool:
            return [each.record() async for each in readings(pool, Selection()) if each.canonical]

    lines = {each["release_id"]: each for each in asyncio.run(exported())}
    given = list(pages(api, "/releases?count=3"))
    assert [each["release_id"] for each in given] == sorted(
        lines, key=lambda number: next(n for n, e in enumerate(given) if e["release_id"] == number)
    )
    assert {each["release_id"]: each for each in given} == lines


def test_a_release_is_what_show_prints(api: httpx.Client, demo_url: str) -> None:
    async def shown() -> Any:
        async with open_pool(demo_url) as pool:
            return in_json((await show_release(pool, 1)).record())

    assert api.get("/releases/1").json() == asyncio.run(shown())


def test_a_page_that_has_not_changed_is_not_sent_again(api: httpx.Client) -> None:
    first = api.get("/releases/1")
    tag = first.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = api.get("/releases/1", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert api.get("/releases/1", headers={"If-None-Match": '"other"'}).status_code == 200
    assert api.get("/releases/2").headers["etag"] != tag


def test_a_file_is_saved_whole_and_never_shown(api: httpx.Client) -> None:
    saved = api.get(f"/files/{PDF_DIGEST}/bytes")
    assert (saved.content, saved.headers["content-type"]) == (PDF, "application/octet-stream")
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert api.get(f"/files/{'0' * 64}/bytes").status_code == 404


def test_changes_are_followed_from_the_last_cursor(api: httpx.Client) -> None:
    seen, cursor = [], None
    while True:
        told = api.get(
            "/changes", params={"count": 3, **({"cursor": cursor} if cursor else {})}
        ).json()
        if not told["items"]:
            break
        seen += told["items"]
        cursor = told["next_cursor"]
    assert told["next_cursor"] == cursor, "the place is kept until something happens"
    latest = list(pages(api, "/changes/latest?count=4"))
    assert [each["cursor"] for each in seen] == [each["cursor"] for each in reversed(latest)]
    assert "revision" in {each["kind"] for each in seen}


def test_errors_are_problems_that_advise(api: httpx.Client) -> None:
    too_far = Place(1, FARTHEST + 1).cursor()
    asked = (
        *("/releases/999", "/search?count=0", f"/search?count={MOST + 1}"),
        *("/search?q=a&q=b", "/search?colour=red", f"/search?q=供热&cursor={too_far}"),
    )
    for answer in (api.post("/search"), *map(api.get, asked)):
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert told["status"] == answer.status_code
        assert told["title"]
        assert told["advice"]
        assert 400 <= answer.status_code < 500
    assert set(api.post("/search").headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_another_name_of_the_reader_is_a_problem_to_programs(api: httpx.Client) -> None:
    answer = api.get("/search", headers={"Host": "attacker.example"})
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (answer.status_code, told["status"], told["title"]) == (400, 400, "unknown host")
    assert "--name" in told["advice"]
    assert "attacker" not in answer.text


def test_a_merged_release_leads_to_the_one_that_took_it_over(
    api: httpx.Client, demo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of a number that went into another is a redirection, not the other's text."""
    from scraper.web.api import endpoints

    async def merged(pool: Pool, number: int) -> Any:
        return replace(await show_release(pool, 1), release_id=1)

    monkeypatch.setattr(endpoints, "show_release", merged)
    answer = api.get("/releases/77")
    assert (answer.status_code, answer.headers["location"]) == (301, "/api/v1/releases/1")


async def test_each_release_once_though_new_ones_arrive_between_two_pages(
    pool: Pool,
    archive: Archive,  # noqa: F811 - the fixture
) -> None:
    async def store(number: int, **given: Any) -> int:
        text = (f"第{number}项工作的安排如下，请各单位遵照执行。" * 9 + chr(0x4E00 + 97 * number),)
        seen = observation(number, title=f"供热通知{number}", paragraphs=text, **given)
        return (await archive.store(seen)).release_id

    stored = [await store(number) for number in range(1, 8)]
    wanted = Search("供热", count=3)
    first, cursor = await page_of(pool, wanted, None)
    assert cursor is not None
    await store(8)
    await store(9)
    second, cursor = await page_of(pool, wanted, cursor)
    assert cursor is not None
    third, end = await page_of(pool, wanted, cursor)
    assert end is None
    assert [hit.release_id for hit in first + second + third] == stored[::-1]


async def test_a_search_is_walked_through_to_a_bound_that_is_told(pool: Pool) -> None:
    there, beyond = Place(1, FARTHEST).cursor(), Place(1, FARTHEST + 1).cursor()
    assert await page_of(pool, Search("供热", count=1), there) == ([], None)
    with pytest.raises(UsageError, match="5000th hit"):
        await page_of(pool, Search("供热", count=1), beyond)


def test_a_cursor_is_read_as_it_was_written_and_nothing_else() -> None:
    assert place_of(Place(12, 40).cursor()) == Place(12, 40)
    for wrong in (
        "",
        "x",
        "MTIuNDA=",
        Place(0, 1).cursor(),
        Place(1, 0).cursor(),
        "MTIuNDA" * 3,
        "é",
    ):
        with pytest.raises(UsageError, match="no cursor"):
            place_of(wrong)
