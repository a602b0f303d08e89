"""What commands print: as it is, and for whom it is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from scheduler.cli.context import Invocation, print_table
from scheduler.settings import Settings
from tests.cli.conftest import ROOT, Tonggao


def test_brackets_in_a_headline_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    title = "[视频] 要闻 [/b] [red]快讯[/red] [link=x]"
    print_table(Invocation(Settings(), {}), ("title",), [(title,)])
    assert title in capsys.readouterr().out


def test_remarks_are_no_markup_either(capsys: pytest.CaptureFixture[str]) -> None:
    Invocation(Settings(), {}).remark("list page [/x] failed")
    assert "list page [/x] failed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("shell", "variables"),
    [
        ("bash", {"COMP_WORDS": "tonggao run demo.c", "COMP_CWORD": "2"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "tonggao run demo.c"}),
        (
            "fish",
            {
                "_TYPER_COMPLETE_ARGS": "tonggao run demo.c",
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            },
        ),
    ],
)
def test_tab_key_completes_source_ids(shell: str, variables: dict[str, str]) -> None:
    code = "import sys; sys.argv = ['tonggao']; from scheduler.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            **variables,
            "PYTHONPATH": str(ROOT),
            "_TONGGAO_COMPLETE": f"complete_{shell}",
            "TONGGAO_SOURCES_DIR": str(ROOT / "scheduler" / "demo" / "sources"),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert "demo.cri.tianjin" in done.stdout
    assert "demo.liuxi" not in done.stdout


def test_mistyped_source_is_answered_with_near_ones(tonggao: Tonggao) -> None:
    done = tonggao("run", "demo.cri.tianjn")
    assert done.returncode == 2
    assert "did you mean demo.cri.tianjin" in done.stderr


def test_quiet_says_nothing_but_results(tonggao: Tonggao) -> None:
    loud, quiet = tonggao("stats", "--json"), tonggao("--quiet", "stats", "--json")
    assert quiet.stderr == ""
    assert quiet.stdout == loud.stdout
    assert "\x1b" not in loud.stdout + loud.stderr
