"""Observations become publications, revisions, snapshots and releases, each exactly once."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from scraper.archive import Archive
from scraper.archive.writing.indexing import PORTION, SearchIndexing
from scraper.clock import SHANGHAI
from scraper.errors import DocumentRefused, UnknownSource

from .conftest import MORNING, STORY

HOUR = dt.timedelta(hours=1)
HEAVENLY = "甲乙丙丁戊己庚辛壬癸子丑"
WAITING = (
    "SELECT sum(gin_clean_pending_list(indexrelid)) FROM pg_stat_user_indexes JOIN pg_class c"
    " ON c.oid = indexrelid WHERE c.relam = (SELECT oid FROM pg_am WHERE amname = 'gin')"
)
"""Pages of the search index's list of new entries that were taken in just now."""


async def test_a_new_page_begins_a_release(archive, observe, rows):
    stored = await archive.store(observe())
    assert stored.change == "new"
    assert await rows("SELECT title, copies, paragraphs FROM archive.releases") == [
        ("青川市举行智能制造专场新闻发布会", 0, list(STORY))
    ]


async def test_the_same_page_again_changes_nothing_but_the_last_sight(archive, observe, rows):
    first = await archive.store(observe())
    again = await archive.store(observe(fetched_at=MORNING + HOUR))
    assert again == replace(first, change="unchanged")
    assert await rows("SELECT last_seen_at FROM archive.publications") == [(MORNING + HOUR,)]
    assert await rows("SELECT count(*) FROM tonggao.snapshot") == [(1,)]
    assert await rows("SELECT count(*) FROM tonggao.change") == [(1,)]


async def test_an_edited_page_gets_a_revision_and_keeps_the_old_one(archive, observe, rows):
    await archive.store(observe())
    edited = (*STORY[:3], "发布会由市政府新闻办副主任李明主持。")
    stored = await archive.store(observe(paragraphs=edited, fetched_at=MORNING + HOUR))
    assert stored.change == "revision"
    revisions = await rows(
        "SELECT number, in_force, added, removed FROM archive.revisions ORDER BY number"
    )
    assert revisions == [(1, False, None, None), (2, True, [edited[3]], [STORY[3]])]


async def test_punctuation_and_script_do_not_make_another_text(archive, observe, rows):
    first = await archive.store(observe())
    traditional = tuple(
        p.replace("，", ",").replace("新闻发布会", "新聞發布會").replace("发展", "發展")
        for p in STORY
    )
    copy = await archive.store(
        observe("https://dongshan.example/1", source_id="dongshan.daily", paragraphs=traditional)
    )
    assert (copy.change, copy.release_id) == ("copy", first.release_id)
    assert await rows("SELECT joined_by, joined_to FROM archive.copies WHERE NOT canonical") == [
        ("digest", first.publication_id)
    ]


async def test_a_cut_and_prefixed_copy_is_folded_by_its_text(archive, observe, rows):
    first = await archive.store(observe())
    cut = ("本报讯（记者 王小山）" + STORY[0], *STORY[1:3])
    copy = await archive.store(
        observe(
            "https://dongshan.example/2",
            source_id="dongshan.daily",
            paragraphs=cut,
            title="青川发布智能制造成绩单",
        )
    )
    assert (copy.change, copy.release_id) == ("copy", first.release_id)
    [(how, evidence)] = await rows(
        "SELECT joined_by, evidence FROM archive.copies WHERE NOT canonical"
    )
    assert how == "near"
    assert evidence["cover"] > 0.5


async def test_changed_figures_are_another_release(archive, observe, rows):
    first = await archive.store(observe())
    series = tuple(p.replace("4.3", "5.1").replace("12家", "15家") for p in STORY)
    other = await archive.store(observe("https://qingchuan.example/a2.html", paragraphs=series))
    assert other.change == "new"
    assert await rows("SELECT release_id, other_id, kind FROM tonggao.link") == [
        (other.release_id, first.release_id, "similar")
    ]


