"""Text in pictures: scanned pages and posters, read by RapidOCR's models (extra ``ocr``), offline.

What is recognised is a guess with a figure of how sure it is. It is marked so, stands beside what a
file says itself, and never decides anything.
"""

from __future__ import annotations

import io
import math
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import median
from typing import Any

from scraper.errors import FileDamaged, FileTooLarge, FileUnsupported
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind, kind_of
from scraper.files.layout.columns import frame_of, regions_of
from scraper.files.layout.glyphs import Glyph
from scraper.files.layout.lines import lines_of
from scraper.files.layout.paragraphs import paragraphs_of
from scraper.files.model import FilePart
from scraper.files.ofd.pictures import page_picture
from scraper.files.pdf.reading import open_pdf
from scraper.files.wording import fit
from scraper.refusal import Refusal

CPU_SECONDS = 20.0
"""Of a processor, for one page or strip; the clock may show more where others work too."""

_LONG_SIDE = 1800
"""Pixels of a page's longer side: about 155 dots an inch of A4, signs of 10 points 21 high."""
_FIND_SIDE = 960
"""Pixels within which lines are looked for; they are read in the full picture."""
_TALL = 2.0
"""Heights to a width from which a picture is no page, but a poster that is scrolled through."""
_STRIP, _STRIP_LEAST = 1600, 1000
_MOST_PIXELS = 80_000_000
_MOST_STRIPS = 40
_SURE = 0.5
"""Lines of which the model is less sure are texture, not text."""
_NICE = 10
_LINE_HEIGHT = 0.82
"""Of a found line's height, the height of an em."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised in a part of a file, or in a strip of a tall picture.

    Attributes:
        part: its text.
        strips: into how many strips the picture is cut; recognise each, and put them together.
    """

    part: FilePart
    strips: int


def recognise(
    data: bytes,
    *,
    name: str | None = None,
    media_type: str | None = None,
    part: int = 0,
    strip: int = 0,
) -> Recognised:
    """Recognise the text of a page of a PDF or an OFD, or of a picture, with at most `CPU_SECONDS`.

    Args:
        data: the file; a PDF, an OFD or a picture.
        name: its name where known; see `kind_of`.
        media_type: the Content-Type of the answer.
        part: which page, from 0.
        strip: which strip of a tall picture, from 0.

    Raises:
        FileUnsupported: it is of another kind (``NO_READER``), or the extra is not installed
            (``NO_LIBRARY``).
        FileTooLarge: the picture has more pixels than are unpacked.
        FileDamaged: it cannot be opened, or has no such part.
    """
    kind = kind_of(data, name=name, media_type=media_type)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # ends this process, as a bad file may
    try:
        engine = _engine()
        if kind is FileKind.PDF:
            image = _page_image(data, part)
        elif kind is FileKind.OFD:
            image = _picture(page_picture(data, part, Allowance.of()))
        elif kind is FileKind.PICTURE:
            image = _picture(data)
        else:
            raise FileUnsupported(f"nothing recognises text in a file of kind {kind.value}")
        strips = list(_strips(image))
        if strip >= len(strips):
            raise FileDamaged("a picture without that part")
        top, bottom = strips[strip]
        found = _read(engine, image[top:bottom])
        cut = strip == len(strips) - 1 and bottom < image.shape[0]
        return Recognised(replace(found, cut=cut), len(strips))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@cache
def _engine() -> Any:
    """RapidOCR on one thread, behind everybody else; its models come with its wheel."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        import cv2  # noqa: PLC0415 - extras are loaded where they are used
        from rapidocr import RapidOCR  # noqa: PLC0415
    except ImportError as error:
        raise FileUnsupported(
            "text in pictures needs an extra: install tonggao with its extra ocr",
            Refusal.NO_LIBRARY,
        ) from error
    os.nice(_NICE - os.nice(0))
    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # upright pages; the classifier turns short lines over
            "Global.text_score": _SURE,
            "Global.max_side_len": 4000,
            "Det.limit_type": "max",
            "Det.limit_side_len": _FIND_SIDE,
            "Rec.rec_batch_num": 2,  # more at once takes memory and no less time on one thread
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _page_image(data: bytes, number: int) -> Any:
    """A PDF's page as grey pixels."""
    document = open_pdf(data)
    try:
        if number >= len(document):
            raise FileDamaged("a PDF without that page")
        page = document[number]
        scale = _LONG_SIDE / max(*page.get_size(), 1.0)
        return _three(page.render(scale=scale, grayscale=True).to_numpy().copy())
    finally:
        document.close()


