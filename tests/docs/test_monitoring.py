"""The rules and the board that ship ask for figures that the program shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector

from scheduler.docs.metrics import own_metrics
from scheduler.health.causes import RANK
from scheduler.schedule.deferring import BACKFILLS, VISITS
from scraper.outcome import Outcome
from tests.docs.examples import ROOT

MONITORING = ROOT / "docs" / "monitoring"
_METRIC = re.compile(r"\b((?:tonggao|process|python)_\w+)\b")
_SELECTED = re.compile(r"\b((?:tonggao|process|python)_\w+)\{([^}]*)\}")
_MATCHER = re.compile(r'(\w+)\s*=~?\s*"([^"]*)"')
_BY = re.compile(r"by \(([^)]*)\) \((\w+)")
_TARGET = {"job", "instance"}
"""Labels that Prometheus gives each series."""
VALUES = {
    "tonggao_sources": {"state": set(RANK)},
    "tonggao_jobs": {"queue": {VISITS, BACKFILLS}, "status": {"todo", "doing"}},
    "tonggao_slots_last_hour": {"state": {"done", "failed", "dropped"}},
    "tonggao_attempts_last_hour": {"outcome": {outcome.value for outcome in Outcome}},
}


def board() -> list[str]:
    panels = json.loads((MONITORING / "grafana.json").read_text("utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def rules() -> list[str]:
    text = (MONITORING / "alerts.yml").read_text("utf-8")
    return re.findall(r"^ +expr: (.+)$", text, re.MULTILINE)


def expressions() -> Iterator[str]:
    yield from board()
    yield from rules()


def known() -> dict[str, set[str]]:
    """Every metric that a daemon shows, with its labels."""
    shown = {name: set(labels) for name, (labels, _) in own_metrics().items()}
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    for family in registry.collect():
        for sample in family.samples:
            shown[sample.name] = set(sample.labels)
    return shown


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_metrics_and_labels_exist(expression: str) -> None:
    shown = known()
    for name in _METRIC.findall(expression):
        assert name in shown
    for name, matchers in _SELECTED.findall(expression):
        for label, value in _MATCHER.findall(matchers):
            assert label in shown[name] | _TARGET
            if label not in _TARGET:
                assert set(value.split("|")) <= VALUES[name][label]
    for labels, name in _BY.findall(expression):
        assert {label.strip() for label in labels.split(",")} <= shown[name]


def test_each_figure_is_on_the_board_or_in_a_rule() -> None:
    text = " ".join(expressions())
    assert [name for name in own_metrics() if name not in text] == []


def test_every_rule_was_read() -> None:
    text = (MONITORING / "alerts.yml").read_text("utf-8")
    assert len(rules()) == text.count("- alert:") == text.count("action:") > 5
    proven = (ROOT / "tests" / "docs" / "alerts_test.yml").read_text("utf-8")
    for name in re.findall(r"- alert: (\w+)", text):
        assert f"alertname: {name}," in proven


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs Prometheus' own promtool")
def test_alarms_fire_when_they_should() -> None:
    command = ["promtool", "test", "rules", "alerts_test.yml"]
    subprocess.run(command, cwd=ROOT / "tests" / "docs", check=True, timeout=60)
