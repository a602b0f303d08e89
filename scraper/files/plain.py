"""Text, RTF and HTML files."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes

from selectolax.lexbor import LexborHTMLParser
from striprtf.striprtf import rtf_to_text

from scraper.errors import FileDamaged, FileTooLarge, TooLarge
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.model import FilePart, FileText
from scraper.files.rtf import shown
from scraper.files.wording import told
from scraper.page.layout.charset import decode
from scraper.page.layout.limits import refuse_deep
from scraper.page.layout.walk import lay_out
from scraper.refusal import Refusal

_ROW_END = re.compile(r"(?<!\t)\t+\n")
_RTF_CHARSET = re.compile(rb"\\ansicpg(\d{1,5})")
_RTF_CELL = re.compile(rb"\\(?:nest)?cell(?![A-Za-z])")
_RTF_DEEPEST = 400


def read_text(data: bytes, allowance: Allowance, charset: str | None = None) -> FileText:
    """A text file, in the encoding that its bytes show, or that is claimed (see `read_html`)."""
    return told(FileKind.TEXT, [FilePart(decode(data, charset).text)], allowance)


def read_html(data: bytes, allowance: Allowance, charset: str | None = None) -> FileText:
    """An HTML file as a reader sees it: Word's own export in GBK too.

    Args:
        data: the file.
        allowance: what it may cost.
        charset: what is said beside it (by the server, by a saved page's part); a claim.

    Raises:
        FileTooLarge: elements nest deeper than is laid out.
    """
    decoded = decode(data, charset)
    try:
        refuse_deep(data, decoded.text, "the file")
    except TooLarge as error:
        raise FileTooLarge(str(error), Refusal.TOO_DEEP) from error
    tree = LexborHTMLParser(data if decoded.exact else decoded.text)
    if tree.body is None:
        raise FileDamaged("an HTML file without a body")
    laid = [each for each in lay_out(tree.body).blocks if not each.hidden and each.text]
    heading = next(
        (each.text for each in laid if each.tag == "h1"), None
    )  # its <title> is not shown
    lines = "\n".join(each.text for each in laid)
    return told(FileKind.HTML, [FilePart(lines)], allowance, heading=heading)


def read_mhtml(data: bytes, allowance: Allowance) -> FileText:
    """A page saved as one file (Word's .mht): the first HTML in it.

    Raises:
        FileDamaged: there is none.
    """
    for part in message_from_bytes(data).walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content:
                read = read_html(content, allowance, part.get_content_charset())
                return replace(read, kind=FileKind.MHTML)
    raise FileDamaged("a saved page without HTML in it")


def read_rtf(data: bytes, allowance: Allowance) -> FileText:
    """An RTF document in the code page that it names.

    Raises:
        FileTooLarge: groups nest deeper than any editor writes them.
        FileDamaged: it cannot be read as RTF.
    """
    if _depth(data) > _RTF_DEEPEST:
        raise FileTooLarge("an RTF file whose groups nest without end", Refusal.TOO_DEEP)
    stated = _RTF_CHARSET.search(data, 0, 4096)
    encoding = f"cp{stated[1].decode()}" if stated else "cp936"
    try:
        data = _RTF_CELL.sub(rb"\\tab", shown(data))  # the library parts cells by bars
        text = rtf_to_text(data.decode("latin-1"), encoding=encoding, errors="replace")
    except (ValueError, LookupError, IndexError, KeyError, UnicodeError) as error:
        raise FileDamaged(f"an RTF file that cannot be read ({error})") from error
    return told(FileKind.RTF, [FilePart(_ROW_END.sub("\n", text))], allowance)


def _depth(data: bytes) -> int:
    """How deep the groups of an RTF file nest at most."""
    deepest = depth = 0
    for found in re.finditer(rb"\\.|[{}]", data):
        if found[0] == b"{":
            depth += 1
            deepest = max(deepest, depth)
        elif found[0] == b"}":
            depth -= 1
    return deepest
