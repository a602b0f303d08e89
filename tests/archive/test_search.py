"""Search finds every release that holds the words, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import errors

from scraper.archive import sync_regions
from scraper.archive.querying.finding import Search, facets, find
from scraper.errors import UsageError
from scraper.regions.naming import name_of
from scraper.sources.definition import Kind

from .conftest import MORNING, STORY

OTHERS = (
    (
        "柳河乡清淤工程完工",
        "两岸农田三千余亩受益，村民送来锦旗，GDP核算显示全乡经济稳中向好，干群关系更加和谐融洽。",
    ),
    (
        "东山区召开大会",
        "东山区今日召开大会，部署安全生产工作，要求各街道、各部门压实责任，排查隐患，守住底线。",
    ),
    (
        "龘字入选年度汉字",
        "评选活动由市图书馆发起，龘、𠮷等生僻字引起热议，专家认为汉字文化值得进一步推广和传承。",
    ),
)


@pytest.fixture
async def filled(archive, observe):
    pages = [observe()]
    pages += [
        observe(
            f"https://dongshan.example/{n}",
            source_id="dongshan.daily",
            title=title,
            paragraphs=(text,),
            region=("120111",) if n == 1 else ("310000",),
            published_at=MORNING.replace(day=17 + n),
        )
        for n, (title, text) in enumerate(OTHERS)
    ]
    await archive.store_many(pages)
    return archive


async def _titles(rows, query, **options):
    named = "".join(f", {name} => %s" for name in options)
    found = await rows(f"SELECT title FROM archive.search(%s{named})", query, *options.values())
    return [title for (title,) in found]


FIRST, CLEARING, MEETING, RARE = "青川市举行智能制造专场新闻发布会", *(title for title, _ in OTHERS)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("制造", {FIRST}),
        ("龘", {RARE}),
        ("𠮷", {RARE}),
        ("会", {FIRST, MEETING}),
        ("gdp", {CLEARING}),
        ("大会 部署", {MEETING}),
        ("大会 制造", set()),
        ("大会 OR 制造", {MEETING, FIRST}),
        ("大会|清淤|龘", {MEETING, CLEARING, RARE}),
        ("东山区 -大会", set()),
        ("市 NOT 图书馆", {FIRST}),
        ("“压实责任，排查隐患”", {MEETING}),
        ('"排查隐患，压实责任"', set()),
        ("-会", {CLEARING, RARE}),
        ("", {FIRST, CLEARING, MEETING, RARE}),
        ("100%_'\\", set()),
    ],
)
async def test_queries(filled, rows, query, expected):
    assert set(await _titles(rows, query)) == expected
    assert set(await _titles(rows, query, sort="rank")) == expected
    matches = await rows("SELECT count(*) FROM archive.matches(%s)", query)
    assert matches == [(len(expected),)]


async def test_filters_and_order(filled, rows):
    assert await _titles(rows, "市|区|乡") == [RARE, MEETING, CLEARING, FIRST]
    assert await _titles(rows, "市|区|乡", source="qingchuan.gov") == [FIRST]
    assert await _titles(rows, "市|区|乡", since="2024-11-18", until="2024-11-18") == [MEETING]
    assert MEETING in await _titles(rows, "区", region="120000")
    assert await _titles(rows, "市|区|乡", count=1, skip=1) == [MEETING]


async def test_a_headline_ranks_above_a_text(archive, observe, rows):
    await archive.store(observe(title="其他", paragraphs=(*STORY, "柳河乡柳河乡")))
    await archive.store(
        observe(
            "https://qingchuan.example/b",
            title="柳河乡清淤",
            paragraphs=(OTHERS[0][1] * 2,),
            published_at=MORNING.replace(day=1),
        )
    )
    assert await _titles(rows, "柳河乡") == ["其他", "柳河乡清淤"]
    assert await _titles(rows, "柳河乡", sort="rank") == ["柳河乡清淤", "其他"]


async def test_the_snippet_marks_the_words(filled, rows):
    [(snippet,)] = await rows("SELECT snippet FROM archive.search('专项资金 新能源')")
    assert "⟦专项资金⟧" in snippet
    assert snippet.startswith("…")


async def test_a_story_is_found_once_and_by_any_of_its_copies(archive, observe, rows):
    first = await archive.store(observe())
    await archive.store(
        observe(
            "https://national.example/1",
            source_id="national.net",
            paragraphs=(*STORY, "尾声另有花絮。"),
            published_at=MORNING.replace(hour=12),
        )
    )
    found = await rows("SELECT release_id, copies, found_in FROM archive.search('花絮')")
    assert [row[:2] for row in found] == [(first.release_id, 1)]
    assert found[0][2] != first.publication_id
    assert len(await rows("SELECT FROM archive.search('制造')")) == 1


@pytest.fixture
async def copied(archive, observe):
    """A story of 2024-11-16 with a copy a week later that tells more, and another story between."""
    first = await archive.store(observe())
    copy = await archive.store(
        observe(
            "https://national.example/1",
            source_id="national.net",
            title="转载：青川智能制造",
            paragraphs=(*STORY, "尾声另有花絮。"),
            published_at=MORNING.replace(day=23),
        )
    )
    between = await archive.store(
        observe(
            "https://dongshan.example/1",
            source_id="dongshan.daily",
            title="东山智能制造观察",
            paragraphs=(OTHERS[0][1],),
            published_at=MORNING.replace(day=20),
        )
    )
    assert first.release_id == copy.release_id != between.release_id
    return first, copy, between


async def test_results_have_the_date_that_they_are_filtered_and_sorted_by(copied, rows):
    first, copy, between = copied
    shown = "SELECT publication_id, url, title, dated_at::date, release_url, release_dated_at::date"

    async def search(query, **options):
        named = "".join(f", {name} => %s" for name in options)
        return await rows(f"{shown} FROM archive.search(%s{named})", query, *options.values())

    days = {
        name: MORNING.replace(day=day).date()
        for name, day in (("first", 16), ("copy", 23), ("between", 20))
    }
    original, canonical = "https://qingchuan.example/a1.html", (first.publication_id, FIRST)
    own = (canonical[0], original, FIRST, days["first"], original, days["first"])
    of_copy = (
        copy.publication_id,
        "https://national.example/1",
        "转载：青川智能制造",
        days["copy"],
        original,
        days["first"],
    )
    other = (
        between.publication_id,
        "https://dongshan.example/1",
        "东山智能制造观察",
        days["between"],
        "https://dongshan.example/1",
        days["between"],
    )
    for sort in ("newest", "rank"):
        assert set(await search("智能制造", sort=sort)) == {other, own}
        assert await search("花絮", sort=sort) == [of_copy]
        assert await search("智能制造", sort=sort, source="national.net") == [of_copy]
        since = await search("智能制造", sort=sort, since="2024-11-18")
        assert set(since) == {of_copy, other}
    assert await search("智能制造") == [other, own]
    assert await search("智能制造", count=6000) == [other, own]
    assert await search("智能制造", since="2024-11-18") == [of_copy, other]
    assert await search("智能制造", since="2024-11-18", count=None) == [of_copy, other]
    assert await search("智能制造", since="2024-11-18", count=1, skip=1) == [other]


async def test_counts_are_by_the_date_that_is_shown(copied, rows):
    for options in (
        "",
        ", since => '2024-11-18'",
        ", source => 'national.net'",
        ", kind => 'gov-portal'",
    ):
        found = await rows(
            f"SELECT release_id, publication_id, dated_at FROM archive.search('智能制造'{options})"
        )
        counted = await rows(
            f"SELECT release_id, publication_id, dated_at FROM archive.matches('智能制造'{options})"
        )
        assert sorted(found) == sorted(counted)
        assert found
    assert await rows("SELECT FROM archive.search('智能制造', kind => 'news')") == []


async def test_a_replaced_text_is_no_longer_found(archive, observe, rows):
    await archive.store(observe())
    await archive.store(observe(paragraphs=STORY[:2], fetched_at=MORNING.replace(hour=13)))
    assert await _titles(rows, "张磊") == []


async def test_both_ways_to_the_newest_agree(archive, observe, rows, pool):
    """The statement that walks back from the newest and the one that asks the index first."""
    pages = [
        observe(
            f"https://qingchuan.example/w{n}",
            title=f"第{n}期",
            published_at=MORNING.replace(minute=n % 60, hour=n // 60),
            paragraphs=("常见字样" + chr(0x4E00 + n) * 30 + chr(0x5E00 + n) * 30,),
        )
        for n in range(150)
    ]
    await archive.store_many(pages)
    async with pool.connection() as connection:
        await connection.execute("ANALYZE tonggao.revision")
    asked = "tonggao.asked('常见', false)"
    [(walk,)] = await rows(f"SELECT tonggao.hits({asked}, 'true', 1)")
    [(index,)] = await rows(f"SELECT tonggao.hits({asked}, 'true', 100000)")
    assert "tokens" not in walk
    assert "tokens" in index
    both = [await rows(f"SELECT * FROM ({statement}) AS c") for statement in (walk, index)]
    assert both[0] == both[1]
    assert len(both[0]) == 150
    assert len(await rows("SELECT FROM archive.search('常见', count => 120)")) == 120


WORDS = {
    "甲乙": lambda n: n % 3 == 0,
    "丙丁": lambda n: n % 40 == 0,
    "戊己": lambda n: n in {5, 7},
    "壬癸": lambda n: n > 1060,
    "庚辛": lambda n: False,
}
"""A word, and in which of 1100 texts it stands, the oldest being 0."""
UNDISTURBED = """
DO $$ DECLARE part regclass; BEGIN
    FOR part IN SELECT relid FROM pg_partition_tree('tonggao.revision') WHERE isleaf LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', part);
    END LOOP;
