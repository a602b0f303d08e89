"""``tonggao init`` and ``tonggao db`` on a server that is named."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from tests.cli.conftest import Tonggao


def test_init_may_be_run_again(tonggao: Tonggao, empty_database_url: str) -> None:
    first = tonggao("init", TONGGAO_DATABASE_URL=empty_database_url)
    assert first.returncode == 0
    assert "0001_foundation" in first.stdout
    again = tonggao("init", TONGGAO_DATABASE_URL=empty_database_url)
    assert "nothing to do" in again.stdout


def test_psql_runs_a_statement_and_tells_how_it_ended(tonggao: Tonggao) -> None:
    done = tonggao(
        "db", "psql", "--command", "SELECT count(*) + 41 FROM archive.regions WHERE false"
    )
    assert done.returncode == 0
    assert "41" in done.stdout
    assert tonggao("db", "psql", "--command", "SELECT nonsense").returncode == 1


def test_the_small_prompt_stands_in_for_psql(tonggao: Tonggao) -> None:
    done = tonggao("db", "psql", "--command", "SELECT 6 * 7 AS answer", PATH="/nonexistent")
    assert done.returncode == 0
    assert "answer" in done.stdout
    assert "42" in done.stdout
    assert tonggao("db", "psql", "--command", "SELECT nonsense", PATH="/none").returncode == 1


def test_a_reader_cannot_write(tonggao: Tonggao) -> None:
    statement = "UPDATE tonggao.source SET enabled = true"
    done = tonggao("db", "psql", "--reader", "--command", statement)
    assert done.returncode == 1
    assert "permission denied" in done.stderr


def test_a_server_of_ones_own_is_not_started_or_stopped(tonggao: Tonggao) -> None:
    done = tonggao("db", "stop")
    assert done.returncode == 2
    assert "TONGGAO_DATABASE_URL" in done.stderr


def test_the_address_is_shown_for_other_programs(tonggao: Tonggao, database_url: str) -> None:
    """An address by default; libpq's form, as 0.1 had it, by option."""
    shown = tonggao("db", "url").stdout.strip()
    assert shown.startswith("postgresql://tonggao@/")
    with psycopg.connect(shown) as connection:
        assert connection.info.dbname in database_url
    reader = tonggao("db", "url", "--reader").stdout
    assert reader.startswith("postgresql://tonggao_reader_login@/")
    old = tonggao("db", "url", "--libpq").stdout.strip()
    assert conninfo_to_dict(old) == conninfo_to_dict(database_url)


OWN = "host=db.example port=5433 dbname=press user=me password='hunter 2@/' sslmode=require"


def test_the_owners_password_is_shown_when_asked_and_never_to_a_reader(tonggao: Tonggao) -> None:
    def shown(*options: str) -> str:
        return tonggao("db", "url", *options, TONGGAO_DATABASE_URL=OWN).stdout.strip()

    assert shown() == "postgresql://me@db.example:5433/press?sslmode=require"
    assert (
        shown("--show-password")
        == "postgresql://me:hunter%202%40%2F@db.example:5433/press?sslmode=require"
    )
    assert shown("--jdbc") == "jdbc:postgresql://db.example:5433/press?user=me&sslmode=require"
    assert "password=hunter%202%40/" in shown("--jdbc", "--show-password")
    for options in ((), ("--jdbc",), ("--libpq",)):
        assert "hunter" not in shown(*options)
        assert "hunter" not in shown("--reader", *options)
    refused = tonggao("db", "url", "--reader", "--show-password", TONGGAO_DATABASE_URL=OWN)
    assert (refused.returncode, refused.stdout) == (2, "")


def test_java_is_told_that_it_reaches_no_socket(tonggao: Tonggao) -> None:
    done = tonggao("db", "url", "--jdbc")
    assert done.returncode == 2
    assert "TONGGAO_EMBEDDED_PORT" in done.stderr