def _picture(data: bytes) -> Any:
    """A picture as pixels, no wider than is read; what it unpacks to is known before it is."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(data)) as opened:
            wide, high = opened.size
            if wide * high > _MOST_PIXELS:
                raise FileTooLarge(f"a picture of {wide} by {high} pixels", Refusal.EXPANDS)
            image = np.asarray(opened.convert("RGBA" if "A" in opened.getbands() else "RGB"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileTooLarge("a picture that unpacks without bound", Refusal.EXPANDS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileDamaged(f"a picture that cannot be opened ({error})") from error
    if image.shape[2] == 4:  # on white, as pages show it
        share = image[..., 3:4].astype(np.uint16)
        image = ((image[..., :3] * share + 255 * (255 - share)) // 255).astype(np.uint8)
    shrunk = min(1.0, _LONG_SIDE / max(wide, min(high, _TALL * wide)))
    if shrunk < 1:
        size = (max(1, round(wide * shrunk)), max(1, round(high * shrunk)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(image[..., ::-1])


def _three(grey: Any) -> Any:
    import numpy as np  # noqa: PLC0415

    flat = grey if grey.ndim == 2 else grey[..., 0]
    return np.repeat(flat[..., None], 3, axis=2)


def _strips(image: Any) -> Iterator[tuple[int, int]]:
    """A tall picture (一图读懂) in strips, cut where a row of pixels differs least in itself."""
    high, top = int(image.shape[0]), 0
    count = 0
    while high - top > _LONG_SIDE and count < _MOST_STRIPS - 1:
        rows = image[top + _STRIP_LEAST : top + _STRIP, ::4, 1].astype("float32")
        cut = top + _STRIP_LEAST + int(rows.std(axis=1).argmin())
        yield top, cut
        top, count = cut, count + 1
    yield top, min(high, top + _LONG_SIDE)


def _read(engine: Any, image: Any) -> FilePart:
    """The lines that the models find, laid out as those of other pages are."""
    found = engine(image)
    if found.boxes is None or not len(found.boxes):
        return FilePart("", recognised=True, confidence=None)
    boxes = [[(float(x), float(y)) for x, y in box] for box in found.boxes]
    texts = [str(text) for text in found.txts]
    scores = [float(score) for score in found.scores]
    glyphs = list(_glyphs(boxes, texts))
    lines = lines_of(glyphs)
    regions = regions_of(lines, frame_of(lines, 0.0))
    signs = sum(map(len, texts))
    sure = sum(score * len(text) for score, text in zip(scores, texts, strict=True))
    text = fit("\n".join(paragraphs_of(regions)))
    return FilePart(text, recognised=True, confidence=round(sure / max(signs, 1), 4))


def _glyphs(boxes: Sequence[Sequence[tuple[float, float]]], texts: list[str]) -> Iterator[Glyph]:
    """Found lines as glyphs, the page's slant taken out."""
    slant = _slant(boxes)
    cos, sin = math.cos(slant), math.sin(slant)
    for box, text in zip(boxes, texts, strict=True):
        turned = [(x * cos + y * sin, y * cos - x * sin) for x, y in box]
        left = (turned[0][0] + turned[3][0]) / 2
        right = (turned[1][0] + turned[2][0]) / 2
        top = (turned[0][1] + turned[1][1]) / 2
        bottom = (turned[2][1] + turned[3][1]) / 2
        if text.strip():
            height = bottom - top
            yield Glyph(text.strip(), left, right, bottom - 0.2 * height, _LINE_HEIGHT * height)


def _slant(boxes: Sequence[Sequence[tuple[float, float]]]) -> float:
    """By how much lines rise or fall, in radians: the usual slant of the longer half of them."""
    slants = sorted(
        (math.dist(box[0], box[1]), math.atan2(box[1][1] - box[0][1], box[1][0] - box[0][0]))
        for box in boxes
    )
    longer = [slant for _, slant in slants[len(slants) // 2 :]]
    found = median(longer)
    return found if abs(found) < math.radians(15) else 0.0
