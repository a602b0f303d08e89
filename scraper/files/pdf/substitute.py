"""One font for all Chinese, Japanese and Korean signs that a PDF names a font for and does not bring.

PDFium takes a font of the machine instead, and where there is none (a container's slim image) it
leaves out lines that are set sideways and signs that stand alone: their boxes have no height. A
file's text must not depend on the machine that reads it, so every such font is this one, whose
signs are all boxes. It serves reading only: what is drawn to be recognised is drawn with
the machine's fonts, in processes of its own.
"""

from __future__ import annotations

import ctypes
import functools
import struct

import pypdfium2.raw as pdfium

_EM = 1000
_ABOVE, _BELOW = 880, -120
"""How far a sign reaches above and below its line, in thousandths of an em."""
_FIRST_WIDE, _NARROW = 0x2E80, 100
"""Where the signs of one em begin in Unicode; those before are set as wide as the file says, which
the box must not exceed."""
_CHARSETS = frozenset(
    {
        pdfium.FXFONT_GB2312_CHARSET,
        pdfium.FXFONT_CHINESEBIG5_CHARSET,
        pdfium.FXFONT_SHIFTJIS_CHARSET,
        pdfium.FXFONT_HANGEUL_CHARSET,
    }
)
_HANDLE = 1
"""What names our font to PDFium; any number but 0."""


def box_font() -> bytes:
    """A TrueType font in which every code of Unicode is a box."""
    narrow, wide = _box(_NARROW), _box(_EM)
    # The first glyph is for codes that a font does not have, hence empty.
    codes = struct.pack(">HHIII", 13, 0, 40, 0, 2)
    codes += struct.pack(">6I", 0, _FIRST_WIDE - 1, 1, _FIRST_WIDE, 0x10FFFF, 2)
    return _font(
        {
            b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + codes,
            b"glyf": narrow + wide,
            b"head": struct.pack(
                ">IIIIHHQQhhhhHHhhh",
                *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0),
                *(0, _BELOW, _EM, _ABOVE, 0, 8, 2, 1, 0),
            ),
            b"hhea": struct.pack(
                ">IhhhHhhhhhh8xhH", 0x10000, _ABOVE, _BELOW, 0, _EM, 0, 0, _EM, 1, 0, 0, 0, 1
            ),
            b"hmtx": struct.pack(">Hhhh", _EM, 0, 0, 0),
            b"loca": struct.pack(">4I", 0, 0, len(narrow), len(narrow + wide)),
            b"maxp": struct.pack(">IHHH22x", 0x10000, 3, 4, 1),
            b"post": struct.pack(">I28x", 0x30000),
        }
    )


def _box(width: int) -> bytes:
    """A glyph of one outline with four points and no instructions; its length is a multiple of 4."""
    high = _ABOVE - _BELOW
    box = struct.pack(">hhhhh", 1, 0, _BELOW, width, _ABOVE) + struct.pack(
        ">HH4B", 3, 0, 1, 1, 1, 1
    )
    box += struct.pack(">8h", 0, 0, width, 0, _BELOW, high, 0, -high)
    return box + bytes(-len(box) % 4)


def _font(tables: dict[bytes, bytes]) -> bytes:
    at = 12 + 16 * len(tables)
    head, body = struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 0), b""
    for name, table in sorted(tables.items()):
        head += struct.pack(">4sIII", name, 0, at + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return head + body


@functools.cache
def use_box_font() -> object:
    """Let PDFium take the box font in this process; what is returned must live as long as it does.

    PDFium must have been started, which importing pypdfium2 does.
    """
    kinds = dict(pdfium.FPDF_SYSFONTINFO._fields_)
    font = ctypes.create_string_buffer(box_font(), len(box_font()))

    def mapped(_info: object, _weight: int, _italic: int, charset: int, *_: object) -> int | None:
        return _HANDLE if charset in _CHARSETS else None

    def data(_info: object, _font: object, table: int, buffer: int | None, size: int) -> int:
        """The whole font, which is table 0; it has no others to give one by one."""
        if table:
            return 0
        if buffer and size >= len(font):
            ctypes.memmove(buffer, font, len(font))
        return len(font)

    info = pdfium.FPDF_SYSFONTINFO(
        version=1,
        MapFont=kinds["MapFont"](mapped),
        GetFontData=kinds["GetFontData"](data),
        GetFontCharset=kinds["GetFontCharset"](lambda *_: pdfium.FXFONT_GB2312_CHARSET),
    )
    pdfium.FPDF_SetSystemFontInfo(info)
    return info