async def test_the_canonical_choice_moves_to_an_earlier_copy(archive, observe, rows):
    late = await archive.store(
        observe("https://national.example/9", source_id="national.net", published_at=MORNING + HOUR)
    )
    early = await archive.store(observe())
    assert early.release_id == late.release_id
    assert await rows("SELECT publication_id, dated_at FROM archive.releases") == [
        (early.publication_id, MORNING)
    ]
    kinds = [kind for (kind,) in await rows("SELECT kind FROM archive.changes_since()")]
    assert sorted(kinds) == ["canonical", "copy", "new"]


async def test_at_the_same_minute_the_named_source_is_canonical(archive, observe, rows):
    await archive.store(
        observe("https://national.example/9", source_id="national.net", source="青川市人民政府")
    )
    own = await archive.store(observe(source="青川市人民政府"))
    assert await rows("SELECT publication_id FROM archive.releases") == [(own.publication_id,)]


async def test_a_day_without_time_does_not_come_before_a_time_of_that_day(archive, observe, rows):
    day = MORNING.replace(hour=0)
    await archive.store(
        observe(
            "https://national.example/9",
            source_id="national.net",
            published_at=day,
            published_precision="day",
        )
    )
    exact = await archive.store(observe())
    assert await rows("SELECT publication_id FROM archive.releases") == [(exact.publication_id,)]


async def test_texts_of_a_line_are_no_copies_of_each_other(archive, observe):
    changes = [
        (
            await archive.store(
                observe(f"https://qingchuan.example/{n}", paragraphs=("详见附件。",), title="公告")
            )
        ).change
        for n in range(3)
    ]
    assert changes == ["new", "new", "new"]


async def test_a_late_report_of_an_earlier_text_is_history_not_news(archive, observe, rows):
    await archive.store(observe(fetched_at=MORNING + 2 * HOUR))
    older = await archive.store(observe(paragraphs=STORY[:2], fetched_at=MORNING))
    assert older.change == "revision"
    assert await rows("SELECT valid_from, in_force FROM archive.revisions ORDER BY valid_from") == [
        (MORNING, False),
        (MORNING + 2 * HOUR, True),
    ]
    again = await archive.store(observe(paragraphs=STORY[:2], fetched_at=MORNING))
    assert again.change == "unchanged"


async def test_withdrawn_and_restored(archive, observe, rows):
    stored = await archive.store(observe())
    url = "https://qingchuan.example/a1.html"
    assert await archive.withdraw(url, MORNING + HOUR, "gone (404)")
    assert not await archive.withdraw(url, MORNING + 2 * HOUR, "gone (404)")
    assert await rows("SELECT withdrawn_at, body <> '' FROM archive.publications") == [
        (MORNING + HOUR, True)
    ]
    assert await archive.seen(url, MORNING + 3 * HOUR)
    assert await rows("SELECT withdrawn_at FROM archive.publications") == [(None,)]
    assert [kind for (kind,) in await rows("SELECT kind FROM archive.changes_since()")] == [
        "new",
        "withdrawn",
        "restored",
    ]
    assert stored.change == "new"


async def test_pages_that_are_seen_at_the_same_time(archive, observe, rows):
    await archive.store(observe())
    url, other = "https://qingchuan.example/a1.html", "https://qingchuan.example/a2.html"
    await archive.store(observe(other, paragraphs=(HEAVENLY,)))
    await archive.withdraw(other, MORNING + HOUR, "gone (404)")
    looks = [(url, 5), (other, 3), (url, 4), ("https://qingchuan.example/never", 3)]
    told = await asyncio.gather(*(archive.seen(page, MORNING + n * HOUR) for page, n in looks))
    assert told == [True, True, True, False]
    assert await rows(
        "SELECT last_seen_at, withdrawn_at FROM archive.publications ORDER BY url"
    ) == [
        (MORNING + 5 * HOUR, None),
        (MORNING + 3 * HOUR, None),
    ]


async def test_known_gives_the_validators(archive, observe):
    await archive.store(observe(etag='"a"'))
    known = await archive.known(["https://qingchuan.example/a1.html", "https://nowhere.example/"])
    assert {url: row.etag for url, row in known.items()} == {
        "https://qingchuan.example/a1.html": '"a"'
    }


async def test_an_unregistered_source_is_refused_by_name(archive, observe):
    with pytest.raises(UnknownSource, match="'nobody' is not registered"):
        await archive.store(observe(source_id="nobody"))


