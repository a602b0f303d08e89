"""However a command ends, it ends with a documented exit code and a line, never with a traceback."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli.exits import EXIT_CODES, EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from tests.cli.conftest import Tonggao

INTERRUPTED = """
import importlib.abc, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it
class Ctrl_C(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "{moment}":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Ctrl_C())
sys.argv = ["tonggao", *{{arguments!r}}]
from scheduler.__main__ import main
main()
"""
MOMENTS = ("scheduler.cli.commands", "typer", "scheduler.cli.context", "scheduler.settings", "asyncio",
           "scheduler.cli.search", "scraper.archive.querying.finding", "psycopg_pool", "psycopg")  # fmt: skip


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The last line on standard error, after a look that there is no traceback and a known code."""
    assert "Traceback" not in done.stderr, done.stderr
    assert "Exception ignored" not in done.stderr, done.stderr
    assert done.returncode in EXIT_CODES, done.stderr
    return (done.stderr.strip().splitlines() or [""])[-1]


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_at_any_moment(tonggao: Tonggao, moment: str) -> None:
    done = tonggao("search", "智能", code=INTERRUPTED.format(moment=moment))
    assert said(done).startswith("tonggao: interrupted")
    assert done.returncode == EXIT_INTERRUPTED


OUTPUTS = [
    ("export", "--format", "jsonl", "-o"),
    ("export", "--format", "csv", "-o"),
    ("export", "--format", "parquet", "-o"),
    ("export", "--format", "warc", "-o"),
    ("query", "authors", "--format", "csv", "-o"),
    ("query", "authors", "--format", "parquet", "-o"),
    ("stats", "--png"),
    ("backup",),
]


@pytest.mark.parametrize("arguments", OUTPUTS)
@pytest.mark.parametrize("place", ["no/such/folder/file", "."])
def test_an_output_that_cannot_be_opened(
    tonggao: Tonggao, arguments: tuple[str, ...], place: str, tmp_path: Path
) -> None:
    done = tonggao(*arguments, str(tmp_path / place))
    assert said(done).startswith(f"tonggao: {tmp_path / place}: ")
    assert done.returncode == EXIT_FAILED


def test_an_output_that_is_full(tonggao: Tonggao) -> None:
    done = tonggao("query", "authors", "--format", "csv", "-o", "/dev/full")
    assert said(done).startswith("tonggao: /dev/full: No space left on device")
    assert done.returncode == EXIT_FAILED


def test_the_command_line_opens_outputs_in_one_way() -> None:
    """Whatever a module of the command line writes to was given to it by ``replacing``."""
    for path in (Path(__file__).resolve().parents[2] / "scheduler" / "cli").glob("*.py"):
        writing = r"(\w+)\.(?:write_text\(|write_bytes\(|open\(.[wxa])"
        places = set(re.findall(writing, path.read_text("utf-8")))
        assert places <= {"part", "path"}, path.name
        assert not places or "replacing(" in path.read_text("utf-8"), path.name


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.pdf", b"%PDF-1.7\n", "is a file of kind pdf, no page"),
        ("a.html", b"", "is empty"),
    ],
)
def test_what_is_no_page_is_named(
    tonggao: Tonggao, tmp_path: Path, name: str, body: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(body)
    done = tonggao("parse", name)
    assert words in said(done)
    assert "localhost" not in done.stderr
    assert done.returncode == EXIT_USAGE


def test_a_page_that_is_refused_is_named_first(tonggao: Tonggao, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body><p>x</p></body></html>")
    done = tonggao("parse", "a.html", "--url", "http://www.demo.cn/a.html")
    said(done)
    assert done.stderr.startswith(
        "looked at a.html: 34 bytes, as fetched from http://www.demo.cn/a.html"
    )


def test_a_full_output() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scheduler", "sources", "list", "--json"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd="/",
            env=clean_environment(),
        )  # fmt: skip
    assert said(done) == "tonggao: No space left on device"
    assert done.returncode == EXIT_FAILED


@pytest.mark.parametrize(
    "arguments", [("sources", "list"), ("sources", "list", "--json"), ("--help",)]
)
def test_a_pipe_that_is_closed(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scheduler", *arguments],
            stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd="/",
            env=clean_environment(),
        )  # fmt: skip
    finally:
        os.close(writing)
    assert said(done) == ""
    assert done.returncode == 0


def clean_environment(**variables: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("TONGGAO_")}
    root = Path(__file__).resolve().parents[2]
    return own | {"PYTHONPATH": str(root), "TONGGAO_CONFIG": os.devnull} | variables


@pytest.mark.parametrize("arguments", [("sources", "list"), ("--help",), ("search", "智能")])
def test_a_terminal_that_knows_no_chinese(tonggao: Tonggao, arguments: tuple[str, ...]) -> None:
    done = tonggao(*arguments, PYTHONIOENCODING="ascii")
    said(done)
    assert done.returncode == 0


def test_json_stays_json_in_ascii(tonggao: Tonggao) -> None:
    done = tonggao("sources", "list", "--json", PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout)


@pytest.mark.parametrize("command", [("web", "--port"), ("daemon",)])
def test_a_port_in_use(tonggao: Tonggao, command: tuple[str, ...]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        if command[0] == "web":
            done = tonggao(*command, port)
        else:
            done = tonggao(*command, TONGGAO_METRICS_PORT=port)
    assert "in use" in said(done)
    assert done.returncode == EXIT_FAILED


def test_a_data_folder_that_cannot_be_made() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scheduler", "status"], capture_output=True, text=True, check=False,
        env=clean_environment(TONGGAO_DATA_DIR="/proc/nowhere"),
    )  # fmt: skip
    assert "TONGGAO_DATA_DIR" in said(done)
    assert done.returncode == 3


def test_settings_that_cannot_be_read(tonggao: Tonggao, tmp_path: Path) -> None:
    done = tonggao("status", TONGGAO_CONFIG=str(tmp_path))
    assert str(tmp_path) in said(done)
    assert done.returncode == 2


def test_a_misspelt_key_of_the_settings_file(tonggao: Tonggao, tmp_path: Path) -> None:
    file = tmp_path / "tonggao.toml"
    file.write_text('databse_url = "x"\n')
    done = tonggao("status")
    assert said(done) == (
        f"tonggao: there is no option databse_url in {file}: did you mean database_url? "
        "`tonggao config show` lists them"
    )
    assert done.returncode == EXIT_USAGE


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o644, "everybody"), (0o640, "its group"), (0o600, "")]
)
def test_a_settings_file_with_a_password_that_others_may_read(
    tonggao: Tonggao, tmp_path: Path, mode: int, warned: str
) -> None:
    file = tmp_path / "tonggao.toml"
    file.write_text('notify_urls = "json://user:geheim@127.0.0.1/"\n')
    file.chmod(mode)
    done = tonggao("sources", "list")
    assert done.returncode == 0
    assert "geheim" not in done.stderr
    assert ("notify_urls" in done.stderr, "chmod 600" in done.stderr) == (bool(warned),) * 2
    assert warned in done.stderr


@pytest.mark.parametrize(
    "address", ["tgram://SECRETKEY", "foo://SECRETKEY@x", "mailto://u:SECRETKEY@"]
)
def test_a_wrong_address_for_alarms_is_said_without_its_key(tonggao: Tonggao, address: str) -> None:
    done = tonggao(
        "notify",
        "test",
        TONGGAO_NOTIFY_URLS=f"json://127.0.0.1/ {address}",
        TONGGAO_LOG_LEVEL="debug",
    )
    assert "address 2 of notify_urls" in said(done)
    assert "SECRETKEY" not in done.stdout + done.stderr
