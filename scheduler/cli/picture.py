"""The plots of ``tonggao stats`` as a picture, with matplotlib."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from scraper.archive.querying.statistics import Share, Statistics

_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "PingFang SC",
            "Microsoft YaHei", "SimHei", "Noto Sans CJK JP")  # fmt: skip
_GREEN, _ORANGE = "#5d8068", "#c8702f"


def has_chinese_font() -> bool:
    """Whether this machine has a font in which the names of regions and sources can be drawn."""
    return bool(_installed())


def write_picture(file: Path, found: Statistics) -> None:
    """Write days, regions and sources side by side.

    Without a Chinese font (:func:`has_chinese_font`) the names are drawn as empty boxes.

    Raises:
        OSError: the file cannot be written.
    """
    figure = Figure(figsize=(12, 8), layout="constrained", dpi=120)
    days, regions, sources = figure.subplot_mosaic([["d", "d"], ["r", "s"]]).values()
    dates: list[Any] = [each.day for each in found.per_day]
    releases = [each.releases for each in found.per_day]
    days.bar(dates, releases, color=_GREEN, label="releases")
    copies = [each.copies for each in found.per_day]
    days.bar(dates, copies, bottom=releases, color=_ORANGE, label="copies")
    days.yaxis.set_major_locator(MaxNLocator(integer=True))
    days.legend(frameon=False)
    days.set_title(f"Last {found.days} days")
    _shares(regions, "Releases by region", found.per_region)
    _shares(sources, "Publications by source", found.per_source)
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing from font"
        )  # said by the command
        figure.savefig(file, format="png")


def _shares(axes: Any, title: str, shares: list[Share]) -> None:
    font = font_manager.FontProperties(family=_family())
    places = range(len(shares))
    axes.barh(places, [share.count for share in shares], color=_GREEN, height=0.6)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_yticks(places, [share.name for share in shares], fontproperties=font)
    axes.invert_yaxis()
    axes.set_title(title)


def _family() -> list[str]:
    return [*_installed(), "sans-serif"]


def _installed() -> list[str]:
    names = set(font_manager.get_font_names())
    return [name for name in _CHINESE if name in names]
