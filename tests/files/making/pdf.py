"""PDF files written sign by sign, with a Chinese font that need not be there to be read.

The font is named and not embedded, its signs are GBK codes: as programs of the nineties, and
printers' drivers to this day, write Chinese.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, field

A4 = (595.0, 842.0)
_FONT = (
    (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBK-EUC-H"
        b" /DescendantFonts [4 0 R] >>"
    ),
    (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
        b" /FontDescriptor 5 0 R /DW 1000 /W [814 939 500] >>"
    ),
    (
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
    ),
)


def width(text: str, size: float) -> float:
    """How wide a text is set."""
    return sum(size if ord(sign) > 0x2FF else size / 2 for sign in text)


@dataclass
class Page:
    """A page; positions are in points from its upper left corner."""

    size: tuple[float, float] = A4
    turned: int = 0
    drawn: list[bytes] = field(default_factory=list)
    picture: tuple[bytes, int, int] | None = None

    def text(self, x: float, y: float, text: str, size: float = 12, turn: float = 0) -> None:
        """A text whose baseline begins at a place; turned against the clock."""
        code = text.encode("gbk").hex()
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        place = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.2f} {self.size[1] - y:.2f}"
        self.drawn.append(f"BT /F1 {size} Tf {place} Tm <{code}> Tj ET".encode())

    def centred(self, y: float, text: str, size: float) -> None:
        self.text((self.size[0] - width(text, size)) / 2, y, text, size)

    def unseen(self, x: float, y: float, text: str) -> None:
        self.drawn.append(b"3 Tr")
        self.text(x, y, text)

    def lines(
        self, x: float, y: float, text: str, columns: int, size: float = 12, step: float = 20
    ) -> float:
        """A text in lines of so many Han characters; returns where the next line would stand."""
        line = ""
        for sign in text:
            if width(line + sign, size) > columns * size + 0.01:
                self.text(x, y, line, size)
                y, line = y + step, ""
            line += sign
        self.text(x, y, line, size)
        return y + step

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        high = self.size[1]
        self.drawn.append(f"{x0} {high - y0} m {x1} {high - y1} l S".encode())

    def bar(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A rule as word processors draw it: a thin filled rectangle."""
        high = self.size[1]
        self.drawn.append(f"{x0} {high - y1} {x1 - x0} {y1 - y0} re f".encode())

    def paint(self, grey: bytes, wide: int, high: int) -> None:
        """A grey picture over the whole page."""
        self.picture = (grey, wide, high)
        self.drawn.insert(0, f"q {self.size[0]} 0 0 {self.size[1]} 0 0 cm /I1 Do Q".encode())


def pdf(*pages: Page, extra: bytes = b"", font: tuple[bytes, ...] = _FONT) -> bytes:
    """The file."""
    objects: dict[int, bytes] = {1: b"<< /Type /Catalog /Pages 2 0 R " + extra + b">>"}
    objects |= dict(enumerate(font, 3))
    kids, number = [], 10
    for page in pages:
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.size[0]} {page.size[1]}]"
            f" /Rotate {page.turned} /Contents {number + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> /XObject << /I1 {number + 2} 0 R >> >> >>"
        ).encode()
        objects[number + 1] = stream(b"\n".join(page.drawn))
        grey, wide, high = page.picture or (b"\xff", 1, 1)
        objects[number + 2] = stream(
            grey,
            f"/Type /XObject /Subtype /Image /Width {wide} /Height {high} /BitsPerComponent 8"
            " /ColorSpace /DeviceGray".encode(),
        )
        kids.append(f"{number} 0 R")
        number += 3
    objects[2] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return written(objects)


def stream(content: bytes, says: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    head = f"/Length {len(packed)} /Filter /FlateDecode ".encode() + says
    return b"<< " + head + b" >>\nstream\n" + packed + b"\nendstream"


def written(objects: dict[int, bytes]) -> bytes:
    out, places = b"%PDF-1.7\n", {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    at, last = len(out), max(objects)
    out += f"xref\n0 {last + 1}\n0000000000 65535 f \n".encode()
    for number in range(1, last + 1):
        out += f"{places.get(number, 0):010} 00000 {'n' if number in places else 'f'} \n".encode()
    return out + f"trailer << /Size {last + 1} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n".encode()
