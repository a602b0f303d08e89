"""A PDF's text: pages in order, each as people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from scraper.errors import FileDamaged, FileEncrypted, FileTooLarge
from scraper.files.allowance import Allowance
from scraper.files.archives import shown_name
from scraper.files.kinds import FileKind
from scraper.files.layout.glyphs import BLANKS, Glyph, distinct
from scraper.files.layout.grids import Rule, take_tables
from scraper.files.layout.lines import lines_of
from scraper.files.layout.pages import LaidPage, parts_of
from scraper.files.layout.running import Sheet
from scraper.files.layout.standing import take_standing
from scraper.files.limits import FileLimits
from scraper.files.model import FileMember, FileText
from scraper.files.pdf.drawings import Drawings, Segment, drawings_of
from scraper.files.pdf.signs import Sign, known_share, signs_of, turned
from scraper.files.pdf.streams import refuse_bombs
from scraper.files.pdf.substitute import use_box_font
from scraper.files.wording import told
from scraper.refusal import Refusal

_KNOWN = 0.7
"""Share of signs that fonts must tell for a page's text to be believed."""
_FEW_SIGNS = 40
_PICTURE = 0.35
"""Share of a page that pictures take at least for it to be a picture of text."""
_MOST_NOTES = 2000
_WRITTEN = frozenset(
    {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP}
)
"""Annotations that show text of their own: a form's fields, notes on the page, stamps."""
_QUARTERS = frozenset({0, 90, 180, 270})


def read_pdf(data: bytes, allowance: Allowance) -> FileText:
    """A PDF's text by pages.

    Raises:
        FileEncrypted: it opens with a password only.
        FileTooLarge: too many pages, or streams that unpack without bound.
        FileDamaged: PDFium cannot read it.
    """
    limits = allowance.limits
    refuse_bombs(data, limits)
    use_box_font()
    document = open_pdf(data)
    try:
        count = len(document)
        if count > limits.pages:
            raise FileTooLarge(f"a PDF of {count} pages", Refusal.TOO_MANY_PAGES)
        pages = [_read_page(document, n, limits) for n in range(min(count, limits.read_pages))]
        members = tuple(_attached(document, allowance))
        whole = count <= limits.read_pages and len(members) == document.count_attachments()
    finally:
        document.close()
    parts, heading = parts_of(pages)
    text = told(FileKind.PDF, parts, allowance, heading=heading)
    whole = whole and text.complete and all(each.complete for each in members)
    return replace(text, members=members, complete=whole)


def _attached(document: Any, allowance: Allowance) -> Iterator[FileMember]:
    """The files that are attached to a PDF."""
    for n in range(min(document.count_attachments(), allowance.limits.members)):
        try:
            attachment = document.get_attachment(n)
            name, content = shown_name(attachment.get_name()), bytes(attachment.get_data())
        except (pypdfium2.PdfiumError, UnicodeError):
            continue
        allowance.spend(len(content), "a PDF's attachment")
        yield allowance.read_member(name, content, allowance)


def open_pdf(data: bytes) -> Any:
    """PDFium's document.

    Raises:
        FileEncrypted, FileDamaged: it cannot be opened.
    """
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise FileEncrypted("a PDF that opens with a password only") from error
        raise FileDamaged(f"a PDF that cannot be opened ({error})") from error


def _read_page(document: Any, number: int, limits: FileLimits) -> LaidPage:
    """One page; a page that cannot be loaded is empty, as viewers show it, and told to be cut."""
    try:
        page = _flat(document, number)
    except pypdfium2.PdfiumError:
        return LaidPage(Sheet([], 1.0, 1.0), cut=True)
    try:
        left, bottom, right, top = page.get_bbox()
        found, whole = signs_of(page, limits.glyphs)
        signs = [
            each for each in found
            if left - 1 <= each.x <= right + 1 and bottom - 1 <= each.y <= top + 1
        ]  # fmt: skip
        drawn = drawings_of(page)
        laid = _laid(signs, drawn, (left, bottom, right, top))
        return replace(laid, cut=laid.cut or not whole)
    finally:
        page.close()


def _flat(document: Any, number: int) -> Any:
    """A page, with what is written into its fields and on its notes as a part of it."""
    page = document[number]
    count = min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_NOTES)
    if not any(_writes(page, n) for n in range(count)):
        return page
    pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
    page.close()
    return document[number]  # loaded anew: the one before does not have it


