"""What a PDF's page draws besides text: the rules of tables, and pictures that may bear text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

_THIN = 2.5
_SHORTEST = 4.0
_MOST = 20_000
_DEEPEST = 3
_SEGMENTS = 400
_INVISIBLE = 3  # PDF 32000-1 table 106: neither filled nor stroked

Segment = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Drawings:
    """What is drawn on a page, in its own coordinates.

    Attributes:
        segments: straight lines along an axis: x0, y0, x1, y1.
        pictures: boxes of pictures: left, bottom, right, top.
        unseen, texts: how many pieces of text are invisible, and how many there are.
    """

    segments: list[Segment] = field(default_factory=list)
    pictures: list[Segment] = field(default_factory=list)
    unseen: int = 0
    texts: int = 0


def drawings_of(page: Any) -> Drawings:
    """All that a page draws, forms in it included, up to a bound that only maps exceed."""
    found = Drawings()
    count = pdfium.FPDFPage_CountObjects(page)
    objects = (pdfium.FPDFPage_GetObject(page, n) for n in range(min(count, _MOST)))
    _gather(objects, _SAME, found, 0)
    return found


def _gather(objects: Iterator[Any], matrix: Matrix, found: Drawings, depth: int) -> None:
    for thing in objects:
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            found.texts += 1
            found.unseen += pdfium.FPDFTextObj_GetTextRenderMode(thing) == _INVISIBLE
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            if len(found.segments) < _MOST:
                found.segments += _rules(thing, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures += [_placed(box, matrix) for box in _bounds(thing)]
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            count = min(pdfium.FPDFFormObj_CountObjects(thing), _MOST)
            inner = (pdfium.FPDFFormObj_GetObject(thing, n) for n in range(count))
            _gather(inner, _combined(_matrix(thing), matrix), found, depth + 1)


def _rules(path: Any, matrix: Matrix) -> Iterator[Segment]:
    """The lines along an axis that a path draws: itself where it is thin, else its strokes."""
    for box in _bounds(path):
        left, bottom, right, top = _placed(box, matrix)
        if right - left <= _THIN or top - bottom <= _THIN:
            middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
            if right - left > top - bottom:
                yield from _long_enough((left, middle_y, right, middle_y))
            else:
                yield from _long_enough((middle_x, bottom, middle_x, top))
        elif _is_stroked(path):
            yield from _strokes(path, _combined(_matrix(path), matrix))


def _long_enough(segment: Segment) -> Iterator[Segment]:
    if max(segment[2] - segment[0], segment[3] - segment[1]) >= _SHORTEST:
        yield segment


def _is_stroked(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(path, fill, stroke)) and bool(stroke.value)


def _strokes(path: Any, matrix: Matrix) -> Iterator[Segment]:
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for n in range(min(pdfium.FPDFPath_CountSegments(path), _SEGMENTS)):
        piece = pdfium.FPDFPath_GetPathSegment(path, n)
        if not pdfium.FPDFPathSegment_GetPoint(piece, x, y):
            continue
        point = _point(x.value, y.value, matrix)
        kind = pdfium.FPDFPathSegment_GetType(piece)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _straight(last, point)
        last = point
        if pdfium.FPDFPathSegment_GetClose(piece):
            yield from _straight(point, start)


def _straight(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Segment]:
    """A stroke as a rule, if it runs along an axis."""
    left, right = sorted((a[0], b[0]))
    low, high = sorted((a[1], b[1]))
    if min(right - left, high - low) < 1.0:
        yield from _long_enough((left, low, right, high))


def _bounds(thing: Any) -> Iterator[Segment]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        yield left.value, bottom.value, right.value, top.value


def _matrix(thing: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _combined(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies the inner one, then the outer one."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _point(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _placed(box: Segment, matrix: Matrix) -> Segment:
    if matrix is _SAME:
        return box
    one, other = _point(box[0], box[1], matrix), _point(box[2], box[3], matrix)
    (left, right), (low, high) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return left, low, right, high
