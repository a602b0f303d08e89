"""Whatever is wrong: one clear line, an exit code that is documented, nothing lost."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import Tonggao

USAGE, DATABASE, PARTLY = 2, 3, 4


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The one line that a failed command says."""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_an_unknown_source_gets_near_names(tonggao: Tonggao) -> None:
    done = tonggao("run", "demo.qinghe.xwfv")
    assert done.returncode == USAGE
    assert "demo.qinghe.xwfb" in said(done)


@pytest.mark.parametrize(
    "command",
    [
        ("search", "制造", "--source"), ("search", "制造", "--facets", "--source"), ("export", "--source"),
        ("changes", "--source"), ("files", "list", "--source"), ("doctor",), ("health", "events"),
        ("reparse", "--dry-run", "--source"), ("reparse", "--source"), ("watch", "add", "制造", "--source"),
    ],
)  # fmt: skip
def test_no_command_answers_for_a_source_that_there_is_not(
    tonggao: Tonggao, command: tuple[str, ...]
) -> None:
    done = tonggao(*command, "demo.qinghe.xwfv")
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert "there is no source 'demo.qinghe.xwfv'" in said(done)


def test_an_unreachable_database_is_named_without_its_password(tonggao: Tonggao) -> None:
    url = "postgresql://me:hunter2@127.0.0.1:1/archive"
    done = tonggao("init", TONGGAO_DATABASE_URL=url)
    assert done.returncode == DATABASE
    line = said(done)
    assert "archive@127.0.0.1" in line
    assert "TONGGAO_DATABASE_URL" in line
    assert "hunter2" not in done.stdout + done.stderr


def test_bad_toml_names_file_and_line(tonggao: Tonggao, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text('[[column]]\nid = "a.b"\nname = = 3\n', "utf-8")
    done = tonggao("run", "a.b", TONGGAO_SOURCES_DIR=str(tmp_path))
    assert done.returncode == USAGE
    assert "broken.toml:3" in said(done)


def test_a_rule_that_is_broken_names_file_and_line(tonggao: Tonggao, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()  # the settings file beside it is no source
    (tmp_path / "sources" / "wrong.toml").write_text(
        'id = "a.b"\nname = "n"\npublisher = "p"\nkind = "gov-portal"\nlists = "ftp://a/"\n',
        "utf-8",
    )
    done = tonggao("run", "a.b", TONGGAO_SOURCES_DIR=str(tmp_path / "sources"))
    assert done.returncode == USAGE
    assert "wrong.toml:5" in said(done)


@pytest.mark.parametrize("command", [("search",), ("watch", "add")])
def test_bytes_that_are_no_text_are_refused(tonggao: Tonggao, command: tuple[str, ...]) -> None:
    done = tonggao(*command, "供\udcff")
    assert done.returncode == USAGE
    assert "no text in UTF-8" in said(done)


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "20261301"])
def test_a_bad_date_is_refused(tonggao: Tonggao, day: str) -> None:
    done = tonggao("backfill", "start", "demo.qinghe.xwfb", "--from", day)
    assert done.returncode == USAGE
    assert day in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_option_refuses_to_start(tonggao: Tonggao) -> None:
    done = tonggao("config", "show", TONGGAO_HOST_INTERVALL="1")
    assert done.returncode == USAGE
    assert "TONGGAO_HOST_INTERVALL" in said(done)


def test_an_option_out_of_range_is_named(tonggao: Tonggao) -> None:
    done = tonggao("config", "show", TONGGAO_HOST_INTERVAL="-1")
    assert done.returncode == USAGE
    assert "TONGGAO_HOST_INTERVAL" in said(done)


def test_an_unknown_name_in_the_settings_file_is_refused(tonggao: Tonggao, tmp_path: Path) -> None:
    (tmp_path / "tonggao.toml").write_text("host_intervall = 3\n", "utf-8")
    done = tonggao("config", "show")
    assert done.returncode == USAGE
    assert "host_intervall" in said(done)


def test_a_database_without_schema_names_the_command(
    tonggao: Tonggao, empty_database_url: str
) -> None:
    done = tonggao("run", "demo", TONGGAO_DATABASE_URL=empty_database_url)
    assert done.returncode == DATABASE
    assert "tonggao init" in said(done)


def test_no_enabled_source_names_the_command(tonggao: Tonggao) -> None:
    done = tonggao("run")
    assert done.returncode == USAGE
    assert "tonggao sources enable" in said(done)


def test_a_full_disk_loses_nothing(tonggao: Tonggao, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file: No space left on device'"
            " USING ERRCODE = 'disk_full'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON tonggao.revision"
            " FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
        done = tonggao("run", "demo.cri.tianjin")
        assert done.returncode == DATABASE
        assert "No space left on device" in said(done)
        row = connection.execute("SELECT count(*) FROM tonggao.publication").fetchone()
        assert row == (0,)
        connection.execute("DROP TRIGGER full_disk ON tonggao.revision")
        assert tonggao("run", "demo.cri.tianjin").returncode == 0
        row = connection.execute("SELECT count(*) FROM archive.publications").fetchone()
        assert row == (3,)


def test_a_part_that_failed_shows_in_the_exit_code(tonggao: Tonggao) -> None:
    done = tonggao("run", "demo.qinghe.xwfb")
    assert done.returncode == PARTLY
    assert "1 empty" in done.stdout
