"""``tonggao init`` and ``tonggao db`` on a server that is named."""

from __future__ import annotations

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


def test_the_connection_string_is_shown_for_other_programs(
    tonggao: Tonggao, database_url: str
) -> None:
    done = tonggao("db", "url")
    assert done.stdout.strip() == database_url
    reader = tonggao("db", "url", "--reader")
    assert "user=tonggao_reader" in reader.stdout