async def test_snapshots_come_back_byte_for_byte(archive, observe):
    pages = [("<html>" + "导航栏" * 2000 + f"第{n}页</html>").encode() for n in range(3)]
    observations = [
        observe(f"https://qingchuan.example/{n}", body=page, paragraphs=(STORY[n] * 3,))
        for n, page in enumerate(pages)
    ]
    await archive.store_many(observations)
    assert [await archive.snapshots.read(o.body_digest) for o in observations] == pages
    fresh = Archive(archive._pool)
    assert [await fresh.snapshots.read(o.body_digest) for o in observations] == pages


async def test_a_batch_does_what_one_by_one_does(archive, observe, rows):
    batch = [
        observe(f"https://dongshan.example/{n}", source_id="dongshan.daily") for n in range(12)
    ]
    batch += [
        observe(
            "https://dongshan.example/3",
            source_id="dongshan.daily",
            paragraphs=STORY[:3],
            fetched_at=MORNING + HOUR,
        )
    ]
    changes = [stored.change for stored in await archive.store_many(batch)]
    assert changes == ["new", *["copy"] * 11, "revision"]
    assert await rows("SELECT count(*) FROM archive.releases") == [(1,)]


async def test_what_explains_a_difference_is_found_in_the_group_before_too(archive, observe):
    """Another parser's reading of a text without its page, right behind the first in one file."""
    by_another = observe(body=None, editor="尹媛", parser_version="2", fetched_at=MORNING + HOUR)
    stored = await archive.store_many([observe(body=None), by_another])
    assert [each.change for each in stored] == ["new", "unchanged"]


async def test_what_was_made_ready_ahead_is_stored_and_refused_as_what_was_not(archive, observe):
    bad = observe("https://qingchuan.example/a2.html", title="第\ud800期")
    ready = await archive.ready([observe(), bad, observe(fetched_at=MORNING + HOUR)])
    first, refused, again = await archive.store_sound(ready)
    await archive.settle()
    assert (first.change, again.change) == ("new", "unchanged")
    assert isinstance(refused, DocumentRefused)


async def test_the_search_index_takes_in_a_portion_beside_the_writing(archive, observe, pool, rows):
    indexing = SearchIndexing(pool)
    await archive.store(observe())
    indexing.written([1, PORTION - 1])
    await indexing.settle()
    [(left,)] = await rows(WAITING)
    await archive.store(observe("https://qingchuan.example/2", paragraphs=(HEAVENLY,)))
    indexing.written([PORTION])
    await indexing.settle()
    assert left > 0
    assert await rows(WAITING) == [(0,)]
    assert len(await rows("SELECT FROM archive.search('丙丁')")) == 1


async def test_counts_do_not_wait_for_the_search_index(archive, observe, pool, rows, monkeypatch):
    gate = asyncio.Event()
    monkeypatch.setattr(SearchIndexing, "_index", lambda _: gate.wait())
    indexing = SearchIndexing(pool)
    await archive.store(observe())
    indexing.written([1, PORTION])
    _, counting = indexing._works
    await counting.settle()
    assert await rows("SELECT FROM tonggao.uncounted") == []
    gate.set()
    await indexing.settle()


async def test_a_portion_ends_whichever_process_writes_its_last_text(archive, observe, pool, rows):
    await archive.store(observe())
    before, after = SearchIndexing(pool), SearchIndexing(pool)
    before.written([PORTION - 2, PORTION - 1])
    after.written([PORTION, PORTION + 1])
    await asyncio.gather(before.settle(), after.settle())
    assert await rows(WAITING) == [(0,)]


async def test_what_comes_at_the_same_time_is_written_together(archive, observe, rows):
    def story(n: int):
        text = tuple(f"{HEAVENLY[n]}{part}" for part in STORY)
        return observe(f"https://qingchuan.example/{n}", title=f"青川第{n}次发布", paragraphs=text)

    await asyncio.gather(*(archive.store(story(n)) for n in range(10)))
    [(stored, transactions)] = await rows(
        "SELECT count(*), count(DISTINCT xmin::text) FROM tonggao.revision"
    )
    assert stored == 10
    assert transactions <= 3


