"""Releases in files: found, downloaded after the articles, read, archived, looked at again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool
from scraper.fetch import Outcome
from scraper.visit import Tools, visit
from scraper.visit.catching_up import catch_up
from tests.fetch.web import Web, answer, serving
from tests.visit import newsroom
from tests.visit.newsroom import DECREE, NOTICE, ROOT, lead, opened, page, rtf, source

RULES = rtf(
    "智能制造实施细则", "第一条　为了推动智能制造，制定本细则。", "第二条　企业可以申请专项资金。"
)
DAY = dt.timedelta(days=1)
FORMS = {
    "link": ("<p>附件：<a href='/att/1.doc'>实施细则.doc</a></p>", "/att/1.doc"),
    "handler": ("<p><a href='/download.jsp?id=88'>实施细则.doc</a></p>", "/download.jsp?id=88"),
    "frame": ("<iframe src='/att/2.doc'></iframe>", "/att/2.doc"),
    "embed": ("<embed src='/att/3.pdf' type='application/pdf'>", "/att/3.pdf"),
    "viewer": ("<iframe src='/pdfjs/web/viewer.html?file=/att/4.pdf'></iframe>", "/att/4.pdf"),
}


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving(Web()) as served:
        served.default = None
        yield served


async def rows(pool: Pool, query: str, *values: object) -> list[tuple[Any, ...]]:
    async with pool.connection() as connection:
        return await (await connection.execute(query.encode(), values)).fetchall()


def offer(web: Web, path: str, body: bytes, kind: str = newsroom.WORD, **headers: str) -> None:
    web.on(path, answer(body, kind=kind, headers=headers))


async def a_day_later(pool: Pool) -> None:
    await rows_do(
        pool, "UPDATE tonggao.file_address SET checked_at = checked_at - interval '25 hours'"
    )


async def rows_do(pool: Pool, statement: str) -> None:
    async with pool.connection() as connection:
        await connection.execute(statement.encode())


@pytest.mark.parametrize("form", FORMS)
async def test_a_page_with_a_document_is_archived_with_what_it_says(
    form: str, web: Web, pool: Pool
) -> None:
    inside, path = FORMS[form]
    web.on("/a/1.html", answer(page(NOTICE, inside)))
    offer(web, path, RULES)
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        summary = await visit(source(), tools)
    assert (summary.new, summary.failed, summary.error) == (1, 0, None)
    assert await rows(
        pool,
        "SELECT url, main, offered, kept, format, text_state, text, outcome FROM archive.files",
    ) == [
        (
            ROOT + path,
            True,
            True,
            False,
            "rtf",
            "read",
            "智能制造实施细则\n第一条　为了推动智能制造，制定本细则。\n第二条　企业可以申请专项资金。",
            "ok",
        )
    ]
    ((title, body),) = await rows(pool, "SELECT title, body FROM archive.releases")
    assert title == NOTICE
    assert "第一条" not in body


async def test_a_text_is_read_in_the_encoding_that_the_server_names(web: Web, pool: Pool) -> None:
    web.on("/a/1.html", answer(page(NOTICE, "<p><a href='/att/1.txt'>實施細則.txt</a></p>")))
    offer(web, "/att/1.txt", "關於防汛工作的通知".encode("big5"), kind="text/plain; charset=big5")
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        await visit(source(), tools)
    said = "SELECT text, media_type, complete FROM archive.files"
    assert await rows(pool, said) == [("關於防汛工作的通知", "text/plain", True)]


async def test_files_are_downloaded_after_the_articles(web: Web, pool: Pool) -> None:
    for number in (1, 2):
        inside = f"<p>附件：<a href='/att/{number}.doc'>细则{number}.doc</a></p>"
        web.on(f"/a/{number}.html", answer(page(f"{NOTICE}{number}", inside)))
        offer(web, f"/att/{number}.doc", rtf(f"细则{number}"))
    lead(web, ("/a/1.html", f"{NOTICE}1"), ("/a/2.html", f"{NOTICE}2"))
    async with opened(pool, web, source()) as tools:
        await visit(source(), tools)
    assert [path for path in web.paths() if path != "/list.html"] == [
        "/a/1.html",
        "/a/2.html",
        "/att/1.doc",
        "/att/2.doc",
    ]


@pytest.mark.parametrize("keep", [True, False])
async def test_a_row_that_leads_straight_to_a_file_is_a_release(
    keep: bool, web: Web, pool: Pool
) -> None:
    offer(web, "/att/9.doc", RULES)
    lead(web, ("/att/9.doc", f"{DECREE}.doc"))
    watched = source(attachments="keep") if keep else source()
    async with opened(pool, web, watched) as tools:
        summary = await visit(watched, tools)
        assert (summary.new, summary.failed) == (1, 0)
        assert await FileArchive(pool).read(hashlib.sha256(RULES).hexdigest()) == (
            RULES if keep else None
        )
        again = await visit(watched, tools)
    assert (again.new, again.revisions, again.failed) == (0, 0, 0)
    assert await rows(
        pool,
        "SELECT r.title, r.body, p.published_at, p.dated_at::date, p.origins ->> 'title', f.text LIKE '%%第二条%%', f.main"
        " FROM archive.releases r JOIN archive.publications p USING (publication_id)"
        " JOIN archive.files f USING (publication_id)",
    ) == [(DECREE, "", None, dt.date(2024, 11, 1), "list row", True, True)]
    assert await rows(
        pool, "SELECT count(*), count(DISTINCT first_at) FROM archive.file_versions"
    ) == [(1, 1)]


async def test_off_means_that_a_file_is_no_article_and_nothing_is_fetched(
    web: Web, pool: Pool
) -> None:
    watched = source(attachments="off")
    web.on("/a/1.html", answer(page(NOTICE, FORMS["link"][0])))
    lead(web, ("/a/1.html", NOTICE), ("/att/9.doc", DECREE))
    offer(web, "/att/9.doc", RULES)
    async with opened(pool, web, watched) as tools:
        summary = await visit(watched, tools)
    assert (summary.new, summary.reasons) == (1, {Outcome.WRONG_TYPE: 1})
    assert "/att/1.doc" not in web.paths()
    assert await rows(pool, "SELECT count(*) FROM archive.files") == [(0,)]


async def test_a_source_enabled_before_the_upgrade_fetches_no_more(web: Web, pool: Pool) -> None:
    web.on("/a/1.html", answer(page(NOTICE, FORMS["link"][0])))
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        await tools.files.set_policies([source().id], "off", None)  # as the migration does
        await visit(source(), tools)
    assert "/att/1.doc" not in web.paths()


async def test_a_file_is_looked_at_once_a_day_with_its_article(web: Web, pool: Pool) -> None:
    web.on("/a/1.html", answer(page(NOTICE, FORMS["link"][0])))
    web.on(
        "/att/1.doc",
        answer(RULES, kind=newsroom.WORD, headers={"ETag": '"1"'}),
        answer(b"", 304, {"ETag": '"1"'}),
    )
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        await visit(source(), tools)
        await visit(source(), tools)
        assert web.paths().count("/att/1.doc") == 1
        await a_day_later(pool)
        await visit(source(), tools)
    assert web.paths().count("/att/1.doc") == 2
    assert web.calls[-1].headers["if-none-match"] == '"1"'
    assert await rows(pool, "SELECT outcome, next_try_at, versions FROM archive.files") == [
        ("not_modified", None, 1)
    ]


async def test_a_replaced_file_is_a_change_with_the_difference_of_its_text(
    web: Web, pool: Pool
) -> None:
    web.on("/a/1.html", answer(page(NOTICE, FORMS["link"][0])))
    later = rtf(
        "智能制造实施细则", "第一条　为了推动智能制造，制定本细则。", "第二条　专项资金不再受理。"
    )
    web.on("/att/1.doc", answer(RULES, kind=newsroom.WORD), answer(later, kind=newsroom.WORD))
    lead(web, ("/a/1.html", NOTICE))
    watched = source(attachments="keep")
    async with opened(pool, web, watched) as tools:
        await visit(watched, tools)
        await a_day_later(pool)
        await visit(watched, tools)
        assert await tools.files.read(hashlib.sha256(RULES).hexdigest()) == RULES
    assert await rows(
        pool, "SELECT number, added, removed FROM archive.file_versions ORDER BY number"
    ) == [(1, None, None), (2, ["第二条　专项资金不再受理。"], ["第二条　企业可以申请专项资金。"])]
    assert await rows(pool, "SELECT kind FROM archive.changes_since()") == [
        ("new",),
        ("file_changed",),
    ]


async def test_a_file_that_does_not_come_is_due_again_and_the_release_stays(
    web: Web, pool: Pool
) -> None:
    web.on("/a/1.html", answer(page(NOTICE, FORMS["link"][0])))
    web.on("/att/1.doc", answer(b"", 404))
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        summary = await visit(source(), tools)
        await visit(source(), tools)
    assert (summary.new, summary.failed) == (1, 0)
    assert web.paths().count("/att/1.doc") == 1
    assert await rows(
        pool, "SELECT outcome, digest, text_state, next_try_at > now() FROM archive.files"
    ) == [("gone", None, None, True)]


async def test_what_a_reader_refuses_is_told_by_name(web: Web, pool: Pool) -> None:
    web.on("/a/1.html", answer(page(NOTICE, "<embed src='/att/3.pdf'>")))
    offer(web, "/att/3.pdf", newsroom.pdf(), "application/pdf")
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        await visit(source(), tools)
    ((state, text, said),) = await rows(
        pool, "SELECT text_state, text, text_detail FROM archive.files"
    )
    assert (state, text) in {("damaged", None), ("no_reader", None)}
    assert said


async def test_one_address_on_two_pages_is_fetched_once(web: Web, pool: Pool) -> None:
    for number in (1, 2):
        text = f"<p>第{number}批申请已经受理完毕，请有关单位于月底前把材料送到市政务服务中心。</p>"
        web.on(f"/a/{number}.html", answer(page(f"{NOTICE}{number}", text + FORMS["link"][0])))
    offer(web, "/att/1.doc", RULES)
    lead(web, ("/a/1.html", f"{NOTICE}1"), ("/a/2.html", f"{NOTICE}2"))
    async with opened(pool, web, source()) as tools:
        await visit(source(), tools)
    assert web.paths().count("/att/1.doc") == 1
    assert await rows(
        pool, "SELECT count(*), count(digest), count(DISTINCT release_id) FROM archive.files"
    ) == [(2, 2, 2)]


async def test_a_host_is_asked_for_so_many_files_a_day(
    web: Web, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scraper.visit.files.FILES_A_HOST_AND_DAY", 2)
    links = "".join(f"<p><a href='/att/{n}.doc'>附件{n}.doc</a></p>" for n in range(1, 8))
    web.on("/a/1.html", answer(page(NOTICE, links)))
    for number in range(1, 8):
        offer(web, f"/att/{number}.doc", rtf(f"附件{number}"))
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        await visit(source(), tools)
        assert len([path for path in web.paths() if path.startswith("/att/")]) == 2
        await visit(source(), tools)
        assert len([path for path in web.paths() if path.startswith("/att/")]) == 2
        await a_day_later(pool)
        await visit(source(), tools)
    assert len([path for path in web.paths() if path.startswith("/att/")]) == 4
    assert await rows(pool, "SELECT count(*) FROM archive.files") == [
        (5,)
    ]  # the first five of seven


async def test_a_file_larger_than_twenty_megabytes_is_refused(web: Web, pool: Pool) -> None:
    web.on("/a/1.html", answer(page(NOTICE, FORMS["link"][0])))
    web.on(
        "/att/1.doc",
        answer(b"", 200, {"Content-Length": str(21 << 20)}, newsroom.WORD) + RULES * 90_000,
    )
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        await visit(source(), tools)
    assert await rows(pool, "SELECT outcome, digest FROM archive.files") == [("too_large", None)]


async def test_a_visit_that_was_cut_off_leaves_its_files_due(web: Web, pool: Pool) -> None:
    """What is to be fetched is written with the article, and what was claimed is due again."""
    web.on("/a/1.html", answer(page(NOTICE, FORMS["link"][0])))
    offer(web, "/att/1.doc", RULES)
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, source()) as tools:
        dead = _Killed(tools)
        with pytest.raises(KeyboardInterrupt):
            await visit(source(), replace(tools, file_readers=dead))
        assert await rows(pool, "SELECT count(digest) FROM archive.files") == [(0,)]
        await rows_do(pool, "UPDATE tonggao.file_address SET next_try_at = now()")
        await visit(source(), tools)
    assert await rows(pool, "SELECT count(*), count(digest), max(versions) FROM archive.files") == [
        (1, 1, 1)
    ]


class _Killed:
    """Stands for the moment at which the process is killed: while a file is read."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def read_file(self, data: bytes, url: str, **_: object) -> Any:
        raise KeyboardInterrupt


async def test_kept_files_without_a_text_are_read_later(web: Web, pool: Pool) -> None:
    watched = source(attachments="keep")
    web.on("/a/1.html", answer(page(NOTICE, FORMS["link"][0])))
    offer(web, "/att/1.doc", RULES)
    lead(web, ("/a/1.html", NOTICE))
    async with opened(pool, web, watched) as tools:
        await visit(watched, tools)
        await rows_do(pool, "UPDATE tonggao.file_text SET state = 'no_reader', body = ''")
        assert dict(await catch_up(pool, tools.file_readers)) == {"read": 1}
        assert dict(await catch_up(pool, tools.file_readers)) == {}
    assert await rows(pool, "SELECT text_state, text LIKE '%%第二条%%' FROM archive.files") == [
        ("read", True)
    ]
