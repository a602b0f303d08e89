"""Who wrote a release and who edited it: labels, the text's own bylines, the head."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from scraper.page import byline_forms
from scraper.page.dates import MOMENT
from scraper.page.labels import Labelled, labelled, short_value
from scraper.page.layout import EDGE, Block
from scraper.page.page import Answer, Page
from scraper.page.people import author_of, editor_of, pen_name_of
from scraper.page.source import marked
from scraper.page.text import is_prose, plain

_PIECES = re.compile(rf"[{EDGE}\t\n|]|\s{{3,}}|\s[·•]\s")
_HEADER, _ENDING = 10, 12
_FIRST_LINES, _LAST_LINES = 14, 4


def find_author(page: Page) -> Answer | None:
    """作者, 记者, 通讯员, 文: labels first, then the text's byline; never a medium's name."""
    if stated := page.by_rules(page.rules.author):
        return Answer(author_of(plain(stated.value)) or stated.value, stated.origin)
    return next(chain.from_iterable(rule(page) for rule in _AUTHOR_RULES), None)


def _people(stated: Iterable[Answer]) -> Iterator[Answer]:
    """Of values that state an author those that name people."""
    for one in stated:
        if name := author_of(plain(one.value)):
            yield Answer(name, one.origin)


def _scripted_author(page: Page) -> Iterator[Answer]:
    """What the article in a script states."""
    yield from _people(_scripted(page, "author"))


def _family_author(page: Page) -> Iterator[Answer]:
    """What the marks of a CMS hold."""
    yield from _people(page.by_family("author"))


def _marked_author(page: Page) -> Iterator[Answer]:
    """An element above the text whose class says author."""
    yield from _people(marked(page, "role:author"))


def _head_author(page: Page) -> Iterator[Answer]:
    """``author`` of JSON-LD."""
    stated = page.head.stated("author") if page.layers.head else ""
    yield from _people([Answer(stated, "jsonld")] if stated else ())


def _scripted(page: Page, name: str) -> Iterator[Answer]:
    if stated := page.scripts.get(name):
        yield Answer(stated, "script")


def _labelled_authors(page: Page) -> Iterator[Answer]:
    """``作者：张三``; of ``记者：张三　通讯员：李四``, in one line or two, both."""
    spoken = _spoken(page)
    notes = [(index, note) for index, note in page.notes if note.kind == "author"]
    for at, (index, note) in enumerate(notes):
        reporter = _is_reporter(note)
        if reporter and (
            byline_forms.SPOKEN.search(note.value) or note.label.strip(" :") in spoken
        ):
            continue  # 记者：请问……？ is a question asked, not a name
        values = [short_value(note.value)]
        last = index
        for beside, other in notes[at + 1 :]:
            if not (reporter and _is_reporter(other) and last <= beside <= last + 1):
                break
            values.append(short_value(other.value))
            last = beside
        text, origin = EDGE.join(values), "label:reporter" if reporter else "label:author"
        name = author_of(plain(text)) or (None if reporter else pen_name_of(plain(text)))
        if name:
            yield Answer(name, origin)


def _is_reporter(note: Labelled) -> bool:
    return note.label[:1] in "记記通文图采撰供"


def _spoken(page: Page) -> frozenset[str]:
    """Labels that begin several lines of the text: those who speak in an interview."""
    begun = Counter(_label_before(line) for line in {block.plain for block in page.article})
    return frozenset(label for label, times in begun.items() if label and times > 1)


def _label_before(line: str) -> str:
    return line[:10].partition(":")[0].strip() if ":" in line[:10] else ""


def _told(page: Page) -> list[Block]:
    """The article's lines, those of an interview's speakers left out."""
    spoken = _spoken(page)
    return [b for b in page.article if b.text and _label_before(b.plain) not in spoken]


def _lead(page: Page) -> Iterator[Answer]:
    """``本报讯（记者 张三）`` in the first lines or the first of running text."""
    blocks = _told(page)[:_FIRST_LINES]
    prose = next((i for i, block in enumerate(blocks) if is_prose(block.text)), 0)
    for block in (*blocks[:3], *blocks[max(3, prose) : prose + 1]):
        yield from _named(byline_forms.names_at_start(_line(block)), "byline:lead")


def _first_lines(page: Page) -> Iterator[Answer]:
    """A line of credits among the first."""
    for block in _told(page)[:_FIRST_LINES]:
        line = _line(block).partition("\n")[0]
        yield from _named(byline_forms.names_in_line(line), "byline:line")


def _above_text(page: Page) -> Iterator[Answer]:
    """``本报记者 张三`` in the lines between headline and text, alone or beside the date."""
    span = page.span
    if span is None:
        return
    for block in page.layout.blocks[max(0, span.first - _HEADER) : page.text_begin]:
        if block.hidden or block.chrome or len(block.text) > 100 or "。" in block.text:
            continue
        for piece in _PIECES.split(MOMENT.sub(EDGE, block.plain)):
            yield from _named(byline_forms.names_in_line(piece.strip()), "byline:header")


def _last_lines(page: Page) -> Iterator[Answer]:
    """``（文 张盐）`` behind the last sentence, or a line of credits."""
    for block in reversed(_told(page)[-_LAST_LINES:]):
        yield from _named(byline_forms.names_at_end(_line(block)), "byline:tail")


def _bare(page: Page) -> Iterator[Answer]:
    """``。（张三 李四）`` in the last lines."""
    for block in reversed(_told(page)[-_LAST_LINES:]):
        yield from _named(byline_forms.bare_names_at_end(_line(block)), "byline:bare")


def _below_text(page: Page) -> Iterator[Answer]:
    """``来源：青川日报 记者 张三``: a line of credits right below the text, cut off with what follows."""
    if page.span is None:
        return
    for block in page.layout.blocks[max(page.text_begin, page.text_end) : page.span.last + 2]:
        if not (block.hidden or block.chrome or block.linked) and len(block.text) < 60:
            yield from _named(byline_forms.names_in_line(block.plain.strip()), "byline:below")


def _line(block: Block) -> str:
    return plain(block.text).strip()


def _named(names: tuple[str, ...], origin: str) -> Iterator[Answer]:
    if names:
        yield Answer(" ".join(names), origin)


_AUTHOR_RULES = (
    _scripted_author, _family_author, _labelled_authors, _lead, _first_lines, _above_text, _last_lines, _bare,
    _below_text, _marked_author, _head_author,
)  # fmt: skip
"""In the order of their trust."""


def find_editor(page: Page) -> Answer | None:
    """编辑, 责任编辑, 责编; not 审核 or 校对."""
    if stated := page.by_rules(page.rules.editor):
        return Answer(editor_of(_editor_value(stated.value)) or stated.value, stated.origin)
    return next(chain.from_iterable(rule(page) for rule in _EDITOR_RULES), None)


def _scripted_editor(page: Page) -> Iterator[Answer]:
    """What the article in a script states."""
    yield from _editors(_scripted(page, "editor"))


def _family_editor(page: Page) -> Iterator[Answer]:
    """What the marks of a CMS hold."""
    yield from _editors(page.by_family("editor"))


def _labelled_editor(page: Page) -> Iterator[Answer]:
    """``责任编辑：张三``; of several the last."""
    notes = [note for _, note in page.notes if note.kind == "editor"]
    yield from _editors(Answer(short_value(note.value), "label:editor") for note in reversed(notes))


def _editors(stated: Iterable[Answer]) -> Iterator[Answer]:
    for one in stated:
        if one.value and (name := editor_of(_editor_value(one.value))):
            yield Answer(name, one.origin)


def _named_editors(page: Page) -> Iterator[Answer]:
    """``（编辑 张三）``, ``编辑 | 张三``: a label without a colon, alone in its line, at the end."""
    if page.span is None:
        return
    first, last = page.span.first, page.span.last
    blocks = page.layout.blocks
    below = reversed(blocks[max(page.text_begin, last - _ENDING) : last + 4])
    for block in (*below, *blocks[max(0, first - _HEADER) : page.text_begin]):
        if len(block.text) < 60 and not block.hidden:
            line = block.plain.replace(EDGE, " ").strip()
            yield from _named(byline_forms.editors_in_line(line), "byline:editor")
    for block in blocks[page.text_begin : page.text_begin + 1]:
        yield from _named(byline_forms.editors_at_start(block.plain[:100]), "byline:lead")


def _editor_value(text: str) -> str:
    line = plain(text).strip()
    for note in labelled(line):
        if note.kind == "editor":
            return short_value(note.value)
    return line


_EDITOR_RULES = (_scripted_editor, _family_editor, _labelled_editor, _named_editors)
"""In the order of their trust."""
