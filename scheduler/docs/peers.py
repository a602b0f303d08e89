"""The comparison with other extractors: one stored measurement, from which every table is written.

The measurement is ``benchmarks/peers.json``, which ``benchmarks/peers.py`` keeps; what the text says in
figures comes from there, so no two documents can differ.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from scheduler.docs.markdown import table

PEERS_FILE = Path(__file__).resolve().parents[2] / "benchmarks" / "peers.json"
Language = Literal["en", "zh"]

_FIELDS = ("title", "date", "time", "source", "author", "editor", "body", "images")
_HEADS: dict[Language, tuple[str, ...]] = {
    "en": (
        "", "title", "day", "minute", "source", "author", "editor", "body F1", "pictures F1",
        "not stated", "pages/s", "time, tonggao = 1",
    ),
    "zh": (
        "", "标题", "日期", "时刻", "来源", "作者", "编辑", "正文 F1", "图片 F1",
        "无中生有", "页/秒", "耗时（本程序 = 1）",
    ),
}  # fmt: skip
_CAPTION: dict[Language, str] = {
    "en": (
        "{pages} stored real pages of {hosts} hosts, one run on {day} ({machine}), processor time, best of "
        "{rounds} rounds that alternate. A dash: the program does not return the field. *Minute*: of the pages "
        "that state one; *not stated*: pages for which a source, author or editor was given that they do not state."
    ),
    "zh": (
        "{hosts} 台主机的 {pages} 个真实存档页面，{day} 同一次运行（{machine}），按处理器时间，{rounds} 轮交替取最好。"
        "短横表示该程序不给此字段；“时刻”只算写有时刻的页面；“无中生有”是给出页面没有写的来源、作者或编辑的页数。"
    ),
}


@dataclass(frozen=True, slots=True)
class Tool:
    """What a program reached: shares of pages by field, pages with values not stated, pages a second."""

    name: str
    version: str
    figures: dict[str, float]
    not_stated: int | None
    speed: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run over all programs."""

    day: str
    machine: str
    pages: int
    hosts: int
    rounds: int
    tools: tuple[Tool, ...]

    def as_json(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def measurement() -> Measurement:
    """The one that is stored."""
    told = json.loads(PEERS_FILE.read_text("utf-8"))
    return Measurement(**{**told, "tools": tuple(Tool(**tool) for tool in told["tools"])})


def peers_table(measured: Measurement, language: Language = "en") -> str:
    """The table and what it shows."""
    ours = measured.tools[0].speed
    rows = [
        (
            f"{tool.name} {tool.version}".strip(),
            *(_figure(tool.figures.get(name)) for name in _FIELDS),
            "–" if tool.not_stated is None else tool.not_stated,
            f"{tool.speed:.0f}",
            f"{ours / tool.speed:.2f}",
        )
        for tool in measured.tools
    ]
    caption = _CAPTION[language].format(**asdict(measured))
    return f"{caption}\n\n{table(_HEADS[language], rows)}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
