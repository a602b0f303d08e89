"""Every field of the record goes through every form that it has, and back."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

import httpx
import pytest

from scraper.archive import Archive, Observation
from scraper.archive.exchange.exporting import export_jsonl
from scraper.archive.exchange.importing import Importer
from scraper.archive.querying.reading import Selection, show_release
from scraper.clock import now
from scraper.errors import Altered
from scraper.record import forms, serial
from scraper.record.release import Release
from scraper.record.serial import FIELDS, agrees, record_digest
from scraper.web import create_application
from scraper.web.archive import open_reading

from .conftest import MORNING, STORY

URL = "https://qingchuan.example/full.html"
GIVEN = {"url": URL, "paragraphs": (*STORY, "一段里\n有两行"), "region": ("120000", "120111")}
"""Fields whose values mean something outside the record."""


def value_of(kind: Any, name: str) -> Any:  # noqa: PLR0911  (a case a line)
    """Some value of a type, told apart from every other field's."""
    if kind is str:
        return f"https://qingchuan.example/{name}" if name.endswith("url") else f"值之{name}"
    if kind is dt.datetime:
        return MORNING
    if kind is dt.date:
        return MORNING.date()
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return tuple(value_of(get_args(kind)[0], f"{place}_{name}") for place in (1, 2))
    if get_origin(kind) is Mapping:
        return {"title": f"rule of {name}"}
    assert is_dataclass(kind), f"a test value for {kind} is missing"
    hints = get_type_hints(kind)
    parts = {part.name: forms.without_none(hints[part.name])[0] for part in fields(kind)}
    return kind(**{part: value_of(of, f"{name}_{part}") for part, of in parts.items()})  # type: ignore[operator]


def full_release() -> Release:
    """A release in which every field has a value."""
    return Release(
        **{part.name: GIVEN.get(part.name, value_of(part.type, part.name)) for part in FIELDS}
    )


async def round_trip(archive: Archive, pool, other) -> None:
    """Record, database, show, JSON lines, another archive, show: each time the same."""
    full = full_release()
    stored = await archive.store(Observation("qingchuan.gov", URL, full, MORNING))
    shown = (await show_release(pool, stored.release_id)).reading
    assert shown.release == full
    assert {name: shown.record()[name] for name in full.to_dict()} == full.to_dict()
    out = io.StringIO()
    await export_jsonl(pool, Selection(), out)
    assert Release.from_dict(json.loads(out.getvalue())) == full
    importer = Importer(Archive(other), other, parse=None, normal=str, now=now())  # type: ignore[arg-type]
    assert (await importer.jsonl(out.getvalue().splitlines())).changes == {"new": 1}
    assert (await show_release(other, 1)).reading.release == full
    page = await page_of(pool)
    assert [value for value in texts_in(full.to_dict()) if value not in page] == []


def texts_in(value: Any) -> Iterator[str]:
    """The texts that the page states; addresses of further pages, codes and rules are not shown."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in {
                "origins",
                "next_pages",
                "region",
                "site_region",
                "published_at",
                "published_precision",
                "parser_version",
            }:
                yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, str) and value:
        yield from value.split("\n")


async def page_of(pool) -> str:
    """The page of release 1 in the reader."""
    async with open_reading(pool.conninfo) as reading:
        transport = httpx.ASGITransport(create_application(reading))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.get("/release/1")
    assert answer.status_code == 200
    return html.unescape(answer.text)


async def test_every_field_goes_all_the_way(archive, pool, other):
    await round_trip(archive, pool, other)


@pytest.mark.parametrize(
    "name", ["kicker", "source", "published_at", "images", "region", "document"]
)
async def test_a_column_that_is_dropped_is_noticed(archive, pool, other, monkeypatch, name):
    """The mutant: a field of which the row holds nothing but the default. Its digest tells first."""
    whole = serial.to_columns
    (column,) = (part.column for part in FIELDS if part.name == name)
    empty = {"title": "", "paragraphs": (), "url": URL}

    def forgetful(release: Release) -> dict[str, Any]:
        blank = Release(**empty)  # type: ignore[arg-type]
        return whole(release) | {column: whole(blank)[column]}  # type: ignore[return-value]

    monkeypatch.setattr("scraper.archive.observations.preparation.to_columns", forgetful)
    with pytest.raises((AssertionError, Altered)):
        await round_trip(archive, pool, other)


def test_a_field_that_is_added_later_changes_no_digest():
    """Pinned: what has no value is no part of it, whatever fields there will be."""
    bare = Release("标题", ("正文",), URL)
    assert (
        record_digest(bare).hex()
        == "0210ca0952f7026e27879f27c605308c88f481bb1734b513de5d2b3b56dd5d295d"
    )
    assert agrees(record_digest(bare), bare)
    assert not agrees(record_digest(bare), replace(bare, site_id="1200000001"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"title": 7}, "title must be of type text"),
        ({"author": ["张三"]}, "author must be of type text"),
        ({"paragraphs": "一段"}, "paragraphs must be of type list"),
        ({"images": [{"url": None}]}, r"images.url is missing"),
        ({"images": [{"url": 7}]}, r"images.url must be of type text"),
        ({"origins": ["a"]}, "origins must be of type object"),
        ({"published_precision": "year"}, "published_precision must be one of"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "published_at"),
        ({"document": {"written_on": "2024"}}, r"document.written_on"),
        ({"title": None}, "title is missing"),
    ],
)
def test_what_is_no_record_is_named(line, message):
    with pytest.raises((TypeError, ValueError), match=message):
        Release.from_dict({"title": "标题", "paragraphs": ["正文"], "url": URL, **line})


def test_keys_that_are_not_known_are_ignored():
    record = {**full_release().to_dict(), "of_a_later_version": 1}
    record["images"][0]["width"] = 100
    assert Release.from_dict(record) == full_release()
