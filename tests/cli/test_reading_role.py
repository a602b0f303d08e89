"""Who reads the archive changes nothing: not as a role, not by its settings, not by notifications."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from psycopg import errors

from scraper.database import READER_LOGIN, prepare_reading, reader_url
from tests.cli.conftest import Tonggao

REFUSED = (errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState)
FORBIDDEN = (
    "DELETE FROM archive.releases",
    "UPDATE tonggao.source SET enabled = true",
    "INSERT INTO tonggao.run (source_id, kind, worker) VALUES ('x', 'manual', 'w')",
    "SELECT * FROM tonggao.publication",
    "CREATE TABLE archive.mine ()",
    "CREATE TABLE public.mine ()",
    "CREATE TEMPORARY TABLE mine ()",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SET ROLE tonggao",
    "SET SESSION AUTHORIZATION tonggao",
    "ALTER ROLE tonggao_reader_login SUPERUSER",
    "SELECT tonggao.prepare_reading()",
    "COPY (SELECT 1) TO PROGRAM 'true'",
)


@pytest.fixture
def readers(database_url: str) -> str:
    """The reader's connection string, after what `init` does: a copied database has no grants."""
    asyncio.run(prepare_reading(database_url))
    return reader_url(database_url)


def test_selects_work_and_writes_are_refused(tonggao: Tonggao, database_url: str) -> None:
    tonggao("run", "demo.cri.tianjin")
    with psycopg.connect(reader_url(database_url)) as connection:
        rows = connection.execute("SELECT title FROM archive.releases").fetchall()
        assert len(rows) == 3
        hits = connection.execute("SELECT title FROM archive.search('公交')").fetchall()
        assert hits == [("天津首条跨区自动驾驶公交线开始试运行",)]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_login_role_may_do_nothing_else(readers: str, statement: str) -> None:
    """Also after it has made its session writable, which nobody can forbid."""
    with psycopg.connect(readers, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute("SET statement_timeout = 0")
        with pytest.raises(REFUSED):
            connection.execute(statement.encode())
        connection.execute("RESET ROLE")
        assert connection.execute("SELECT current_user, session_user").fetchone() == (
            READER_LOGIN,
            READER_LOGIN,
        )


def test_the_login_role_owns_nothing_and_has_its_defaults(readers: str) -> None:
    with psycopg.connect(readers) as connection:
        shown = [
            connection.execute(f"SHOW {name}".encode()).fetchone()
            for name in ("statement_timeout", "idle_in_transaction_session_timeout")
        ]
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        ).fetchone()
        member = connection.execute("SELECT pg_has_role('tonggao_reader', 'MEMBER')").fetchone()
    assert shown == [("5min",), ("10min",)]
    assert owned == (0,)
    assert member == (True,)


def test_psql_as_a_reader_is_the_readers_own_session(tonggao: Tonggao) -> None:
    asked = ("db", "psql", "--reader", "-c")
    assert READER_LOGIN in tonggao(*asked, "SELECT session_user").stdout
    told = tonggao(*asked, "SET ROLE tonggao; CREATE TABLE archive.mine ()")
    assert told.returncode == 1
    assert "permission denied" in told.stderr
    url = tonggao(
        "db", "url", "--reader", TONGGAO_DATABASE_URL="host=h dbname=a user=me password=hunter2"
    )
    assert "hunter2" not in url.stdout
    assert url.stdout == f"postgresql://{READER_LOGIN}@h/a\n"


def test_init_repairs_what_the_reader_needs(tonggao: Tonggao, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("REVOKE SELECT ON archive.releases FROM tonggao_reader")
        connection.execute("REVOKE tonggao_reader FROM tonggao_reader_login")
    done = tonggao("init")
    assert done.returncode == 0, done.stderr
    assert "GRANT" not in done.stdout
    with psycopg.connect(reader_url(database_url)) as connection:
        connection.execute("SELECT * FROM archive.releases")


@pytest.mark.usefixtures("readers")
def test_init_says_what_a_superuser_is_to_be_asked_for(database_url: str) -> None:
    """An owner without privileges over roles; the statements are those that are missing."""
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE ROLE plain NOSUPERUSER")
        connection.execute("GRANT ALL ON SCHEMA tonggao TO plain")
        connection.execute("REVOKE tonggao_reader FROM tonggao_reader_login")
        connection.execute("SET ROLE plain")
        asked = connection.execute("SELECT tonggao.prepare_reading()").fetchall()
        connection.rollback()
    assert asked == [
        ("GRANT tonggao_reader TO tonggao_reader_login",),
        ("GRANT tonggao_reader TO plain",),
    ]
