"""An RTF file as it is shown: what the library that reads it passes over, or does not."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    rb"\\'[0-9A-Fa-f]{2}|\\u-?\d{1,6} ?|\\[A-Za-z]{1,32}(?:-?\d{1,10})? ?|\\[^A-Za-z]|[{}]|[^\\{}]+|\\",
    re.DOTALL,
)
_HIDING = re.compile(rb"\\(?:v|deleted)(0?) ?")
_HIGH = re.compile(rb"[\x80-\xff]")


def shown(data: bytes) -> bytes:
    """The file without text that is hidden or was deleted, with footnotes at its end.

    Bytes beyond ASCII, which some programs write as they are, become escapes of the code page.
    """
    sinks: list[list[bytes]] = [[]]
    states: list[tuple[bool, list[bytes]]] = []
    hidden, notes = False, list[list[bytes]]()
    for token in _TOKEN.findall(data):
        if token == b"{":
            states.append((hidden, sinks[-1]))
        elif token == b"}" and states:
            hidden, sink = states.pop()
            if sink is not sinks[-1]:
                sinks.pop()  # a note ends; its brace belongs to the text
        elif token.startswith(b"\\footnote") and states:
            notes.append([b"\\par "])
            sinks.append(notes[-1])
            continue
        elif switch := _HIDING.fullmatch(token):
            hidden = not switch[1]
            continue
        elif token.startswith(b"\\plain"):
            hidden = False
        elif hidden and (token.startswith(_SIGNS) or token[:1] != b"\\"):
            continue
        sinks[-1].append(_escaped(token))
    text = b"".join(sinks[0])
    end = text.rfind(b"}")
    return text[:end] + b"".join(map(b"".join, notes)) + text[end:] if notes else text


_SIGNS = (b"\\'", b"\\u-", *(b"\\u%d" % n for n in range(10)))


def _escaped(token: bytes) -> bytes:
    return _HIGH.sub(lambda found: b"\\'%02x" % found[0][0], token)
