"""What a file may cost before it is refused by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Bounds of one file and all that is inside it.

    Attributes:
        file_bytes: of the file as it came.
        member_bytes: of one unpacked member (a part of an Office file, a file of an archive).
        unpacked_bytes: of all that is unpacked from one file, members of members included.
        ratio: unpacked to packed bytes of one member of more than ``ratio_from`` bytes. Text
            packs at most to about a fortieth; a hundredth of zeros is a bomb.
        ratio_from: unpacked bytes below which the rate says nothing.
        members: files in one archive; Office and OFD files are held to it too.
        depth: archives in archives.
        elements: XML elements in elements.
        pages: of a PDF or an OFD; slides.
        read_pages: of a PDF, how many are read; a yearbook's others are left, and ``complete``
            says so. At ten milliseconds a page they fit into a reader's seconds.
        glyphs: of one page.
        cells: of one sheet's used range, empty ones included.
        characters: of text of one file; what is beyond is cut, and ``complete`` says so.
    """

    file_bytes: int = 64 << 20
    member_bytes: int = 64 << 20
    unpacked_bytes: int = 192 << 20
    ratio: int = 150
    ratio_from: int = 1 << 20
    members: int = 5000
    depth: int = 3
    elements: int = 200
    pages: int = 3000
    read_pages: int = 1000
    glyphs: int = 60_000
    cells: int = 2_000_000
    characters: int = 4_000_000


LIMITS = FileLimits()
"""Those that hold unless a caller has its own."""