async def test_what_is_refused_of_those_at_the_same_time_is_refused_alone(archive, observe, rows):
    good = [observe(f"https://qingchuan.example/{n}") for n in range(6)]
    bad = [
        observe("https://qingchuan.example/nul", headers=(("etag", "\x00"),), body=b"<p>"),
        observe(source_id="nobody"),
    ]
    told = await asyncio.gather(
        *map(archive.store, [*good[:3], *bad, *good[3:]]), return_exceptions=True
    )
    assert [type(each).__name__ for each in told[3:5]] == [
        "UntranslatableCharacter",
        "UnknownSource",
    ]
    assert {each.change for each in [*told[:3], *told[5:]]} == {"new", "copy"}
    assert await rows("SELECT count(*) FROM tonggao.publication") == [(6,)]


async def test_many_writers_of_one_story_make_one_release(archive, observe, rows):
    def variant(n: int):
        return observe(
            f"https://national.example/{n}",
            source_id="national.net",
            paragraphs=(f"通讯员 王小{HEAVENLY[n]}", *STORY),
        )

    writers = [archive, *(Archive(archive._pool) for _ in range(5))]
    await asyncio.gather(*(writers[n % 6].store(variant(n % 12)) for n in range(36)))
    assert await rows("SELECT count(*), count(DISTINCT release_id) FROM tonggao.publication") == [
        (12, 1)
    ]
    assert await rows("SELECT count(*) FROM tonggao.revision") == [(12,)]
    assert await rows(
        "SELECT kind, count(*) FROM tonggao.change WHERE kind <> 'canonical' GROUP BY 1 ORDER BY 1"
    ) == [("copy", 11), ("new", 1)]


async def test_the_day_of_an_undated_article_stays(archive, observe, rows):
    """Twenty-one looks with a new text each: the date is that of the row, and the article grows old."""
    listed = MORNING.date() - dt.timedelta(days=1)
    for look in range(21):
        at = MORNING + look * dt.timedelta(days=1)
        text = (*STORY, f"截至第{look}日，热线共接到来电{look * 7}个。")
        await archive.store(
            observe(
                paragraphs=text,
                published_at=None,
                published_precision=None,
                fetched_at=at,
                listed_on=listed,
            )
        )
    midnight = dt.datetime.combine(listed, dt.time(), SHANGHAI)
    assert await rows("SELECT dated_at, listed_on FROM archive.publications") == [
        (midnight, listed)
    ]
    assert await rows("SELECT DISTINCT dated_at FROM tonggao.revision") == [(midnight,)]
    assert await rows("SELECT dated_at FROM archive.releases") == [(midnight,)]
    assert await rows("SELECT count(*), min(brought_by) FROM archive.revisions") == [(21, "visit")]
    stated = observe(fetched_at=MORNING + dt.timedelta(days=30))
    await archive.store(stated)
    assert await rows("SELECT dated_at FROM archive.publications") == [(MORNING,)]


async def test_without_a_day_the_first_sight_stays(archive, observe, rows):
    none = {"published_at": None, "published_precision": None}
    await archive.store(observe(**none))
    late = MORNING + dt.timedelta(days=3)
    future = MORNING.date() + dt.timedelta(days=9)
    await archive.store(observe(**none, paragraphs=STORY[:3], fetched_at=late, listed_on=future))
    assert await rows("SELECT dated_at FROM archive.publications") == [(MORNING,)]
    other = "https://qingchuan.example/a2.html"
    await archive.store(
        observe(other, **none, title="另一篇", paragraphs=(STORY[2] * 2,), listed_on=future)
    )
    assert await rows("SELECT dated_at FROM archive.publications WHERE url = %s", other) == [
        (MORNING,)
    ]


async def test_looks_that_find_another_text_are_counted(archive, observe, rows):
    async def look(day, text):
        await archive.store(
            observe(paragraphs=(*STORY, text), fetched_at=MORNING + dt.timedelta(days=day))
        )
        return (await rows("SELECT changed_looks FROM tonggao.publication"))[0][0]

    assert [await look(day, f"第{day}版。") for day in range(4)] == [0, 1, 2, 3]
    assert await look(4, "第3版。") == 0
    assert await look(5, "第5版。") == 1
    await archive.seen("https://qingchuan.example/a1.html", MORNING + dt.timedelta(days=6))
    assert await rows("SELECT changed_looks FROM tonggao.publication") == [(0,)]