def _writes(page: Any, number: int) -> bool:
    note = pdfium.FPDFPage_GetAnnot(page, number)
    if not note:
        return False
    kind = pdfium.FPDFAnnot_GetSubtype(note)
    pdfium.FPDFPage_CloseAnnot(note)
    return kind in _WRITTEN


def _laid(signs: list[Sign], drawn: Drawings, box: Segment) -> LaidPage:
    believed = known_share(signs) >= _KNOWN
    signs = [each for each in signs if each.text] if believed else []
    upright = _main_turn(signs)
    sheet, aside = _sheet(signs, drawn, box, upright)
    pictured = _covered(drawn, box) >= _PICTURE
    shown = sum(1 for each in signs if each.text not in BLANKS)
    return LaidPage(
        sheet,
        aside,
        pictured=not believed or (pictured and shown < _FEW_SIGNS),
        recognised=pictured and drawn.unseen * 2 > drawn.texts > 0,
    )


def _main_turn(signs: Sequence[Sign]) -> int:
    """The direction of most lines; a page's own rotation is one of its reasons."""
    turns = Counter(sign.turn for sign in signs if sign.turn in _QUARTERS)
    return turns.most_common(1)[0][0] if turns else 0


def _sheet(
    signs: list[Sign], drawn: Drawings, box: Segment, upright: int
) -> tuple[Sheet, list[str]]:
    """The lines of the main direction, and the texts of all others."""
    place = _placing(box, upright)
    main = distinct(place(each) for each in signs if each.turn == upright)
    main, standing = take_standing(main)
    flat, upright_rules = _rules(drawn, box, upright)
    rest, tables = take_tables(main, flat, upright_rules)
    lines = sorted([*lines_of(rest), *tables], key=lambda line: line.top)
    aside = [*standing, *_others(signs, upright)]
    width, height = box[2] - box[0], box[3] - box[1]
    if upright in {90, 270}:
        width, height = height, width
    return Sheet(lines, width, height), aside


def _placing(box: Segment, turn: int) -> Callable[[Sign], Glyph]:
    """How signs become glyphs whose origin is the page's upper left corner as read."""
    x, y = _origin(box, turn)

    def place(sign: Sign) -> Glyph:
        glyph = turned(sign, turn)
        return Glyph(glyph.text, glyph.x0 - x, glyph.x1 - x, glyph.y - y, glyph.size)

    return place


def _origin(box: Segment, turn: int) -> tuple[float, float]:
    left, bottom, right, top = box
    return {
        90: (bottom, left), 180: (-right, bottom), 270: (-top, -right),
    }.get(turn, (left, -top))  # fmt: skip


def _others(signs: list[Sign], upright: int) -> Iterator[str]:
    """Lines in other directions: stamps, side titles, watermarks."""
    turns = Counter(each.turn for each in signs if each.turn != upright)
    for turn, _ in turns.most_common(8):
        for line in lines_of(distinct(turned(each, turn) for each in signs if each.turn == turn)):
            yield line.text


def _rules(drawn: Drawings, box: Segment, turn: int) -> tuple[list[Rule], list[Rule]]:
    """Drawn lines, horizontal and vertical, as they lie on the page as read."""
    flat, upright = [], []
    x, y = _origin(box, turn)
    for x0, y0, x1, y1 in drawn.segments:
        one = turned(Sign("", turn, x0, y0, x0, y0, x0, y0, 1.0), turn)
        other = turned(Sign("", turn, x1, y1, x1, y1, x1, y1, 1.0), turn)
        (left, right), (top, bottom) = sorted((one.x0, other.x0)), sorted((one.y, other.y))
        if right - left >= bottom - top:
            flat.append(Rule((top + bottom) / 2 - y, left - x, right - x))
        else:
            upright.append(Rule((left + right) / 2 - x, top - y, bottom - y))
    return flat, upright


def _covered(drawn: Drawings, box: Segment) -> float:
    """Which share of the page pictures take (strips of one scan are several), at most 1."""
    left, bottom, right, top = box
    area = max((right - left) * (top - bottom), 1e-6)
    taken = 0.0
    for x0, y0, x1, y1 in drawn.pictures[:500]:
        taken += max(0.0, min(x1, right) - max(x0, left)) * max(0.0, min(y1, top) - max(y0, bottom))
    return min(taken / area, 1.0)
