"""Whether a release says anything itself, or only points at its files (附件：实施细则.docx)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scraper.archive.duplicates.normal_text import normalise

LONGEST_POINTER = 500
"""Characters of a text above which it says something whatever its files are called."""
CERTAINLY_OWN = LONGEST_POINTER + 100
"""Characters of its paragraphs' normal forms from which a text is too long to be a pointer, for certain: joined
before they are brought into normal form, they differ by a sign at an edge here and there."""
_POINTING = re.compile(
    r"附件|附表|附图|附|下载|点击|查看|打开|浏览|预览|全文|正文|原文|详见|请见|见|详情|内容|文件|此处|这里|链接|"
    r"pdf|word|wps|ofd|docx?|xlsx?|版|如下|的|请|[0-9一二三四五六七八九十]"
)
_REST = 3


def has_own_text(paragraphs: Sequence[str], names: Iterable[str | None]) -> bool:
    """Whether something is left once the files' names and words that point at files are taken off.

    Args:
        paragraphs: the release's text.
        names: the names shown for its files.
    """
    text = normalise("".join(paragraphs))
    if not text or len(text) > LONGEST_POINTER:
        return bool(text)
    known = sorted({normalise(name) for name in names if name}, key=len, reverse=True)
    for name in known:
        if name:
            text = text.replace(name, "")
    return len(_POINTING.sub("", text)) > _REST
