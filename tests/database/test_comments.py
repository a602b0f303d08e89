"""Comments that list words list all of them; a column of a view means what the column behind it means."""

from __future__ import annotations

import re
from enum import StrEnum

import psycopg
import pytest

from scheduler.health.events import EventKind
from scraper.archive.erasure.holds import HoldAction
from scraper.archive.observations.observation import BroughtBy
from scraper.archive.proof.chain import LeafKind
from scraper.archive.querying.changes import ChangeKind
from scraper.archive.watching.events import WatchEvent
from scraper.archive.watching.keeping import Every
from scraper.fetch.exchange import Purpose
from scraper.sources.definition import Confidence, Kind
from scraper.visit.run import Failure

ENUMS: tuple[tuple[str, type[StrEnum]], ...] = (
    ("tonggao.event.kind", EventKind),
    ("tonggao.change.kind", ChangeKind),
    ("tonggao.leaf.kind", LeafKind),
    ("tonggao.hold_entry.action", HoldAction),
    ("archive.holds.action", HoldAction),
    ("tonggao.watch.events", WatchEvent),
    ("archive.watches.events", WatchEvent),
    ("tonggao.watch.every", Every),
    ("archive.watches.every", Every),
    ("tonggao.attempt.purpose", Purpose),
    ("tonggao.revision.brought_by", BroughtBy),
    ("archive.revisions.brought_by", BroughtBy),
    ("archive.publications.brought_by", BroughtBy),
    ("tonggao.source.kind", Kind),
    ("archive.sources.kind", Kind),
    ("archive.sources.confidence", Confidence),
    ("tonggao.run.failure", Failure),
    ("archive.runs.failure", Failure),
)
ANOTHER_TABLES = (
    ("archive.runs", "tonggao.run", ("run_id", "source_id", "kind", "state", "failure")),
    ("archive.sources", "tonggao.source", ("source_id", "name", "publisher", "region", "kind")),
    ("archive.sources_health", "tonggao.source", ("source_id", "publisher", "region")),
    ("archive.regions", "tonggao.region", ("code", "name")),
    ("archive.revisions", "tonggao.revision", ("revision_id",)),
)
"""Columns that a view takes as they stand from a table that is not the publications'."""
COMMENT = "SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
CHECKED = """
SELECT c.conrelid::regclass || '.' || a.attname, col_description(c.conrelid, a.attnum), pg_get_constraintdef(c.oid)
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_class t ON t.oid = c.conrelid AND NOT t.relispartition
WHERE c.contype = 'c' AND cardinality(c.conkey) = 1 AND c.connamespace = 'tonggao'::regnamespace
  AND pg_get_constraintdef(c.oid) LIKE '%= ANY (ARRAY[%'
"""


def comment(url: str, column: str) -> str:
    """What the database says of a column."""
    relation, _, name = column.rpartition(".")
    with psycopg.connect(url) as connection:
        row = connection.execute(COMMENT, (relation, name)).fetchone()
    assert row is not None, column
    return str(row[0])


def unnamed(said: str, words: list[str]) -> list[str]:
    """Those of the words that do not stand in a comment."""
    return sorted(set(words) - set(re.findall(r"[\w-]+", said)))


@pytest.mark.parametrize(("column", "enum"), ENUMS)
def test_a_comment_names_every_value_of_its_enum(
    database_url: str, column: str, enum: type[StrEnum]
) -> None:
    assert unnamed(comment(database_url, column), [each.value for each in enum]) == []


def test_a_comment_names_every_value_that_a_check_lets_in(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(CHECKED).fetchall()
    assert len(rows) > 5
    words = {column: re.findall(r"'([^']+)'", check) for column, _, check in rows}
    missing = {column: unnamed(said, words[column]) for column, said, _ in rows}
    assert {column: each for column, each in missing.items() if each} == {}


@pytest.mark.parametrize(("view", "table", "names"), ANOTHER_TABLES)
def test_a_column_of_a_view_means_what_the_one_behind_it_means(
    database_url: str, view: str, table: str, names: tuple[str, ...]
) -> None:
    said = {name: comment(database_url, f"{view}.{name}") for name in names}
    assert said == {name: comment(database_url, f"{table}.{name}") for name in names}


@pytest.mark.parametrize("column", ["archive.holds.entry_id", "archive.erasures.erasure_id"])
def test_a_log_that_is_only_added_to_says_what_a_missing_number_was(
    database_url: str, column: str
) -> None:
    assert "dry run" in comment(database_url, column)
