"""Search finds a word however it is written, and shows the text as it was written."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from scraper.archive.writing import refolding
from scraper.archive.writing.refolding import INDEXES, refold, unfolded
from scraper.clock import SHANGHAI
from tests.archive.folding_table import folded, ignorable, table

from .conftest import MORNING, STORY

TEXTS = {
    "traditional": "全港供熱工程完成，衞生署署長出席儀式，乾坤大道同日通車。",
    "wide": "ＡＩ大模型應用ＧＰＵ算力２０２４年增长５０％，机房面积３０㎡。",
    "radicals": "⼈⺠政府召开⼤会，⻓江两岸的⺠众参加。",
    "hidden": "本市供\u200b热\u00ad面积扩大，\ufeff居民反映良好，暖\u2060气片更新。",
    "plain": "供热企业、AI公司与人民群众座谈，长江日报报道，卫生部门到场。",
}
FORMS = {
    "供热": {"traditional", "hidden", "plain"},
    "供熱": {"traditional", "hidden", "plain"},
    "供\u00ad热": {"traditional", "hidden", "plain"},
    "AI": {"wide", "plain"},
    "ａｉ": {"wide", "plain"},
    "人民": {"radicals", "plain"},
    "⼈⺠": {"radicals", "plain"},
    "人⺠": {"radicals", "plain"},
    "长江": {"radicals", "plain"},
    "長江": {"radicals", "plain"},
    "卫生": {"traditional", "plain"},
    "衞生": {"traditional", "plain"},
    "暖气": {"hidden"},
    "2024年": {"wide"},
    "50%": {"wide"},
    "30m2": {"wide"},
    "m2": {"wide"},
    "扩大，居民": {"hidden"},
    "供熱 OR 長江": {"traditional", "hidden", "plain", "radicals"},
    "供熱 -衞生": {"hidden"},
    "热": {"traditional", "hidden", "plain"},
    "\u200b 暖气": {"hidden"},
}


@pytest.fixture
async def forms(archive, observe):
    pages = [
        observe(
            f"https://qingchuan.example/{name}",
            title=name,
            paragraphs=(text,),
            published_at=MORNING + dt.timedelta(hours=number),
            fetched_at=dt.datetime(2024 + number // 4, 3 * (number % 4) + 1, 15, tzinfo=SHANGHAI),
        )
        for number, (name, text) in enumerate(TEXTS.items())
    ]
    await archive.store_many(pages)
    return archive


async def _found(rows, query, **options):
    named = "".join(f", {name} => %s" for name in options)
    return {
        title
        for (title,) in await rows(
            f"SELECT title FROM archive.search(%s{named})", query, *options.values()
        )
    }


@pytest.mark.parametrize("query", FORMS)
async def test_a_word_is_found_in_any_form(forms, rows, query):
    assert await _found(rows, query) == FORMS[query]
    assert await _found(rows, query, sort="rank") == FORMS[query]
    assert await _found(rows, query, count=6000) == FORMS[query]
    assert await rows("SELECT count(*) FROM archive.matches(%s)", query) == [(len(FORMS[query]),)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("供热", {"plain"}),
        ("供熱", {"traditional"}),
        ("供熱 OR 供热", {"traditional", "plain"}),
        ("⺠众", {"radicals"}),
        ("民众", set()),
        ("ai", {"plain"}),
        ("AI -供熱", {"plain"}),
        ("ＡＩ", {"wide"}),
    ],
)
async def test_the_exact_form_by_option(forms, rows, query, expected):
    assert await _found(rows, query, exact=True) == expected
    assert await _found(rows, query, exact=True, sort="rank") == expected
    found = await rows("SELECT count(*) FROM archive.matches(%s, exact => true)", query)
    assert found == [(len(expected),)]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("暖气", "⟦暖\u2060气⟧片更新"),
        ("衞生", "，⟦卫生⟧部门到场"),
        ("卫生", "，⟦衞生⟧署署長"),
        ("m2", "３０⟦㎡⟧。"),
        ("民众", "⟦⺠众⟧参加"),
        ("居民反映", "\ufeff⟦居民反映⟧良好"),
    ],
)
async def test_snippets_show_the_text_as_written(forms, rows, query, marked):
    snippets = [text for (text,) in await rows("SELECT snippet FROM archive.search(%s)", query)]
    assert [text for text in snippets if marked in text], snippets


async def test_the_sql_folds_as_the_table_says(rows):
    """Every sign of the table, every ignorable one, and what NFKC changes."""
    pairs = table()
    signs = [
        chr(code) for code in [*range(1, 0xD800), *range(0xE000, 0x32400), *range(0xE0000, 0xE1000)]
    ]
    wanted = [
        sign
        for sign in signs
        if sign in pairs or ignorable(sign) or unicodedata.normalize("NFKC", sign) != sign
    ]
    found = await rows(
        "SELECT sign, archive.fold(sign) FROM unnest(%s::text[]) AS sign"
        " WHERE archive.fold(archive.fold(sign)) = archive.fold(sign)",
        wanted,
    )
    assert len(found) == len(wanted) > 13_000
    assert [(sign, plain) for sign, plain in found if plain != folded(sign, pairs)] == []
    mixed = "".join(wanted[::7]) + "".join(signs[0x4E00:0x9000:11])
    assert await rows("SELECT archive.fold(%s)", mixed) == [(folded(mixed, pairs),)]
    assert set(pairs.values()).isdisjoint(pairs)


async def _unbuild(pool):
    """As an archive of the version before is once the schema is brought over."""
    async with pool.connection() as connection:
        for index in INDEXES:
            row = await connection.execute(
                "SELECT pg_get_indexdef(('tonggao.' || %s)::regclass)", (index,)
            )
            [definition] = await row.fetchone()
            await connection.execute(f"DROP INDEX tonggao.{index}")
            await connection.execute(definition)
            former = definition.replace("_folded", "").replace(" ONLY", "")
            await connection.execute(former.replace("archive.fold", ""))


async def _by_index(rows, query):
    """What is found by asking the index, however few texts there are."""
    [(statement,)] = await rows(
        "SELECT tonggao.indexed_hits(a, tonggao.text_candidates(a, 'true'), 'true')"
        " FROM tonggao.asked(%s, false) AS a",
        query,
    )
    return {title for (title,) in await rows(f"SELECT title FROM ({statement}) AS hit")}


async def test_the_index_is_built_part_by_part_and_answers_meanwhile(
    forms, rows, pool, monkeypatch
):
    await _unbuild(pool)
    left = await unfolded(pool)
    quarters = ("2026q4", "2025q1", "2024q4", "2024q3", "2024q2", "2024q1")
    assert [each.part for each in left] == 2 * [f"revision_{quarter}" for quarter in quarters]
    # What was found before is found, in its own form and any that is asked in that one.
    assert await _by_index(rows, "供热") == {"plain"}
    assert await _by_index(rows, "供熱") == {"traditional", "plain"}
    built: list[str] = []
    build = refolding._build

    async def dies(connection, wanted):
        if len(built) == 3:
            await connection.execute(
                f"CREATE INDEX {wanted.part}_folded_words ON tonggao.{wanted.part} (title)"
            )
            await connection.execute(
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid ="
                f" 'tonggao.{wanted.part}_folded_words'::regclass"
            )
            raise ConnectionError("killed in the midst of an index")
        built.append(wanted.part)
        await build(connection, wanted)

    monkeypatch.setattr(refolding, "_build", dies)
    with pytest.raises(ConnectionError):
        await refold(pool)
    assert built == ["revision_2026q4", "revision_2025q1", "revision_2024q4"]
    assert await _by_index(rows, "供热") == {"plain", "hidden"}
    assert await _by_index(rows, "供熱") == {"traditional", "plain", "hidden"}
    assert {"plain", "hidden"} <= await _found(rows, "热", sort="rank") <= FORMS["热"]
    monkeypatch.setattr(refolding, "_build", build)
    told: list[str] = []
    assert await refold(pool, told.append) == 9
    assert told[0] == "revision_by_folded_words of revision_2024q3, 9 to do"
    for query, expected in FORMS.items():
        assert await _found(rows, query) == expected
        assert await _found(rows, query, sort="rank") == expected
    assert await unfolded(pool) == []
    assert await refold(pool) == 0
    former = "SELECT FROM pg_class WHERE relname IN ('revision_by_words', 'revision_by_title')"
    assert await rows(former) == []


async def test_a_part_made_during_the_building_has_its_index(forms, rows, pool, archive, observe):
    await _unbuild(pool)
    await archive.store(
        observe(
            "https://qingchuan.example/new",
            title="new",
            paragraphs=(*STORY, "城市供熱"),
            fetched_at=dt.datetime(2026, 2, 1, tzinfo=SHANGHAI),
        )
    )
    assert "revision_2026q1" not in {each.part for each in await unfolded(pool)}
    assert await _by_index(rows, "供熱") == {"plain", "traditional", "new"}
    await refold(pool)
    assert await _by_index(rows, "供热") == FORMS["供热"] | {"new"}


async def test_a_word_is_found_in_all_its_forms_without_folding_the_text(rows):
    """What decides and marks, by forms, says what LIKE over the folded text says; for every sign of the table."""
    wrong = await rows(
        "WITH word AS (SELECT '税' || v.sign || '务' AS word, f.sign AS form FROM tonggao.variant v,"
        " LATERAL unnest(string_to_array(CASE WHEN v.sign = '' THEN '' ELSE v.variants || v.within END, NULL)) AS f (sign)"
        "  WHERE v.sign ~ '^[0-9a-z㐀-䶿一-鿿]$' COLLATE \"C\"),"
        " text AS (SELECT w.word, t.content, position(w.word IN archive.fold(t.content)) > 0 AS stands FROM word w,"
        " LATERAL (VALUES ('国税' || w.form || '务局'), ('国稅' || w.form || E'\\u200b務局'), ('国税' || w.form || '局')) AS t (content))"
        " SELECT word, content, stands FROM text CROSS JOIN LATERAL tonggao.forms(word) AS forms"
        " WHERE tonggao.stands_at_all(word, content, forms) <> stands"
        " OR ((tonggao.place_in(content, word, false, forms)).starts > 0) <> stands LIMIT 5"
    )
    assert wrong == []
    assert await rows("SELECT count(*) > 5000 FROM tonggao.variant") == [(True,)]
