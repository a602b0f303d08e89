"""A release that holds a sentence wherever a release can hold one, and a search for it through the database."""

from __future__ import annotations

import hashlib

from scraper.archive import Archive
from scraper.archive.observations.file import FileContent, FileReading, WantedFile
from scraper.archive.snapshots.compression import decompress
from scraper.archive.watching import keeping
from scraper.archive.watching.evaluation import Evaluator
from scraper.archive.watching.events import read_wanted
from scraper.archive.watching.keeping import NewWatch
from scraper.archive.writing.counting import count_anew
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool
from scraper.record.release import Attachment, Document, Image

from .conftest import MORNING, MakeObservation

MARK = "青川河畔那座老水塔将于下月原址重建"
"""A sentence that stands in the erased text alone."""
MARKED = (
    "据青川市住建局介绍，" + MARK + "。",
    *(f"第{n}项工程已经开工，投资{n}亿元。" for n in range(1, 9)),
)
URL = "https://qingchuan.example/marked.html"
COPY = "https://dongshan.example/copy.html"
OTHER = "https://qingchuan.example/other.html"
PDF = "https://qingchuan.example/marked.pdf"


def page_of(text: tuple[str, ...], frame: str = "") -> bytes:
    """A page large enough to be a dictionary; pages of one frame are alike."""
    around = "".join(f"<li><a href='/c{n}'>栏目{frame}第{n}号</a></li>" for n in range(200))
    return f"<html><ul>{around}</ul>{''.join(f'<p>{line}</p>' for line in text)}</html>".encode()


def other_text(number: int) -> tuple[str, ...]:
    return tuple(
        f"青川市{number}号工程第{line}标段于今日完成验收，质量合格。" for line in range(1, 9)
    )


async def found(pool: Pool, mark: str) -> list[str]:
    """Tables of the whole database, the planner's samples too, that hold the words; pages unpacked."""
    tables = """SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('information_schema', 'pg_toast')"""
    needles = [mark, mark.encode().hex(), mark.encode("gb18030").hex()]
    hits = []
    async with pool.connection() as connection:
        for (table,) in await (await connection.execute(tables)).fetchall():
            query = f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE ANY (%s)".encode()
            row = await (await connection.execute(query, [[f"%{n}%" for n in needles]])).fetchone()
            hits += [table] if row and row[0] else []
        row = await (
            await connection.execute(
                "SELECT count(*) FROM pg_stats s WHERE s::text LIKE %s", [f"%{mark}%"]
            )
        ).fetchone()
        hits += ["pg_stats"] if row and row[0] else []
        kept = await connection.execute("SELECT dictionary_id, bytes FROM tonggao.dictionary")
        pages = {number: decompress(frame, 64 << 20) for number, frame in await kept.fetchall()}
        hits += ["dictionary"] if any(mark.encode() in page for page in pages.values()) else []
        kept = await connection.execute("SELECT bytes, size, dictionary_id FROM tonggao.content")
        for frame, size, number in await kept.fetchall():
            hits += (
                ["content"] if mark.encode() in decompress(frame, size, pages.get(number)) else []
            )
    return hits


async def run(pool: Pool, statement: str, *values: object) -> list[tuple[object, ...]]:
    async with pool.connection() as connection:
        cursor = await connection.execute(statement.encode(), values)
        return await cursor.fetchall() if cursor.description else []


FIELDS = {
    "subtitle": MARK, "kicker": MARK, "source": MARK, "author": MARK, "editor": MARK, "column": MARK, "site_name": MARK,
    "images": (Image("https://qingchuan.example/1.jpg", MARK, MARK, MARK),), "keywords": (MARK,),
    "attachments": (Attachment(PDF, MARK),), "document": Document(issuer=MARK, topic=MARK),
}  # fmt: skip


