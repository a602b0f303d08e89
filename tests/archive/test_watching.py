"""Watches find what a search finds, each change once, whoever else writes."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.querying.changes import ChangeKind
from scraper.archive.watching import evaluation, keeping
from scraper.archive.watching.evaluation import Evaluator, Watch, _texts, watch_of
from scraper.archive.watching.events import MEANS, WatchEvent, read_wanted
from scraper.archive.watching.explanation import explain_match, matching
from scraper.archive.watching.inversion import Inversion, keys_of, pairs
from scraper.archive.watching.keeping import NewWatch
from scraper.archive.watching.matching import Asked, Condition, Filters, Text
from scraper.clock import now
from scraper.errors import UsageError
from scraper.record.release import Attachment

from .conftest import STORY

FOLDED = st.text("供热暖季节能ab1 ", max_size=24)
WORD = st.text("供热暖季ab1", min_size=1, max_size=3)
CONDITION = st.builds(Condition, st.lists(WORD, min_size=1, max_size=3).map(tuple), st.booleans())
PLACES = st.lists(st.sampled_from(("120000", "120111", "310000")), max_size=2).map(tuple)
FILTERS = st.builds(
    Filters,
    st.sampled_from((None, "a", "b")),
    st.sampled_from((None, "news", "gov-portal")),
    st.sampled_from((None, ("12%",), ("120111", "31%"))),
)
TEXT = st.builds(
    lambda content, source, kind, places: Text(content, content, source, kind, places),
    FOLDED,
    st.sampled_from(("a", "b")),
    st.sampled_from(("news", "gov-portal")),
    PLACES,
)
NO_TIME = dt.datetime.min.replace(tzinfo=dt.UTC)


def watch(number: int, conditions: tuple[Condition, ...], filters: Filters) -> Watch:
    asked = Asked(conditions, conditions)
    return Watch(number, asked, filters, read_wanted("new"), 7, 0, NO_TIME)


@given(
    st.lists(st.tuples(st.lists(CONDITION, max_size=3).map(tuple), FILTERS), max_size=12),
    st.lists(TEXT, min_size=1, max_size=5),
    st.dictionaries(WORD, st.integers(0, 9)),
)
def test_the_index_leads_to_the_watches_that_ask(asked, texts, seen):
    watches = [watch(n, conditions, filters) for n, (conditions, filters) in enumerate(asked)]
    index = Inversion(watches, Counter(seen))
    for text in texts:
        direct = {w.watch_id for w in watches if w.asked.holds(text) and w.filters.accept(text)}
        found = [w.watch_id for w in index.matching(text)]
        assert set(found) == direct
        assert len(found) == len(direct)


@given(WORD, FOLDED)
def test_a_text_with_a_word_has_its_pairs(word, text):
    assert set(keys_of(word)) <= pairs(text + word + text)


def test_the_index_looks_at_few_watches():
    chance = random.Random(7)
    signs = [chr(0x4E00 + n) for n in range(400)]
    watches = [
        watch(n, (Condition(("".join(chance.choices(signs, k=2)),)),), Filters())
        for n in range(1000)
    ]
    text = Text("".join(chance.choices(signs, k=800)), "", "a", "news")
    assert len(list(Inversion(watches).candidates(text))) < 30


def test_every_kind_of_change_has_a_meaning():
    assert MEANS.keys() == set(ChangeKind)
    assert {event for events in MEANS.values() for event in events} == set(WatchEvent)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("new", "new"),
        ("edit，new", "new,edit"),
        ("carried:5, withdrawn,RESTORED", "withdrawn,restored,carried:5"),
    ],
)
def test_events_are_read(text, shown):
    assert str(read_wanted(text)) == shown


@pytest.mark.parametrize(
    "text", ["", "news", "carried", "carried:1", "carried:9999", "carried:2,carried:3", "new;edit"]
)
def test_events_that_cannot_be_meant_are_refused(text):
    with pytest.raises(UsageError):
        read_wanted(text)


SIGNS = "供热供暖熱季节能改造ＡＢab12 \n"


def _query(chance: random.Random) -> str:
    pieces = []
    for _ in range(chance.randint(1, 3)):
        word = "".join(chance.choices("供热熱暖季节Aab１", k=chance.randint(1, 3)))
        pieces.append(chance.choice(("", "", "-", "| ")) + chance.choice((word, f'"{word}"')))
    return " ".join(pieces)


async def test_watches_and_searches_decide_alike(archive, observe, pool, rows):
    """Words, filters, forms: what a watch asks for is what ``archive.matches`` finds."""
    chance = random.Random(20261128)
    for number in range(60):
        content = tuple("".join(chance.choices(SIGNS, k=40)).split("\n"))
        source = chance.choice(("qingchuan.gov", "dongshan.daily", "national.net"))
        place = chance.choice(([], ["310000"], ["120111", "130000"]))
        await archive.store(
            observe(
                f"https://one.example/{number}",
                source_id=source,
                title="".join(chance.choices(SIGNS.strip(), k=8)),
                paragraphs=tuple(p for p in content if p.strip()) or ("供",),
                region=place,
            )
        )
    of = dict(await rows("SELECT revision_id, release_id FROM tonggao.publication"))
    async with pool.connection() as connection:
        texts = await _texts(connection, set(of))
        compared = 0
        for _ in range(150):
            new = NewWatch(
                _query(chance),
                read_wanted("new"),
                exact=chance.random() < 0.2,
                region=chance.choice((None, None, "120000", "12", "310000", "130000")),
                source=chance.choice((None, None, None, "dongshan.daily")),
                kind=chance.choice((None, None, "gov-portal", "news-site")),
            )
            try:
                asked = await keeping.read_watch(connection, new)
            except UsageError:
                continue
            index = Inversion([asked])
            found = {of[number] for number, each in texts.items() if index.matching(each.text)}
            searched = await connection.execute(
                "SELECT release_id FROM archive.matches(%s, region => %s, source => %s, kind => %s, exact => %s)",
                (new.query, new.region, new.source, new.kind, new.exact),
            )
            assert found == {row[0] for row in await searched.fetchall()}, new
            compared += bool(found)
    assert compared > 40


async def _matched(rows):
    return await rows(
        "SELECT watch_id, event, release_id FROM tonggao.watch_match ORDER BY match_id"
    )


def _new(words, on="new", **more):
    return NewWatch(words, read_wanted(on), **more)


async def test_without_a_watch_nothing_is_evaluated(archive, observe, pool, rows):
    await archive.store(observe())
    assert await Evaluator(pool).catch_up() == 0
    assert await rows("SELECT position, version FROM tonggao.watch_place") == [(0, 0)]


async def test_a_watch_starts_from_now_and_tells_each_release_once(archive, observe, pool, rows):
    before = await archive.store(observe(published_at=now()))
    made = await keeping.add(pool, _new("智能制造"), None)
    evaluator = Evaluator(pool)
    assert await evaluator.catch_up() == 0
    told = await archive.store(
        observe("https://qingchuan.example/b.html", title="智慧城市", published_at=now(),
                paragraphs=("东河区召开智能制造推进会。", "会上发布了十二项措施。"))
    )  # fmt: skip
    await archive.store(
        observe("https://qingchuan.example/c.html", title="旧闻", published_at=now() - dt.timedelta(days=8),
                paragraphs=("南山县的智能制造去年开始。", "当时有三家企业参加。"))
    )  # fmt: skip
    assert before.release_id != told.release_id
    assert await evaluator.catch_up() == 1
    assert await evaluator.catch_up() == 0
    assert await Evaluator(pool).catch_up() == 0
    assert await _matched(rows) == [(made.watch_id, "new", told.release_id)]


async def test_an_edit_is_the_publishers_and_tells_also_what_was_struck(
    archive, observe, pool, rows
):
    await archive.store(observe(published_at=now()))
    made = await keeping.add(pool, _new("二十余家媒体", "edit"), None)
    late = now() + dt.timedelta(minutes=1)
    await archive.store(observe(published_at=now(), paragraphs=STORY[:3], fetched_at=late))
    for number, brought_by in enumerate(("import", "reparse")):
        await archive.store(
            observe(
                paragraphs=(*STORY, f"第{number}版"),
                fetched_at=late + dt.timedelta(minutes=number + 1),
                brought_by=brought_by,
            )
        )
    await Evaluator(pool).catch_up()
    assert [(w, e) for w, e, _ in await _matched(rows)] == [(made.watch_id, "edit")]


async def test_carried_is_told_once_when_the_number_is_reached(archive, observe, pool, rows):
    made = await keeping.add(pool, _new("智能制造", "carried:3"), None)
    two = await keeping.add(pool, _new("智能制造", "carried:2"), None)
    evaluator = Evaluator(pool)
    for number, source in enumerate(
        ("qingchuan.gov", "dongshan.daily", "dongshan.daily", "national.net", "national.net")
    ):
        await archive.store(
            observe(f"https://{source}.example/{number}", source_id=source, published_at=now())
        )
        await evaluator.catch_up()
        reached = {w for w, _, _ in await _matched(rows)}
        wanted = {0: set(), 1: {two.watch_id}, 2: {two.watch_id}}.get(
            number, {two.watch_id, made.watch_id}
        )
        assert reached == wanted
    assert len(await _matched(rows)) == 2


async def test_a_copy_is_new_only_to_those_whom_no_other_publication_told(
    archive, observe, pool, rows
):
    everywhere = await keeping.add(pool, _new("智能制造"), None)
    national = await keeping.add(pool, _new("智能制造", source="national.net"), None)
    first = await archive.store(observe(published_at=now()))
    late = await keeping.add(pool, _new("智能制造"), None)
    await archive.store(
        observe("https://national.example/1", source_id="national.net", published_at=now())
    )
    await Evaluator(pool).catch_up()
    assert await _matched(rows) == [
        (everywhere.watch_id, "new", first.release_id),
        (national.watch_id, "new", first.release_id),
    ]
    assert late.watch_id not in {w for w, _, _ in await _matched(rows)}


async def test_of_copies_that_come_together_one_is_told(archive, observe, pool, rows):
    made = await keeping.add(pool, _new("智能制造", region="120111"), None)
    first = await archive.store(
        observe("https://national.example/1", source_id="national.net", published_at=now())
    )
    for number in range(3):
        await archive.store(
            observe(f"https://dongshan.example/{number}", source_id="dongshan.daily", published_at=now())
        )  # fmt: skip
    assert await Evaluator(pool).catch_up() == 1
    assert await _matched(rows) == [(made.watch_id, "new", first.release_id)]


async def test_withdrawn_and_restored(archive, observe, pool, rows):
    await archive.store(observe(published_at=now()))
    await keeping.add(pool, _new("智能制造", "withdrawn,restored"), None)
    url = "https://qingchuan.example/a1.html"
    await archive.withdraw(url, now(), "gone")
    await archive.seen(url, now() + dt.timedelta(seconds=1))
    await Evaluator(pool).catch_up()
    assert [event for _, event, _ in await _matched(rows)] == ["withdrawn", "restored"]


async def test_a_rolled_back_round_is_done_again_and_leaves_nothing_double(
    archive, observe, pool, rows, monkeypatch
):
    await keeping.add(pool, _new("智能制造"), None)
    await archive.store(observe(published_at=now()))
    evaluator = Evaluator(pool)
    with monkeypatch.context() as patched:

        async def killed(*_):
            await put(*_)
            raise ConnectionAbortedError

        put = evaluation.put
        patched.setattr(evaluation, "put", killed)
        with pytest.raises(ConnectionAbortedError):
            await evaluator.catch_up()
    assert await _matched(rows) == []
    assert await evaluator.catch_up() == 1


async def test_a_watch_that_is_made_meanwhile_misses_nothing(archive, observe, pool, rows):
    """A writer is open while the watch is made: its change is committed, and told, after it."""
    await archive.store(observe())
    async with pool.connection() as writer, writer.transaction():
        await writer.execute(
            "INSERT INTO tonggao.change (kind, release_id, publication_id, revision_id)"
            " SELECT 'withdrawn', release_id, publication_id, revision_id FROM tonggao.publication"
        )
        await keeping.add(pool, _new("智能制造", "withdrawn"), None)
        assert await Evaluator(pool).catch_up() == 0
    assert await Evaluator(pool).catch_up() == 1


async def test_the_past_is_told_when_asked_for(archive, observe, pool, rows):
    told = await archive.store(observe(published_at=now()))
    past = await keeping.look_back(pool, _new("智能制造"), now().date())
    assert [match.release_id for match in past.matches] == [told.release_id]
    made = await keeping.add(pool, _new("智能制造"), None, past)
    assert made.replayed == 1
    assert await Evaluator(pool).catch_up() == 0
    assert await _matched(rows) == [(made.watch_id, "new", told.release_id)]


async def test_a_past_of_more_than_is_told_at_once_is_refused(archive, observe, pool, monkeypatch):
    await archive.store(observe(published_at=now()))
    monkeypatch.setattr(keeping, "MOST_REPLAYED", 0)
    with pytest.raises(UsageError, match="choose a later day"):
        await keeping.look_back(pool, _new("智能制造"), now().date())


async def test_what_states_no_date_is_new_only_where_a_visit_found_it(archive, observe, pool, rows):
    await keeping.add(pool, _new("智能制造"), None)
    told = {}
    for brought_by in ("import", "visit"):
        told[brought_by] = await archive.store(
            observe(
                f"https://qingchuan.example/{brought_by}", published_at=None, published_precision=None,
                title=f"{brought_by}的会议", paragraphs=(f"东河区{brought_by}召开智能制造推进会。", "会上发布了措施。"),
                brought_by=brought_by, fetched_at=now(),
            )
        )  # fmt: skip
    await Evaluator(pool).catch_up()
    assert [release for _, _, release in await _matched(rows)] == [told["visit"].release_id]


async def test_pause_resume_remove(archive, observe, pool, rows):
    made = await keeping.add(pool, _new("智能制造", "new,withdrawn"), None)
    await keeping.pause(pool, made.watch_id)
    await archive.store(observe(published_at=now()))
    assert await Evaluator(pool).catch_up() == 0
    await keeping.resume(pool, made.watch_id)
    assert await Evaluator(pool).catch_up() == 0
    await archive.withdraw("https://qingchuan.example/a1.html", now(), "gone")
    assert await Evaluator(pool).catch_up() == 1
    await keeping.remove(pool, made.watch_id)
    assert await _matched(rows) == []
    for gone in (keeping.pause, keeping.resume, keeping.remove, keeping.listed):
        with pytest.raises(UsageError, match="no watch"):
            await gone(pool, made.watch_id)


async def test_words_of_a_file_are_told_when_it_was_read(archive, observe, pool, rows):
    await keeping.add(pool, _new("附件里的字"), None)
    stored = await archive.store(
        observe(
            published_at=now(), attachments=(Attachment("https://qingchuan.example/f.pdf", "附件"),)
        )
    )
    evaluator = Evaluator(pool)
    assert await evaluator.catch_up() == 0
    page, file = "https://qingchuan.example/a1.html", "https://qingchuan.example/f.pdf"
    await rows("INSERT INTO tonggao.file (digest, size) VALUES (sha256('x'), 1) RETURNING 1")
    await rows(
        "INSERT INTO tonggao.kept_file (page_url, url, kind, digest, page_digest, url_digest)"
        " VALUES (%s, %s, 'attachment', sha256('x'), tonggao.digest_of(%s), tonggao.digest_of(%s))"
        " ON CONFLICT (page_digest, url_digest) DO UPDATE SET digest = excluded.digest RETURNING 1",
        page, file, page, file,
    )  # fmt: skip
    await rows(
        "INSERT INTO tonggao.file_text (digest, recognised, state, body, reader)"
        " VALUES (sha256('x'), false, 'read', '这是附件里的字。', '1') RETURNING 1"
    )
    assert await evaluator.catch_up() == 1
    assert await evaluator.catch_up() == 0
    assert [release for _, _, release in await _matched(rows)] == [stored.release_id]


async def test_why_is_told_word_by_word(archive, observe, pool):
    stored = await archive.store(observe(published_at=now()))
    made = await keeping.add(pool, _new("智能 -疫情 新能源|光伏 暴雨", region="310000"), None)
    [verdict] = await explain_match(pool, made.watch_id, stored.release_id)
    assert not matching([verdict])
    assert [word.holds for word in verdict.words] == [True, True, True, False]
    assert verdict.words[0].stands == {"智能": "title"}
    assert verdict.words[2].stands == {"新能源": "body"}
    assert verdict.filters == {"region": False}
    assert verdict.news


@pytest.mark.parametrize("words", ["", '""', "| OR"])
async def test_a_watch_of_everything_is_refused(pool, words):
    with pytest.raises(UsageError, match="a word to look for"):
        await keeping.add(pool, _new(words), None)
    await keeping.listed(pool)


async def test_no_reading_role_sees_targets(pool):
    target = keeping.Target(
        "https://hook.example/secret-path", "https://hook.example/…", signed=True
    )
    made = await keeping.add(pool, _new("供热"), target)
    async with pool.connection() as connection:
        await connection.execute("SET ROLE tonggao_reader")
        shown = str(await (await connection.execute("SELECT * FROM archive.watches")).fetchall())
        for table in ("watch", "watch_target", "watch_match", "watch_message"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                async with connection.transaction():
                    await connection.execute(f"SELECT FROM tonggao.{table}".encode())
        await connection.execute("RESET ROLE")
    assert "https://hook.example/…" in shown
    assert not any(secret in shown for secret in ("secret-path", made.feed, str(made.secret)))


def test_a_row_is_read_as_a_watch():
    row = {
        "watch_id": 1, "asked": {"folded": [{"any": ["供热"]}], "typed": [{"any": ["供熱"]}], "exact": True},
        "places": None, "source_id": None, "kind": None, "events": ["carried"], "carried": 3,
        "days": 7, "starts_after": 0, "starts_at": NO_TIME,
    }  # fmt: skip
    assert watch_of(row).asked.deciding == (Condition(("供熱",)),)
