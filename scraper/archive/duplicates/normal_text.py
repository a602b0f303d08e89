"""Text as it is compared: the same sentence, whoever typed it, becomes the same characters.

Part of the definition of the fingerprint: a change here needs a new ``FINGERPRINT_VERSION``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from opencc import OpenCC

_POINT, _MINUS = "\ue000", "\ue001"
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_NEGATIVE = re.compile(r"(?<![0-9A-Za-z%日月年时分点周号个人元级度次岁米亩万亿])[-\u2212](?=\d)")
"""气温-3度 has a minus; 15日-16日, 5%-8% and 3-5 are spans, which others write with a dash."""
_SENTENCE_END = re.compile(r"[。!?;\n\u2028]+")
_NOT_WORD = re.compile(rf"[^\w{_POINT}{_MINUS}]|_")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def sentences(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """The text's sentences in normal form, empty ones left out.

    NFKC, small letters, traditional to simplified characters, then only letters and digits stay. A
    decimal point and the minus of a negative number stay too: 3.5 % and 35 % are different news.
    """
    text = unicodedata.normalize("NFKC", "\n".join(paragraphs)).lower()
    text = _simplifier().convert(text)
    text = _NEGATIVE.sub(_MINUS, _DECIMAL_POINT.sub(_POINT, text))
    bare = (_NOT_WORD.sub("", part) for part in _SENTENCE_END.split(text))
    return tuple(part.replace(_POINT, ".").replace(_MINUS, "-") for part in bare if part)


def normalise(text: str) -> str:
    """One text in normal form; see :func:`sentences`."""
    return "".join(sentences((text,)))
