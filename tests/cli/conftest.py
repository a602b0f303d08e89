"""The command line, run as its users run it: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scheduler.demo.conductor import SOURCES
from scheduler.demo.site import DemoSite, load_site
from scraper.clock import now

ROOT = Path(__file__).resolve().parents[2]
Tonggao = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with load_site(now().date()) as started:
        yield started


@pytest.fixture
def tonggao(database_url: str, site: DemoSite, tmp_path: Path) -> Tonggao:
    """Runs ``tonggao`` on a migrated database and the demo's site; keywords are variables.

    None takes a variable away that the fixture sets.
    """
    (tmp_path / "tonggao.toml").touch()

    def run(
        *arguments: str, code: str | None = None, **variables: str | None
    ) -> subprocess.CompletedProcess[str]:
        called = ["-c", code.format(arguments=list(arguments))] if code else ["-m", "scheduler"]
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("TONGGAO_")
        } | {
            "PYTHONPATH": str(ROOT),
            "TONGGAO_CONFIG": str(tmp_path / "tonggao.toml"),
            "TONGGAO_DATABASE_URL": database_url,
            "TONGGAO_SOURCES_DIR": str(SOURCES),
            "TONGGAO_TEST_HOSTS": json.dumps(dict(site.hosts)),
            "TONGGAO_HOST_INTERVAL": "0",
            "TONGGAO_HOST_JITTER": "0",
            "TONGGAO_LOG_LEVEL": "error",
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            [sys.executable, *called, *([] if code else arguments)],
            env={k: v for k, v in (environment | variables).items() if v is not None},
            capture_output=True,
            text=True,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    return run


def unexplained(document: str, told: dict[str, object]) -> list[str]:
    """Keys of an answer that a document does not name."""
    text = (Path(__file__).parents[2] / "docs" / document).read_text("utf-8")
    return [key for key in told if f"`{key}`" not in text]
