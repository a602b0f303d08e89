from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import pytest

from scraper.database import Pool
from scraper.fetch import Fetcher, FileKeeper, FileLink, HostRules, Outcome
from tests.fetch.web import Web, answer, policy, serving

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PDF = b"%PDF-1.7\n" + bytes(100)
PAGE = "http://www.xiqing.test/a.html"
IMAGE = FileLink("http://img.xiqing.test/1.png", "image")
PAPER = FileLink("http://www.xiqing.test/1.pdf", "attachment")
KEEP = HostRules(allowed_hosts=("www.xiqing.test",), keep_images=True, keep_attachments=True)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving(Web()) as served:
        served.on("/1.png", answer(PNG, kind="image/png", headers={"ETag": '"1"'}))
        served.on("/1.pdf", answer(PDF, kind="application/pdf"))
        yield served


@pytest.fixture
async def keeper(pool: Pool, web: Web) -> AsyncIterator[FileKeeper]:
    hosts = ("www.xiqing.test", "img.xiqing.test")
    async with Fetcher(pool, policy(*hosts, port=web.port)) as fetcher:
        yield FileKeeper(pool, fetcher)


async def test_nothing_is_kept_unless_the_source_says_so(web: Web, keeper: FileKeeper) -> None:
    assert await keeper.keep(PAGE, [IMAGE, PAPER], HostRules()) == []
    assert web.calls == []


async def test_files_are_kept_by_their_content(keeper: FileKeeper) -> None:
    answers = await keeper.keep(PAGE, [IMAGE, PAPER, IMAGE], KEEP, "tianjin.xiqing")
    assert [each.outcome for each in answers] == [Outcome.OK, Outcome.OK]
    await keeper.keep("http://www.xiqing.test/b.html", [IMAGE], KEEP)
    image, paper = await keeper.of_page(PAGE)
    assert (image.kind, image.digest, image.size) == (
        "image",
        hashlib.sha256(PNG).hexdigest(),
        len(PNG),
    )
    assert await keeper.read(paper.digest) == PDF
    assert await keeper.of_page("http://www.xiqing.test/b.html") != []


async def test_a_file_that_is_held_is_asked_for_with_its_validator(
    web: Web, keeper: FileKeeper
) -> None:
    await keeper.keep(PAGE, [IMAGE], KEEP)
    web.on("/1.png", answer(b"", 304, {"ETag": '"1"'}))
    (again,) = await keeper.keep(PAGE, [IMAGE], KEEP)
    assert again.outcome is Outcome.NOT_MODIFIED
    assert web.calls[-1].headers["if-none-match"] == '"1"'


@pytest.mark.parametrize(
    ("link", "outcome"),
    [
        (FileLink("http://169.254.169.254/x.png", "image"), Outcome.REFUSED_UNSAFE),
        (FileLink("file:///etc/passwd", "attachment"), Outcome.REFUSED_UNSAFE),
        (FileLink("http://www.xiqing.test/page.html", "attachment"), Outcome.WRONG_TYPE),
        (FileLink("http://www.xiqing.test/page.html", "image"), Outcome.WRONG_TYPE),
    ],
)
async def test_files_go_the_way_of_every_request(
    keeper: FileKeeper, link: FileLink, outcome: Outcome
) -> None:
    (refused,) = await keeper.keep(PAGE, [link], KEEP)
    assert refused.outcome is outcome
    assert await keeper.of_page(PAGE) == []
