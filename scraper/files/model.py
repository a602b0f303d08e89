"""What is read from a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scraper.files.kinds import FileKind
from scraper.refusal import Refusal


@dataclass(frozen=True, slots=True)
class FilePart:
    """A page of a document, a sheet of a workbook, a slide, or the whole of a file without such.

    Attributes:
        text: its lines in reading order; the cells of a table's row are parted by tabs.
        name: the sheet's or document's name in the file; None for pages and slides.
        recognised: whether the text was recognised in a picture, by us or by whoever made the
            file (a scan with an invisible layer of text).
        confidence: of 0 to 1, how sure our recognition was; None where we did not recognise.
        pictured: whether it holds a picture and hardly any text, so that recognition may help.
        hidden: whether the file marks it as not shown (a hidden sheet).
        continues: whether its first line goes on the last paragraph of the part before.
        cut: whether some of it is not told: a limit left it out, or it could not be loaded.
    """

    text: str
    name: str | None = None
    recognised: bool = False
    confidence: float | None = None
    pictured: bool = False
    hidden: bool = False
    continues: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class FileMember:
    """A file inside a file: an archive's member, an attachment of a PDF or an OFD.

    Attributes:
        name: its path as the archive has it, without control characters; never used as a path.
        size: bytes when unpacked, as declared.
        text: what it says; None where it was only listed.
        refusal: why it has no text; None where it was read.
    """

    name: str
    size: int
    text: FileText | None = None
    refusal: Refusal | None = None

    @property
    def complete(self) -> bool:
        """Whether all that it says is told; not known of what nobody could read."""
        return self.text is not None and self.text.complete


@dataclass(frozen=True)
class FileText:
    """What a file says.

    Attributes:
        kind: its format, by its bytes.
        parts: its pages, sheets or slides in order; empty for an archive.
        heading: the title that the document itself shows (largest lines of the first page, a
            paragraph of a title's style); None where none stands out.
        members: files inside it, in their order.
        complete: whether all that it says is told. Not so where a limit cut it, a page could not
            be loaded, or a file inside it was not read. What is there is sound.
        reader: the program of the machine that read it; None for our own readers.
    """

    kind: FileKind
    parts: tuple[FilePart, ...] = ()
    heading: str | None = None
    members: tuple[FileMember, ...] = ()
    complete: bool = True
    reader: str | None = None

    @cached_property
    def text(self) -> str:
        """All that it says: parts after each other, then the members' texts.

        A paragraph that a page break cut is whole again.
        """
        told = ""
        for part in self.parts:
            if part.text:
                told += (("" if part.continues else "\n") if told else "") + part.text
        inner = [each.text.text for each in self.members if each.text is not None]
        return "\n".join(each for each in (told, *inner) if each)

    @property
    def recognised(self) -> bool:
        """Whether any of its text was recognised in a picture."""
        return any(part.recognised for part in self.parts)

    @property
    def confidence(self) -> float | None:
        """The least sure of its recognised parts, of 0 to 1; None where we recognised none."""
        known = [part.confidence for part in self.parts if part.confidence is not None]
        return min(known, default=None)

    @property
    def pictured(self) -> tuple[int, ...]:
        """Indices (from 0) of parts that are pictures, which recognition may read."""
        return tuple(n for n, part in enumerate(self.parts) if part.pictured)
