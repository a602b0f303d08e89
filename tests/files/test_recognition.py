"""Text in pictures is recognised, marked so, within its memory and its share of a processor."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from scraper.archive.observations.file_readings import readings_of
from scraper.errors import FileDamaged, FileReaderCrashed, FileTooLarge, FileUnsupported
from scraper.files import FileKind, FilePart, FileText, read_file, recognise, recognition
from scraper.files.recognition import Recognised
from scraper.readers import ReaderLimits, Recogniser
from scraper.refusal import Refusal
from tests.files.making.fonts import installed
from tests.files.making.pdf import Page, pdf

FONT = next(iter(installed().values()), Path("install a font of tests/files/making/fonts.py"))
BARS = {"clean": 0.02}
"""Share of signs that may be wrong; 0.05 for pages that came badly."""


def error_of(found: str, lines: list[str]) -> float:
    wanted = "".join("".join(lines).split())
    return float(Levenshtein.distance("".join(found.split()), wanted) / len(wanted))


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *rest, **more):
        if name == "rapidocr":
            raise ImportError(name)
        return real(name, *rest, **more)

    recognition._engine.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(FileUnsupported, match="extra ocr") as caught:
        recognise(b"\x89PNG\r\n\x1a\n")
    assert caught.value.refusal is Refusal.NO_LIBRARY


async def test_a_poster_that_was_not_read_to_its_end_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More strips than are read, and more pages than are read, leave the text incomplete."""
    strips = [FilePart("上", recognised=True), FilePart("下", recognised=True, cut=True)]

    async def strip(self: Recogniser, kind: str, url: str, request: dict[str, int]) -> Recognised:
        return Recognised(strips[request["strip"]], len(strips))

    monkeypatch.setattr(Recogniser, "read", strip)
    poster = FileText(FileKind.PICTURE, (FilePart("", pictured=True),))
    found = await Recogniser().recognise(b"", "a", poster)
    assert (found.text, found.complete) == ("上\n下", False)
    stated, seen = readings_of(found)
    assert (stated.state, stated.complete, seen.complete) == ("pictured", False, False)
    strips[1] = replace(strips[1], cut=False)
    found = await Recogniser().recognise(b"", "a", poster)
    assert found.complete
    stated, seen = readings_of(found)
    assert (stated.complete, seen.complete) == (False, True)  # the file itself states nothing


@pytest.mark.ocr
class TestRecognised:
    """What needs the extra ``ocr`` and a Chinese font: ``make test-ocr``."""

    def test_pages_that_came_well_and_badly(self) -> None:
        from tests.files.making.scans import LINES, SPOILED, typeset

        document = typeset(FONT, LINES)
        for name, spoil in SPOILED.items():
            found = recognise(spoil(document))
            assert error_of(found.part.text, LINES) <= BARS.get(name, 0.05), name
            assert found.part.recognised
            assert found.part.confidence is not None
            assert found.part.confidence > 0.9

    def test_a_tall_poster_is_read_strip_by_strip(self) -> None:
        from tests.files.making.scans import LINES, scanned, typeset, written

        sheet = scanned(typeset(FONT, LINES), 110)
        poster = np.concatenate([sheet, sheet, sheet])
        text, strips, at = "", 1, 0
        while at < strips:
            found = recognise(written(poster), strip=at)
            text, strips, at = text + found.part.text, found.strips, at + 1
        assert strips > 2
        assert error_of(text, LINES * 3) <= 0.02

    async def test_a_scanned_document_gets_its_text_beside_what_it_says_itself(self) -> None:
        from tests.files.making.scans import LINES, scanned, typeset

        grey = scanned(typeset(FONT, LINES), 150)
        scan, spoken = Page(), Page()
        scan.paint(grey.tobytes(), grey.shape[1], grey.shape[0])
        spoken.lines(80, 100, "这一页自己有文字，识别不碰它。" * 4, 30)
        document = pdf(scan, spoken)
        read = read_file(document)
        assert read.pictured == (0,)
        async with Recogniser(share=1.0) as recogniser:
            found = await recogniser.recognise(document, "http://a.gov.cn/1.pdf", read)
        assert error_of(found.parts[0].text, LINES) <= 0.05
        assert found.parts[1] == read.parts[1]
        assert found.recognised
        assert found.confidence is not None
        assert read.parts[0].text == ""

    async def test_a_page_that_costs_too_much_is_refused_and_the_next_is_read(self) -> None:
        from tests.files.making.scans import LINES, scanned, typeset, written

        data = written(scanned(typeset(FONT, LINES)))
        picture = FileText(FileKind.PICTURE, (FilePart("", pictured=True),))
        async with Recogniser(1.0, limits=ReaderLimits(seconds=0.3, megabytes=1536)) as hasty:
            with pytest.raises(FileReaderCrashed) as slow:
                await hasty.recognise(data, "http://a.gov.cn/1.png", picture)
        assert slow.value.refusal is Refusal.TOO_SLOW

    def test_pictures_that_unpack_without_bound_are_refused(self) -> None:
        from PIL import Image

        out = io.BytesIO()
        Image.new("1", (30_000, 30_000)).save(out, "PNG")
        with pytest.raises(FileTooLarge) as caught:
            recognise(out.getvalue())
        assert caught.value.refusal is Refusal.EXPANDS
        with pytest.raises(FileDamaged):
            recognise(out.getvalue()[:40])
        with pytest.raises(FileUnsupported):
            recognise(b"plain text")

    def test_a_poster_of_more_strips_than_are_read_is_cut(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from tests.files.making.scans import written

        monkeypatch.setattr(recognition, "_MOST_STRIPS", 2)
        tall = written(np.full((6000, 900), 255, np.uint8))
        assert [recognise(tall, strip=n).part.cut for n in range(2)] == [False, True]
        short = written(np.full((2400, 900), 255, np.uint8))
        assert [recognise(short, strip=n).part.cut for n in range(2)] == [False, False]
