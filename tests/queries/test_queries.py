"""Every query that ships is run on an archive with a story, a copy, an edit and a series."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest

from scraper.archive import Archive, Observation, sync_regions
from scraper.archive.exchange.output import write_csv, write_jsonl, write_parquet
from scraper.archive.querying.queries import find_query, named_queries, read_query, run_query
from scraper.clock import now
from scraper.errors import UsageError
from scraper.record.release import Attachment, Document, Release

STORY = (
    "青川市政府新闻办公室昨日举行发布会，介绍全市智能制造发展情况和下一步的工作安排。",
    "市工信局负责人表示，今年以来全市新增智能工厂12家，规上工业增加值同比增长4.3%，增速连续回升。",
    "青川市将继续支持企业开展技术改造，安排专项资金2.5亿元，重点投向新能源和新材料两个方向。",
)
YESTERDAY = now().replace(hour=9, minute=0, second=0, microsecond=0) - dt.timedelta(days=1)


def _page(source: str, number: int, after: dt.timedelta = dt.timedelta(0), **given) -> Observation:
    url = f"https://{source}.example/{number}"
    release = {
        "title": "青川发布智能制造情况",
        "paragraphs": STORY,
        "published_at": YESTERDAY + after,
        "published_precision": "minute",
        "source": "青川市人民政府",
        "author": "王小山 李明",
        "region": ("120000", "120111"),
        "parser_version": "1",
        **given,
    }
    return Observation(source, url, Release(url=url, **release), YESTERDAY + after, status=200)


@pytest.fixture
async def filled(pool):
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists, enabled)"
            " VALUES ('gov', '要闻', '青川市人民政府', '120000', 'gov-portal', '{}', true),"
            " ('daily', '本地', '东山日报社', '120111', 'provincial-news', '{}', true),"
            " ('quiet', '静', '静默社', null, 'gov-portal', '{}', true)"
        )
        await connection.execute(
            "INSERT INTO tonggao.run (source_id, kind, state, worker, finished_at, fetched, failed, reasons)"
            " VALUES ('gov', 'manual', 'done', 'test', now(), 9, 1, '{\"timeout\": 1}')"
        )
    await sync_regions(pool)
    archive = Archive(pool)
    hour = dt.timedelta(hours=1)
    document = Document(
        number="青政发〔2024〕3号", issuer="青川市人民政府", written_on=dt.date(2024, 1, 5)
    )
    file = Attachment("https://gov.example/a.pdf", "附件")
    await archive.store_many(
        [
            _page("gov", 1, document=document, attachments=(file,)),
            _page("daily", 1, hour, paragraphs=("本报讯" + STORY[0], *STORY[1:])),
            _page(
                "gov",
                1,
                2 * hour,
                document=document,
                attachments=(file,),
                paragraphs=(*STORY, "（完）"),
            ),
            _page("gov", 2, 3 * hour, paragraphs=tuple(p.replace("4.3", "5.6") for p in STORY)),
            _page(
                "gov",
                3,
                3 * hour,
                paragraphs=(
                    "柳河乡清淤工程全线完工，惠及两岸农田三千余亩，村民自发送来锦旗表示感谢。" * 2,
                ),
            ),
        ]
    )
    await archive.withdraw("https://gov.example/3", now(), "gone (404)")
    return pool


GIVEN = {
    "history": {"publication": "1"},
    "word_trend": {"words": "智能制造"},
    "word_by_source": {"words": "智能制造"},
    "first_mention": {"words": "工厂"},
    "similar": {"release": "1"},
}


def test_there_are_enough_queries_and_each_is_explained():
    queries = named_queries()
    assert len(queries) >= 15
    for query in queries.values():
        assert query.explanation.endswith(".") or query.explanation.endswith(").")
        assert all(parameter.meaning for parameter in query.parameters)


async def test_each_query_finds_what_is_there(filled):
    empty = []
    for name, query in named_queries().items():
        result = await run_query(filled, query, GIVEN.get(name, {}))
        if not (result.columns and result.rows):
            empty.append(name)
    assert empty == [], "found nothing on an archive that has something for them"


async def test_queries_say_what_they_should(filled):
    async def rows(name, **given):
        return (await run_query(filled, find_query(name), given)).rows

    assert [row[4] for row in await rows("most_copied")] == [1]
    assert await rows("who_copies_whom") == (("青川市人民政府", "东山日报社", 1),)
    [(_, number, _, _, added, removed, _)] = await rows("revised")
    assert (number, added, removed) == (2, ["（完）"], [])
    assert [row[0] for row in await rows("silent_sources")] == ["quiet"]
    assert sum(row[1] for row in await rows("word_trend", words="智能制造 -清淤")) == 2
    assert {row[0] for row in await rows("authors")} == {"王小山", "李明"}
    assert [row[0] for row in await rows("similar", release="1")] == ["similar"]
    assert await rows("failures_by_reason") == (("timeout", 1, 1),)
    codes = {row[0]: row[3] for row in await rows("releases_by_region", level="province")}
    assert codes["120000"] == 3
    assert codes["110000"] == 0


async def test_the_reader_may_run_every_query(filled):
    async with filled.connection() as connection:
        await connection.execute("GRANT tonggao_reader TO CURRENT_USER")
        await connection.execute("SET ROLE tonggao_reader")
        for name, query in named_queries().items():
            values = query.values(GIVEN.get(name, {}))
            from scraper.archive.querying.queries import _typed

            await connection.execute(_typed(query).encode(), values)
        await connection.execute("RESET ROLE")


async def test_wrong_parameters_are_named(filled):
    with pytest.raises(UsageError, match=r"needs --param words=…"):
        await run_query(filled, find_query("word_trend"), {})
    with pytest.raises(UsageError, match="no parameter 'day'; it has: days"):
        await run_query(filled, find_query("releases_by_day"), {"day": "3"})
    with pytest.raises(UsageError, match="invalid input syntax"):
        await run_query(filled, find_query("releases_by_day"), {"days": "viele"})
    with pytest.raises(UsageError, match="near: latest"):
        find_query("lates")


def test_a_head_is_read():
    query = read_query("x", "-- Does it.\n-- :n integer 3 how many\nSELECT %(n)s;\n")
    assert (query.explanation, query.parameters[0].default, query.sql) == (
        "Does it.",
        "3",
        "SELECT %(n)s;",
    )


async def test_rows_go_out_in_every_format(filled, tmp_path):
    result = await run_query(filled, find_query("revised"), {})
    text = io.StringIO()
    assert write_jsonl(text, result.columns, result.rows) == 1
    assert json.loads(text.getvalue())["added"] == ["（完）"]
    text = io.StringIO()
    write_csv(text, result.columns, result.rows)
    assert '"[""（完）""]"' in text.getvalue()
    parquet = pytest.importorskip("pyarrow.parquet")
    for name in ("revised", "copy_delay", "similar", "latest"):
        result = await run_query(filled, find_query(name), GIVEN.get(name, {}))
        write_parquet(tmp_path / f"{name}.parquet", result.columns, result.rows)
        assert parquet.read_table(tmp_path / f"{name}.parquet").num_rows == len(result.rows)
