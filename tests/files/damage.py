"""Files damaged by chance: cut, bytes changed, and the XML inside them changed."""

from __future__ import annotations

import io
import random
import zipfile


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A file with a few of its bytes, or of those of one of its members, gone or changed."""
    if data[:2] == b"PK" and chance.random() < 0.8:
        return _inside(data, chance)
    return _changed(data, chance)


def _changed(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(max(len(out), 1))
        kind = chance.random()
        if kind < 0.4:
            out[at : at + 1] = bytes([chance.randrange(256)])
        elif kind < 0.6:
            del out[at : at + chance.randint(1, 40)]
        elif kind < 0.8:
            out[at:at] = out[at : at + chance.randint(1, 60)]
        elif kind < 0.9:
            figure = chance.choice((b"0", b"-1", b"99999999999", b"1e308", b"nan", b""))
            out[at : at + 2] = figure
        else:
            del out[max(at, 40) :]
    return bytes(out)


def _inside(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        struck = set(chance.sample(names, min(len(names), chance.randint(1, 3))))
        for name in names:
            content = old.read(name)
            if name in struck and chance.random() < 0.1:
                continue
            new.writestr(name, _swapped(content, chance) if name in struck else content)
    return out.getvalue()


def _swapped(content: bytes, chance: random.Random) -> bytes:
    """XML that stays XML, mostly: figures become others, attributes go."""
    if chance.random() < 0.3:
        return _changed(content, chance)
    figures = [at for at, each in enumerate(content) if 48 <= each <= 57]
    out = content
    for at in sorted(chance.sample(figures, min(len(figures), 6)), reverse=True):
        value = chance.choice((b"", b"-7", b"0", b"99999999999999999999", b"x", b"1e400"))
        out = out[:at] + value + out[at + 1 :]
    return out