END $$
"""
"""Autovacuum would learn of the words whenever it likes."""


async def test_asked_in_windows_the_newest_hits_are_the_same(archive, observe, rows, pool):
    """Of words that the index must find, rare or common, old or new, page by page."""
    pages = [
        observe(
            f"https://qingchuan.example/x{n}",
            title=f"第{n}号",
            published_at=MORNING + dt.timedelta(minutes=n),
            paragraphs=("".join(word for word, stands in WORDS.items() if stands(n)) + f"完{n}。",),
        )
        for n in range(1100)
    ]
    await archive.store_many(pages[:1])  # makes the month's table
    async with pool.connection() as connection:
        await connection.execute(UNDISTURBED)
    await archive.store_many(pages[1:])
    async with pool.connection() as connection:
        await connection.set_autocommit(True)
        await connection.execute("VACUUM tonggao.revision")  # counts rows, and learns of no word
        await connection.set_autocommit(False)
    [(bounded,)] = await rows("SELECT starts > '-infinity' FROM tonggao.newest_window('true', 100)")
    assert bounded
    for word, stands in WORDS.items():
        expected = [f"第{n}号" for n in reversed(range(1100)) if stands(n)]
        [(often,)] = await rows("SELECT tonggao.stands_often(tonggao.asked(%s, false), 1)", word)
        assert not often
        for skip in (0, 1, 10):
            assert await _titles(rows, word, count=1, skip=skip) == expected[skip : skip + 1]
        assert await _titles(rows, word, count=1100) == expected
    assert await _titles(rows, "甲乙", until=MORNING.date(), source="qingchuan.gov", count=1)
    assert await _titles(rows, "甲乙", source="dongshan.daily", count=1) == []


async def test_an_unknown_order_is_refused(filled, rows):
    with pytest.raises(Exception, match="sort is newest or rank, not best"):
        await rows("SELECT archive.search('市', sort => 'best')")


TEXT = " ".join((*STORY, *(part for pair in OTHERS for part in pair)))
FORMS = {
    "制": "製",
    "会": "會",
    "市": "\u5e02\u200b",
    "区": "區\u00ad",
    "一": "⼀",
    "G": "Ｇ",
    "，": ",",
}
"""Other forms of signs in the texts."""


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    start=st.integers(0, len(TEXT) - 1),
    length=st.integers(1, 12),
    extra=st.text("市区会會㎡，0%_\\'ab", max_size=2),
    other=st.booleans(),
)
async def test_recall_is_that_of_like_over_the_folded_text(
    filled, rows, start, length, extra, other
):
    word = (
        TEXT[start : start + length].replace("“", "").replace("”", "").replace("|", "").strip(" -")
        + extra
    )
    if other:
        word = "".join(FORMS.get(sign, sign) for sign in word)
    if not word.strip() or '"' in word:
        return
    [(plain,)] = await rows("SELECT archive.fold(%s)", word)
    pattern = "%" + plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    expected = await rows(
        "SELECT release_id FROM archive.releases"
        " WHERE archive.fold(title || E'\\n' || body) LIKE %s",
        pattern,
    )
    asked = f'"{word}"'
    found = await rows("SELECT release_id FROM archive.search(%s, count => NULL)", asked)
    assert sorted(found) == sorted(expected)
    assert sorted(await rows("SELECT release_id FROM archive.search(%s)", asked)) == sorted(
        expected
    )
    assert sorted(await rows("SELECT release_id FROM archive.matches(%s)", asked)) == sorted(
        expected
    )


@pytest.mark.parametrize("sort", ["newest", "rank"])
@pytest.mark.parametrize(
    ("count", "skip", "hits"),
    [
        (None, 0, 4),
        (None, None, 4),
        (None, 3, 1),
        (2, None, 2),
        (0, 0, 0),
        (-5, -5, 0),
        (2, -5, 2),
        (2**31 - 1, 0, 4),
        (2**31 - 1, 2**31 - 1, 0),
        (10, 2**31 - 1, 0),
        (None, 2**31 - 1, 0),
        (6000, 1, 3),
    ],
)
async def test_whatever_count_and_skip_the_answer_is_sane(filled, rows, sort, count, skip, hits):
    ask = "SELECT count(*) FROM archive.search('', sort => %s, count => %s::integer, skip => %s::integer)"
    assert await rows(ask, sort, count, skip) == [(hits,)]


async def test_a_query_has_a_bounded_length(filled, rows, pool):
    assert await rows("SELECT count(*) FROM archive.search(NULL)") == [(4,)]
    assert await rows("SELECT count(*) FROM archive.search(%s)", "龘 " * 500) == [(1,)]
    for function in ("search", "matches"):
        with pytest.raises(errors.InvalidParameterValue, match="at most 1000 characters, not 1001"):
            await rows(f"SELECT * FROM archive.{function}(%s)", "龘" * 1001)
    with pytest.raises(UsageError, match="at most 1000 characters"):
        await find(pool, Search("龘" * 1001))


async def test_codes_have_names_in_facets(archive, observe, rows, pool):
    await sync_regions(pool)
    kinds = await rows("SELECT k, tonggao.kind_name(k) FROM unnest(%s::text[]) AS k", [*Kind])
    assert all(name not in (kind, None) for kind, name in kinds)
    groups = ("120100", "310200", "429000", "120101", "130101", "999999")
    named = await rows("SELECT c, tonggao.division_name(c) FROM unnest(%s::text[]) AS c", [*groups])
    assert dict(named) == {code: name_of(code) for code in groups}
    await archive.store(observe(region=("120100",)))
    found = await rows(
        "SELECT code, name, parent FROM archive.search_facets('') WHERE facet = 'region' ORDER BY 1"
    )
    assert ("120100", "市辖区", "120000") in found


async def test_facets_that_take_too_long_are_refused_in_words(filled, pool):
    with pytest.raises(UsageError, match=r"takes longer than 0\.001 s; ask for fewer"):
        await facets(pool, Search("青川"), 1)