async def mark(pool: Pool, archive: Archive, observe: MakeObservation) -> int:
    """Archive a release of two publications with the marker everywhere, a file of its own, and twelve others; its number."""
    files = (WantedFile(PDF, "attachment", 1, keep=True),)
    title = "老水塔重建：" + MARK
    await keeping.add(pool, NewWatch("老水塔", read_wanted("edit")), None)
    first = observe(
        URL, title=title, paragraphs=MARKED, body=page_of(MARKED), files=files, headers=(("x-title", MARK),), **FIELDS,
    )  # fmt: skip
    stored = await archive.store(first)
    edited = (*MARKED, "（更新）" + MARK + "，工期半年。")
    await archive.store(
        observe(
            URL,
            title=title,
            paragraphs=edited,
            body=page_of(edited),
            fetched_at=MORNING.replace(hour=12),
            **FIELDS,
        )
    )
    await archive.store(
        observe(
            COPY,
            title=title,
            paragraphs=MARKED,
            body=page_of(MARKED, "东山"),
            source_id="dongshan.daily",
            **FIELDS,
        )
    )
    for number in range(12):
        text = other_text(number)
        url = OTHER if number == 0 else f"https://qingchuan.example/o{number}.html"
        await archive.store(
            observe(url, title=f"{number}号工程验收", paragraphs=text, body=page_of(text))
        )
    body = f"%PDF {MARK}".encode()
    digest = hashlib.sha256(body).hexdigest()
    reading = FileReading(recognised=False, state="read", reader="t", body=MARK, heading=MARK)
    recognised = FileReading(recognised=True, state="read", reader="t", body=MARK, confidence=0.9)
    await FileArchive(pool).store(
        FileContent(
            url=PDF, kind="attachment", digest=digest, body=body, keep=True, fetched_at=MORNING, media_type="application/pdf",
            name=f"{MARK}.pdf", readings=(reading, recognised),
        )
    )  # fmt: skip
    await run(
        pool,
        "INSERT INTO tonggao.url_state (url_digest, url, source_id, purpose, outcome, decision, failures, failing_since, tried_at,"
        " next_try_at, listed_title) VALUES (tonggao.digest_of(%s), %s, 'qingchuan.gov', 'article', 'listed', 'later', 0, now(),"
        " now(), now(), %s)", URL, URL, MARK,
    )  # fmt: skip
    await run(pool, "INSERT INTO tonggao.quarantine (url, source_id, body, parser_version, detail) VALUES (%s, NULL, %s, '1', 'x')",
              URL, page_of(MARKED))  # fmt: skip
    asked = f"{URL}?from=index"
    await run(pool, "UPDATE tonggao.publication SET address = %s WHERE url = %s", asked, URL)
    for url, final in (
        (URL, None),
        (asked, None),
        ("https://qingchuan.example/1", URL),
        (PDF, None),
    ):
        await run(
            pool,
            "INSERT INTO tonggao.attempt (started_at, purpose, url, final_url, outcome, decision, detail)"
            " VALUES (now(), 'article', %s, %s, 'parse_error', 'later', %s)", url, final, MARK,
        )  # fmt: skip
    await run(
        pool,
        "INSERT INTO tonggao.url_state (url_digest, url, purpose, outcome, decision, failures, failing_since, tried_at,"
        " next_try_at, detail) VALUES (tonggao.digest_of(%s), %s, 'attachment', 'parse_error', 'later', 1, now(), now(), now(), %s)",
        PDF, PDF, MARK,
    )  # fmt: skip
    await run(
        pool,
        "INSERT INTO tonggao.backfill (source_id, kind, created_by) VALUES ('qingchuan.gov', 'urls', 'test')",
    )
    await run(
        pool, "INSERT INTO tonggao.backfill_item (backfill_id, url, url_digest, title, detail)"
        " SELECT max(backfill_id), %s, tonggao.digest_of(%s), %s, %s FROM tonggao.backfill", URL, URL, MARK, MARK,
    )  # fmt: skip
    await Evaluator(pool).catch_up()
    await count_anew(pool)
    await run(pool, "ANALYZE")
    return stored.release_id
