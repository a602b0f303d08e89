"""Options: where a value comes from, what is refused, what is never shown."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import click
import pytest
import structlog

from scheduler.cli.commands import COMMANDS
from scheduler.cli.config import shown
from scheduler.cli.variables import refuse_misspelt
from scheduler.docs.commands import root_command
from scheduler.logs import configure_logs, redact
from scheduler.settings import Settings, load_settings, origins, variables_of_settings
from scheduler.tools import file_pool
from scraper.errors import SettingsError
from scraper.files import Programs
from tests.cli.conftest import Tonggao


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TONGGAO_CONFIG", str(tmp_path / "tonggao.toml"))
    monkeypatch.delenv("TONGGAO_DATABASE_URL", raising=False)


def test_flag_before_environment_before_file_before_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "tonggao.toml").write_text("pool_size = 2\nconcurrency = 3\nrecheck_days = 4\n")
    monkeypatch.setenv("TONGGAO_POOL_SIZE", "5")
    monkeypatch.setenv("TONGGAO_CONCURRENCY", "6")
    settings = load_settings({"pool_size": 7})
    assert (settings.pool_size, settings.concurrency, settings.recheck_days) == (7, 6, 4)
    places = origins({"pool_size": 7})
    assert places["pool_size"] == "flag"
    assert places["concurrency"] == "environment"
    assert places["recheck_days"] == "settings file"
    assert places["host_interval"] == "default"


def test_a_secret_comes_from_the_file_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("postgresql://me:hunter2@db/archive\n")
    monkeypatch.setenv("TONGGAO_DATABASE_URL_FILE", str(tmp_path / "url"))
    settings = load_settings()
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://me:hunter2@db/archive"
    assert "hunter2" not in repr(settings)
    assert origins()["database_url"] == "secret file"


def test_a_secret_file_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TONGGAO_DATABASE_URL_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match="nowhere"):
        load_settings()


def test_a_command_may_have_variables_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGGAO_RUN_REGION", "12")
    with pytest.raises(SettingsError, match="TONGGAO_RUN_REGION"):
        load_settings()
    assert load_settings(commands=["run"]).pool_size == 8


def test_the_options_are_shown_without_secrets(tonggao: Tonggao) -> None:
    done = tonggao(
        "config", "show", "--json", TONGGAO_NOTIFY_URLS="mailto://me:hunter2@example.org"
    )
    shown = json.loads(done.stdout)
    assert shown["notify_urls"] == {"value": "(hidden)", "origin": "environment"}
    assert "hunter2" not in done.stdout


@pytest.mark.parametrize(
    ("variable", "command"),
    [
        ("TONGGAO_VERSION_WANTED", "config show"),
        ("TONGGAO_HELP", "config show"),
        ("TONGGAO_CONFIG_HELP", "config show"),
        ("TONGGAO_CONFIG_SHOW_HELP", "config show"),
        ("TONGGAO_INSTALL_COMPLETION", "config show"),
        ("TONGGAO_SHOW_COMPLETION", "show 1"),
        ("TONGGAO_STATS_DAZE", "stats"),
    ],
)
def test_a_variable_acts_as_an_option_or_is_refused(
    variable: str, command: str, tonggao: Tonggao, tmp_path: Path
) -> None:
    done = tonggao(*command.split(), **{variable: "1", "HOME": str(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    assert variable in done.stderr
    assert not [*tmp_path.glob(".*")]  # no start file of a shell was touched


@pytest.mark.parametrize("command", list(COMMANDS))
def test_a_setting_is_no_misspelt_option_of_a_command(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in variables_of_settings():
        monkeypatch.setenv(variable, "1")
    found = root_command().get_command(click.Context(root_command()), command)
    refuse_misspelt(found, command, variables_of_settings())


def test_every_variable_that_help_shows_is_accepted(tonggao: Tonggao) -> None:
    helps = [tonggao("--help", COLUMNS="200"), tonggao("config", "show", "--help", COLUMNS="200")]
    named = [name for done in helps for name in re.findall(r"env var: (\w+)", done.stdout)]
    assert {"TONGGAO_QUIET", "TONGGAO_CONFIG_SHOW_AS_JSON"} < set(named)
    for name in named:
        value = {"TONGGAO_LOG_LEVEL": "error", "TONGGAO_DATA_DIR": "/x"}.get(name, "1")
        done = tonggao("config", "show", **{name: value})
        assert (name, done.returncode) == (name, 0), done.stderr


def test_quiet_may_stand_in_the_environment(tonggao: Tonggao) -> None:
    assert "settings file" in tonggao("config", "show").stderr
    assert tonggao("config", "show", TONGGAO_QUIET="1").stderr == ""


def test_the_options_in_force_tell_flag_from_environment(tonggao: Tonggao, tmp_path: Path) -> None:
    own = tonggao("config", "show", "--json", TONGGAO_DATA_DIR="/one", TONGGAO_LOG_LEVEL="info")
    shown = json.loads(own.stdout)
    assert shown["data_dir"] == {"value": "/one", "origin": "environment"}
    flagged = tonggao("--data-dir", "/two", "config", "show", "--json", TONGGAO_DATA_DIR="/one")
    assert json.loads(flagged.stdout)["data_dir"] == {"value": "/two", "origin": "flag"}
    assert shown["database_url"]["origin"] == "environment"


def test_the_options_in_force_name_the_folder_of_sources(tonggao: Tonggao, tmp_path: Path) -> None:
    done = tonggao("config", "show", "--json", TONGGAO_SOURCES_DIR=str(tmp_path / "mine"))
    assert json.loads(done.stdout)["sources_dir"]["value"] == str(tmp_path / "mine")


def test_the_folder_of_sources_stands_beside_the_settings(tmp_path: Path) -> None:
    assert shown(load_settings(), "sources_dir") == str(tmp_path / "sources")
    assert shown(load_settings(), "tokens_file") == str(tmp_path / "tokens.json")


def test_a_missing_and_a_second_settings_file_are_told(tonggao: Tonggao, tmp_path: Path) -> None:
    missing = tonggao("config", "show", "--json", TONGGAO_CONFIG=str(tmp_path / "nowhere.toml"))
    assert missing.returncode == 0
    assert f"TONGGAO_CONFIG names {tmp_path}/nowhere.toml, which is not there" in missing.stderr
    assert f"{tmp_path}/tonggao.toml (there, and not read)" in " ".join(missing.stderr.split())


def test_libreoffice_is_used_only_where_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Programs] = []
    monkeypatch.setattr("scraper.files.programs.shutil.which", lambda name: f"/bin/{name}")
    monkeypatch.setattr("scheduler.tools.FilePool", lambda *, programs: given.append(programs))
    for allowed in (False, True):
        file_pool(Settings(libreoffice=allowed))
    assert [each.office for each in given] == [None, "/bin/soffice"]


def test_logs_hold_no_secret() -> None:
    event = {
        "event": "connecting to postgresql://me:hunter2@db/archive",
        "detail": "host=db password=hunter2",
        "proxy_token": "hunter2",
        "url": "http://example.org/",
    }
    redacted = redact(None, "info", event)
    assert "hunter2" not in str(redacted)
    assert redacted["url"] == "http://example.org/"


def test_what_libraries_log_is_a_line_of_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    handlers, structured = logging.getLogger().handlers[:], structlog.get_config()
    configure_logs("info", "json")
    try:
        logging.getLogger("psycopg.pool").warning("error connecting: password=%s", "hunter2")
    finally:  # the logs of other tests are not ours
        logging.getLogger().handlers[:] = handlers
        structlog.configure(**structured)
    event = json.loads(capsys.readouterr().err)
    assert event["logger"] == "psycopg.pool"
    assert event["level"] == "warning"
    assert "hunter2" not in event["event"]
