"""Pages of lines become the parts of a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from scraper.files.layout.columns import Frame, Region, frame_of, regions_of
from scraper.files.layout.headings import heading_of
from scraper.files.layout.lines import Run
from scraper.files.layout.paragraphs import goes_on, paragraphs_of, runs_on
from scraper.files.layout.running import Sheet, strip_running
from scraper.files.model import FilePart


@dataclass(slots=True)
class LaidPage:
    """A page's lines and what is known of them.

    Attributes:
        sheet: the upright lines.
        aside: further texts, which stand at an angle or from top to bottom.
        pictured, recognised, cut: see `FilePart`.
    """

    sheet: Sheet
    aside: list[str] = field(default_factory=list)
    pictured: bool = False
    recognised: bool = False
    cut: bool = False


def parts_of(pages: Sequence[LaidPage]) -> tuple[list[FilePart], str | None]:
    """The pages' texts in reading order, without running heads, and the document's heading."""
    sheets = [page.sheet for page in pages]
    strip_running(sheets)
    asides = _without_stamps(pages)
    usual = _usual_frames(sheets)
    parts: list[FilePart] = []
    before: tuple[Region, Run] | None = None
    heading = None
    for page, aside in zip(pages, asides, strict=True):
        regions = regions_of(page.sheet.lines, _frame(page.sheet, usual))
        if heading is None and not parts:
            heading = heading_of([run for region in regions for run in region.runs])
        told = paragraphs_of(regions)
        continues = bool(parts and told and before) and _continues(before, regions, parts[-1])
        text = "\n".join([*told, *aside])
        parts.append(
            FilePart(
                text,
                pictured=page.pictured,
                recognised=page.recognised,
                continues=continues,
                cut=page.cut,
            )
        )
        before = _last(regions) if not aside else None
    return parts, heading


def _frame(sheet: Sheet, usual: dict[int, float]) -> Frame:
    """Where a page's lines begin and end; pages of a few lines take the document's."""
    left, right = frame_of(sheet.lines, sheet.width)
    return left, max(right, usual.get(round(sheet.width), right))


def _usual_frames(sheets: Sequence[Sheet]) -> dict[int, float]:
    """Where lines usually end on pages of each width."""
    ends: dict[int, list[float]] = defaultdict(list)
    for sheet in sheets:
        if sheet.lines:
            ends[round(sheet.width)].append(frame_of(sheet.lines)[1])
    return {width: median(each) for width, each in ends.items()}


def _without_stamps(pages: Sequence[LaidPage]) -> list[list[str]]:
    """The asides of each page without those that every other page bears: watermarks."""
    if len(pages) < 3:
        return [page.aside for page in pages]
    times: dict[str, int] = {}
    for page in pages:
        for text in set(page.aside):
            times[text] = times.get(text, 0) + 1
    return [[text for text in page.aside if times[text] * 2 < len(pages)] for page in pages]


def _last(regions: list[Region]) -> tuple[Region, Run] | None:
    """The line that a page ends with, unless it ends with a table."""
    if not regions or not regions[-1].runs or regions[-1].runs[-1].rows is not None:
        return None
    return regions[-1], regions[-1].runs[-1]


def _continues(before: tuple[Region, Run] | None, regions: list[Region], last: FilePart) -> bool:
    """Whether a page's first line goes on the paragraph that the page before ended with."""
    if before is None or not goes_on(last.text):
        return False
    first = regions[0].runs[0]
    return first.rows is None and runs_on(before[1], first, regions[0])
