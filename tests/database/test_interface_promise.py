"""Schema ``archive`` is a promise: nothing that version 0.1 (commit 7c5fad8) had is gone or another."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from scraper.database import known_migrations, migrate, migrations
from scraper.database.migrations import Migration
from scraper.errors import SchemaMismatch
from tests.database.interface import broken, interface

RELEASED = json.loads(
    (Path(__file__).parents[1] / "fixtures/archives/7c5fad8/interface.json").read_text("utf-8")
)


def test_what_was_released_is_still_there(database_url: str) -> None:
    assert len(RELEASED) > 20
    assert broken(RELEASED, interface(database_url)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER VIEW archive.runs RENAME COLUMN reasons TO why",
        "DROP VIEW archive.merged CASCADE",
        "DROP FUNCTION archive.region_tree CASCADE",
    ],
)
def test_a_broken_promise_would_be_found(database_url: str, statement: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(statement)
    assert broken(RELEASED, interface(database_url)) != []


def test_additions_at_the_end_are_none() -> None:
    before = {"view a": ["x integer"], "function f takes q text": ["y text"]}
    assert (
        broken(
            before,
            {"view a": ["x integer", "z text"], **before | {"view a": ["x integer", "z text"]}},
        )
        == []
    )
    longer = {
        "view a": ["x integer"],
        "function f takes q text, n integer DEFAULT 1": ["y text", "w text"],
    }
    assert broken(before, longer) == []
    assert broken(
        before, {"view a": ["z text", "x integer"], "function f takes q text": ["y text"]}
    )
    assert broken(before, {"view a": ["x bigint"], "function f takes q text": ["y text"]})


def test_no_migration_of_ours_takes_others_along() -> None:
    """DROP … CASCADE would take views of the user's own with it, without a word."""
    for migration in known_migrations():
        plain = migration.text.upper().replace("ON DELETE CASCADE", "")
        assert "CASCADE" not in plain or migration.number == 7, migration.name  # the queue's own


async def test_a_view_of_the_users_own_is_named_and_nothing_changes(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE VIEW public.mine AS SELECT release_id FROM archive.merged")
    replaced = Migration(9000, "replace", "CREATE TABLE tonggao.x (); DROP VIEW archive.merged;")
    every = (*known_migrations(), replaced)
    monkeypatch.setattr(migrations, "known_migrations", lambda: every)
    with pytest.raises(SchemaMismatch, match=r"view mine depends on view archive\.merged"):
        await migrate(database_url)
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT to_regclass('tonggao.x')").fetchone()
    assert row == (None,)
