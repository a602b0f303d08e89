"""Lines that hold a date: rows of a list, a date over several elements, the day and hour of issue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.page.layout.lines import EDGE, Block
from scraper.page.rules.candidate import Candidate
from scraper.page.rules.page import Page
from scraper.text.plain import plain
from scraper.text.times import MOMENT, read_moment, read_split

_YEAR = re.compile(r"^(?:19|20)\d\d$")
_FIGURES = re.compile(r"^[\d/:.-]{2,10}$")
_ADDRESS = re.compile(r"https?://[\w./-]{4,40}", re.ASCII)
_ISSUED = re.compile(
    r"(\d{4}年\d{1,2}月\d{1,2}日)\s?(?:\(星期.\))?\s{1,3}香港[時时][間间]\s?(\d{1,2})[時时](\d{1,2})分|"
    r"([A-Z][a-z]{2,8} \d{1,2}, \d{4})\s{1,3}Issued at HKT (\d{1,2}):(\d\d)"
)
"""``2024年6月13日（星期四） 香港時間17時30分``, ``Thursday, June 13, 2024 Issued at HKT 17:30``: the last lines of
a release of the Government of Hong Kong."""
_ISSUED_IN = 4


def own_links(block: Block) -> int:
    """How much of a line is link text, the address of the site (``http://ent.a.cn``) aside."""
    if block.linked and (address := _ADDRESS.match(block.text)):
        return block.linked - len(address[0])
    return block.linked


def is_row(blocks: list[Block], index: int) -> bool:
    """Whether a line is one of a list's rows, a link and a date and nothing else, or holds such."""
    if blocks[index].linked > 3 and "\n" in blocks[index].raw.strip():
        return len(MOMENT.findall(blocks[index].plain)) > 1
    beside = blocks[max(0, index - 1) : index] + blocks[index + 1 : index + 2]
    return _like_row(blocks[index]) and any(map(_like_row, beside))


def _like_row(block: Block) -> bool:
    found = MOMENT.search(block.plain) if block.linked > 3 else None
    rest = len(block.text) - block.linked
    return found is not None and rest - (found.end() - found.start()) < 4


def pieced(blocks: list[Block], index: int) -> str | None:
    """A time spread over some elements: ``2019`` ``09/07`` ``19:02`` (new.qq.com, xinhuanet.com)."""
    brief = len(blocks[index].text) <= 5 and not _YEAR.match(blocks[index].text)
    if brief and index + 1 < len(blocks):
        pair = f"{blocks[index].text} {blocks[index + 1].text}"
        if len(pair) < 16 and read_split(plain(pair)):
            return pair
    if not _YEAR.match(blocks[index].text):
        return None
    pieces = [block.text for block in blocks[index : index + 3]]
    return " ".join(pieces) if all(_FIGURES.match(piece) for piece in pieces[:2]) else None


def issued_at(page: Page) -> Iterator[Candidate]:
    """Day and hour of issue in the last lines: ``Issued at HKT 17:30``."""
    end, blocks = page.text_end, page.layout.blocks
    near = blocks[max(page.text_begin, end - _ISSUED_IN) : end + _ISSUED_IN]
    lines = "\n".join(b.plain.replace(EDGE, " ")[-_TAIL:] for b in near if b.picture is None)
    if "HKT" not in lines and "香港" not in lines:
        return
    for found in _ISSUED.finditer(lines):
        day, hour, minute = found.groups()[:3] if found[1] else found.groups()[3:]
        if moment := read_moment(f"{day} {hour}:{minute}"):
            yield Candidate(moment, "issued", max(0, end - 1))


_TAIL = 200
