"""Texts as they come out of files made fit to be kept: no control signs, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from scraper.controls import without_controls
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.model import FilePart, FileText
from scraper.text.plain import sound

_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f\xad\u200b\u2060\ufeff\ufffe\uffff\ufff9-\ufffb]")
"""What is no character of a text: C0, soft hyphens (U+00AD), joiners and marks without width."""
_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile("[ \xa0\u2002-\u200a\u202f]+")
_LINES = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)+")


def fit(text: str) -> str:
    """A text with line ends as newlines, one blank at a time, without signs that are no text.

    Tabs and ideographic blanks (U+3000) stay; a line keeps no blank at its end.
    """
    text = _ENDS.sub("\n", text)
    text = _BLANKS.sub(" ", _NEVER.sub("", without_controls(text))).replace("\t ", "\t")
    lines = [line.rstrip(" \u3000") for line in text.split("\n")]
    return sound(_LINES.sub("\n", "\n".join(lines)).strip(" \n\u3000"))


def told(
    kind: FileKind, parts: Iterable[FilePart], allowance: Allowance, *, heading: str | None = None
) -> FileText:
    """What a file says, its text fit and cut where the limit is."""
    kept, complete = list[FilePart](), True
    for part in parts:
        text = fit(part.text)
        if len(text) > allowance.characters:
            text, complete = text[: allowance.characters], False
        complete = complete and not part.cut
        allowance.characters -= len(text)
        kept.append(replace(part, text=text))
    title = fit(heading).replace("\n", "").replace("\t", " ")[:_HEADING] if heading else None
    return FileText(kind, tuple(kept), heading=title or None, complete=complete)


_HEADING = 300
"""Characters of a heading; the longest title of an official document met has about 120."""
