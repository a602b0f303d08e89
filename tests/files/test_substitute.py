"""A PDF that does not bring its fonts is read with one of ours, whatever fonts the machine has."""

from __future__ import annotations

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from scraper.files import read_file
from tests.files.making.pdf import Page, pdf


@pytest.mark.parametrize(("sign", "wide"), [("公", 12.0), ("，", 12.0), ("一", 12.0), ("2", 1.2)])
def test_a_sign_is_a_box_of_its_height(sign: str, wide: float) -> None:
    """A font of the machine would give 一 and ， boxes as high and wide as they are drawn."""
    page = Page()
    page.text(60, 120, sign, 12)
    data = pdf(page)
    assert read_file(data).text == sign  # from here on this process has our font
    text = pdfium.FPDFText_LoadPage(pypdfium2.PdfDocument(data)[0])
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    assert pdfium.FPDFText_GetCharBox(text, 0, left, right, bottom, top)
    assert right.value - left.value == pytest.approx(wide, abs=0.3)
    assert top.value - bottom.value == pytest.approx(12.0, abs=0.3)
