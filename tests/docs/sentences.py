"""The sentences of a document: what it claims, outside of code, tables and headings."""

from __future__ import annotations

import re

_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_WRITTEN = re.compile(r"<!-- (\w+) -->.*?<!-- /\1 -->", re.DOTALL)
_END = re.compile(r"(?<=[.:;!?])\s+(?=[A-Z`*\[\d])")


def sentences(document: str) -> list[str]:
    """Every sentence, its lines joined; links as their words."""
    text = _WRITTEN.sub("", _BLOCK.sub("", document))
    found = []
    for part in re.split(r"\n\s*\n|^- ", text, flags=re.MULTILINE):
        joined = " ".join(line for line in part.splitlines() if not line.startswith(("#", "|")))
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(joined.split()))
        found += [one for one in _END.split(plain) if len(one.split()) > 2]
    return found
