"""The command line speaks Chinese where the locale does; what programs read stays as it is."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Tonggao

CHINESE = {"LC_ALL": "zh_CN.UTF-8"}


def test_results_and_remarks_are_chinese(tonggao: Tonggao) -> None:
    done = tonggao("search", "无此词", **CHINESE)
    assert done.stderr.strip() == "档案是空的；`tonggao run cri` 访问来源，`tonggao demo` 演示用法"
    assert "没有启用的来源" in tonggao("status", **CHINESE).stdout


def test_a_table_has_chinese_headings(tonggao: Tonggao) -> None:
    heading = tonggao("sources", "list", **CHINESE).stdout.splitlines()[0]
    assert heading.split()[:2] == ["编号", "名称"]


@pytest.mark.parametrize("variables", [CHINESE, {"TONGGAO_LANGUAGE": "zh"}])
def test_an_error_is_chinese_and_its_code_the_same(
    tonggao: Tonggao, variables: dict[str, str]
) -> None:
    done = tonggao("show", "7", **variables)
    assert done.stderr.strip() == "tonggao: 没有通稿 7；`tonggao search` 显示编号"
    assert done.returncode == tonggao("show", "7").returncode


def test_json_is_the_same_in_both_languages(tonggao: Tonggao) -> None:
    assert json.loads(tonggao("stats", "--json", **CHINESE).stdout)["totals"]["releases"] == 0


@pytest.mark.parametrize(("level", "logged"), [(None, False), ("info", True)])
def test_a_run_in_a_pipe_logs_nothing_below_warning_unless_asked(
    tonggao: Tonggao, level: str | None, logged: bool
) -> None:
    done = tonggao("run", "demo.cri.tianjin", TONGGAO_LOG_LEVEL=level)
    assert (done.returncode, '"level": "info"' in done.stderr) == (0, logged)
