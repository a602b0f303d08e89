"""Who wrote a release and who edited it: labels, the text's own bylines, the head."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from scraper.page.body.evidence import is_posted
from scraper.page.examples.credits import AUTHOR, EDITOR
from scraper.page.fields import byline_forms
from scraper.page.fields.people import author_of, editor_of, pen_name_of
from scraper.page.fields.source import marked
from scraper.page.layout.labels import Labelled, labelled, lines_of, short_lines, short_value
from scraper.page.layout.lines import EDGE, Block
from scraper.page.rules.page import Page
from scraper.page.rules.rule import Candidate, Decision, Rule, first_of
from scraper.text.credits import writes
from scraper.text.plain import plain
from scraper.text.times import MOMENT, SHORT

_PIECES = re.compile(rf"[{EDGE}\t\n|]|\s{{3,}}|\s[·•]\s")
_BY = re.compile(r"^\s{0,3}(?:由|[Bb]y:?\s|BY\s)\s{0,3}")
"""``由张三``, ``by 张三``: what blogs write before who posted."""
_POSTED_BELOW, _POSTED_LINE = 4, 160
_HEADER, _ENDING = 10, 12
_FIRST_LINES, _LAST_LINES = 14, 4


def find_author(page: Page) -> Decision:
    """How those who wrote were found: 作者, 记者, 通讯员, 文; never a medium's name."""
    return first_of(page, AUTHOR_RULES)


def find_editor(page: Page) -> Decision:
    """How those who edited were found: 编辑, 责任编辑, 责编; not 审核 or 校对."""
    return first_of(page, EDITOR_RULES)


def _by_selector(page: Page) -> Iterator[Candidate]:
    if stated := page.by_rules(page.rules.author):
        yield Candidate(author_of(plain(stated.value)) or stated.value, stated.origin)


def _editor_by_selector(page: Page) -> Iterator[Candidate]:
    if stated := page.by_rules(page.rules.editor):
        yield Candidate(editor_of(_editor_value(stated.value)) or stated.value, stated.origin)


def _people(stated: Iterable[Candidate]) -> Iterator[Candidate]:
    """Of values that state an author those that name people."""
    for one in stated:
        if name := author_of(plain(one.value)):
            yield Candidate(name, one.origin)


def _scripted_author(page: Page) -> Iterator[Candidate]:
    """What the article in a script states."""
    yield from _people(_scripted(page, "author"))


def _family_author(page: Page) -> Iterator[Candidate]:
    """What the marks of a CMS hold."""
    yield from _people(page.by_family("author"))


def _marked_author(page: Page) -> Iterator[Candidate]:
    """An element above the text whose class says author."""
    for one in marked(page, "role:author"):
        yield from _people([replace(one, value=_BY.sub("", one.value))])


def _head_author(page: Page) -> Iterator[Candidate]:
    """``author`` of JSON-LD."""
    stated = page.head.stated("author") if page.layers.head else ""
    yield from _people([Candidate(stated, "jsonld")] if stated else ())


def _scripted(page: Page, name: str) -> Iterator[Candidate]:
    if stated := page.scripts.get(name):
        yield Candidate(stated, "script")


def _labelled_authors(page: Page) -> Iterator[Candidate]:
    """``作者：张三``; of ``记者：张三　通讯员：李四``, in one line or two, both, as of ``作者：张三　通讯员：李四``."""
    spoken = _speakers(page)
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
            told = reporter or other.label[:1] in "记記通"
            near = last <= beside <= (last + 1 if reporter else last)
            if not (told and near and _is_reporter(other)):
                break
            values.append(short_value(other.value))
            last = beside
        text, origin = EDGE.join(values), "label:reporter" if reporter else "label:author"
        name = author_of(plain(text)) or (None if reporter else pen_name_of(plain(text)))
        if name:
            yield Candidate(name, origin)


def _is_reporter(note: Labelled) -> bool:
    return note.label[:1] in "记記通文图采撰供"


def _speakers(page: Page) -> frozenset[str]:
    """Labels that begin several lines of the text: those who speak in an interview."""
    spoken: frozenset[str] = page.once("spoken", _spoken_in)
    return spoken


def _spoken_in(page: Page) -> frozenset[str]:
    begun = Counter(filter(None, map(_label_before, {block.plain for block in page.article})))
    return frozenset(label for label, times in begun.items() if times > 1)


def _label_before(line: str) -> str:
    return line[:10].partition(":")[0].strip() if ":" in line[:10] else ""


def _article_lines(page: Page) -> list[Block]:
    """The article's lines, those of an interview's speakers left out."""
    spoken = _speakers(page)
    lines = [block for block in page.article if block.text]
    if not spoken and not any(map(_may_speak, lines)):
        return lines
    talked = bool(spoken) or any(_CALLS.search(_line(block)) for block in lines)
    return [
        block
        for block, below in zip(lines, [*lines[1:], None], strict=False)
        if _label_before(block.plain) not in spoken and not _is_asker(block, below, talked=talked)
    ]


_CALLS = re.compile(r"^[^。?!]{2,30}:$")
"""A line that is nothing but who speaks: ``市水务局局长 周文斌：``."""
_CALLED = re.compile(
    r"^问?\s?[(\[【〔][^()\[\]【】〔〕]{2,40}[)\]】〕]\s?:|^[^。:]{0,20}提问(?![\u4e00-\u9fff])|^提问"
)
"""``[青川日报记者 张三]：``, ``记者张三提问``: who asks, before the question."""
_ASKS = re.compile(r"^.{0,40}(?:请问|想问|想了解)|请.{0,4}介绍|\?$")
_ASKS_THERE = re.compile(
    r"^.[^()\[\]【】〔〕]{2,40}[)\]】〕](?:.{0,16}(?:请问|想问|提问|想了解|请.{0,2}(?:介绍|谈谈))|[^。]{4,120}\?$)"
)
"""A question behind the brackets with which a line begins."""
_OPENED = ("(", "[", "【", "〔")
_ASKER = 60


def _may_speak(block: Block) -> bool:
    """Whether a line may name one who speaks; quick, and for all lines."""
    text = block.text
    return text.endswith((":", "：")) or "问" in text[:_ASKER] or text[:1] in "[【［〔(（"


def _is_asker(block: Block, below: Block | None, *, talked: bool) -> bool:
    """Whether a line names a journalist who asks at a press conference, and not who wrote.

    Args:
        block: the line.
        below: the line below it.
        talked: whether others of the text's lines are those of speakers.
    """
    line = _line(block)
    if _CALLS.search(line) or _CALLED.search(line[:_ASKER]):
        return True
    if line.startswith(_OPENED) and _ASKS_THERE.search(line[:_QUESTION]):
        return True
    if not talked or below is None or len(line) >= _ASKER or "。" in line:
        return False
    asked = _line(below)[:_QUESTION]
    return not _label_before(asked) and _ASKS.search(asked) is not None


_QUESTION = 200


def _lead(page: Page) -> Iterator[Candidate]:
    """``本报讯（记者 张三）`` in the first lines or the first of running text."""
    blocks = _article_lines(page)[:_FIRST_LINES]
    prose = next((i for i, block in enumerate(blocks) if block.prose), 0)
    for block in (*blocks[:3], *blocks[max(3, prose) : prose + 1]):
        yield from _named(byline_forms.names_at_start(_line(block)), "byline:lead")


def _first_lines(page: Page) -> Iterator[Candidate]:
    """A line of credits among the first."""
    for block in _article_lines(page)[:_FIRST_LINES]:
        line = _line(block).partition("\n")[0]
        yield from _named(byline_forms.names_in_line(line), "byline:line")


def _above_text(page: Page) -> Iterator[Candidate]:
    """``本报记者 张三`` in the lines between headline and text, alone or beside the date."""
    span = page.span
    if span is None:
        return
    askers = set(map(id, page.article)) - set(map(id, _article_lines(page)))
    for block in page.layout.blocks[max(0, span.first - _HEADER) : page.text_begin]:
        if block.hidden or block.chrome or len(block.text) > 100 or "。" in block.text:
            continue
        if id(block) in askers:
            continue
        line = SHORT.sub(EDGE, MOMENT.sub(EDGE, block.plain))
        if not writes(line):
            continue
        for piece in (
            line.split(EDGE) if "|" in line else ()
        ):  # 文|张三 图|李四: the bars part no pieces
            yield from _named(byline_forms.names_in_line(piece.strip()), "byline:header")
        for piece in _PIECES.split(line):
            yield from _named(byline_forms.names_in_line(piece.strip()), "byline:header")


def _posted(page: Page) -> Iterator[Candidate]:
    """``张三 发表于 2012-03-01`` between headline and text, or right below the text."""
    span, blocks = page.span, page.layout.blocks
    if span is None:
        return
    above = blocks[max(0, span.first - _HEADER) : max(page.text_begin, span.first + 1)]
    below = blocks[page.text_end : page.text_end + _POSTED_BELOW]
    shown = [block for block in above if not block.chrome]
    for block in (*shown, *(b for b in below if is_posted(b.text))):
        if block.hidden or len(block.text) > _POSTED_LINE:
            continue
        for line in lines_of(block):
            told = " ".join(line.replace(EDGE, " ").split())
            yield from _named(byline_forms.poster_of(told), "posted")


def _related(page: Page) -> Iterator[Candidate]:
    """A link above the text or right below it with ``rel=author`` (HTML §4.6.7.3)."""
    span = page.span
    if span is None:
        return
    for link in page.layout.links_from(span.first - 30, page.text_begin + 2):
        if "author" in (link.attributes.get("rel") or "") and not link.hidden:
            yield from _people([Candidate(page.layout.text_of(link, " "), "rel")])


def _last_lines(page: Page) -> Iterator[Candidate]:
    """``（文 张盐）`` behind the last sentence, or a line of credits."""
    for block in reversed(_article_lines(page)[-_LAST_LINES:]):
        yield from _named(byline_forms.names_at_end(_line(block)), "byline:tail")


def _bare(page: Page) -> Iterator[Candidate]:
    """``。（张三 李四）`` in the last lines."""
    lines = _article_lines(page)
    for block in reversed(lines[-_LAST_LINES:]):
        names = byline_forms.bare_names_at_end(_line(block))
        if names and not any(_said_before(page, block, name) for name in names):
            yield from _named(names, "byline:bare")


def _said_before(page: Page, last: Block, name: str) -> bool:
    """Whether a bare word in brackets stands in the headline or the text above, too: it is what they tell of."""
    return name in page.title or any(
        name in block.text for block in page.article if block.number < last.number
    )


def _below_text(page: Page) -> Iterator[Candidate]:
    """``来源：青川日报 记者 张三``: a line of credits right below the text, cut off with what follows."""
    if page.span is None:
        return
    for line in reversed(page.lines_cut_off):
        yield from _named(byline_forms.names_in_line(line.strip()), "byline:below")
    for block in page.layout.blocks[max(page.text_begin, page.text_end) : page.span.last + 2]:
        if not (block.hidden or block.chrome or block.linked) and len(block.text) < 60:
            yield from _named(byline_forms.names_in_line(block.plain.strip()), "byline:below")


def _line(block: Block) -> str:
    return block.line.strip()


def _named(names: tuple[str, ...], origin: str) -> Iterator[Candidate]:
    if names:
        yield Candidate(" ".join(names), origin)


def _scripted_editor(page: Page) -> Iterator[Candidate]:
    """What the article in a script states."""
    yield from _editors(_scripted(page, "editor"))


def _family_editor(page: Page) -> Iterator[Candidate]:
    """What the marks of a CMS hold."""
    yield from _editors(page.by_family("editor"))


def _labelled_editor(page: Page) -> Iterator[Candidate]:
    """``责任编辑：张三``; of several the last."""
    notes = [note for _, note in page.notes if note.kind == "editor"]
    yield from _editors(
        Candidate(short_value(note.value), "label:editor") for note in reversed(notes)
    )


def _editors(stated: Iterable[Candidate]) -> Iterator[Candidate]:
    for one in stated:
        if one.value and (name := editor_of(_editor_value(one.value))):
            yield Candidate(name, one.origin)


def _named_editors(page: Page) -> Iterator[Candidate]:
    """``（编辑 张三）``, ``编辑 | 张三``: a label without a colon, alone in its line, at the end."""
    if page.span is None:
        return
    first, last = page.span.first, page.span.last
    blocks = page.layout.blocks
    below = reversed(blocks[max(page.text_begin, last - _ENDING) : last + 4])
    for block in (*below, *blocks[max(0, first - _HEADER) : page.text_begin]):
        if block.hidden or block.picture is not None:
            continue
        lines = [block.plain] if "\n" not in block.raw else short_lines(block)[::-1]
        for line in lines:
            if len(line) < 60:
                stated = line.replace(EDGE, " ").strip()
                yield from _named(byline_forms.editors_in_line(stated), "byline:editor")
    for block in blocks[page.text_begin : page.text_begin + 1]:
        yield from _named(byline_forms.editors_at_start(block.plain[:100]), "byline:lead")


def _editor_value(text: str) -> str:
    line = plain(text).strip()
    for note in labelled(line):
        if note.kind == "editor":
            return short_value(note.value)
    return line


def _author_rule(name: str, says: str, find: Callable[[Page], Iterator[Candidate]]) -> Rule:
    reads, refuses = AUTHOR.get(name, ((), ()))
    return Rule(name, "author", says, find, reads, refuses)


def _editor_rule(name: str, says: str, find: Callable[[Page], Iterator[Candidate]]) -> Rule:
    reads, refuses = EDITOR.get(name, ((), ()))
    return Rule(name, "editor", says, find, reads, refuses)


AUTHOR_RULES = (
    _author_rule("rules", "The source's own selector.", _by_selector),
    _author_rule(
        "script", "What the script that holds the article states beside it.", _scripted_author
    ),
    _author_rule("family", "An element that a CMS family marks as the author.", _family_author),
    _author_rule(
        "label", "What stands behind 作者, 记者 and the like near the text.", _labelled_authors
    ),
    _author_rule("byline:lead", "本报讯（记者 张三） in the first lines.", _lead),
    _author_rule("byline:line", "A line of credits among the first of the text.", _first_lines),
    _author_rule("byline:header", "A line of credits between headline and text.", _above_text),
    _author_rule(
        "byline:tail",
        "（文 张盐） behind the last sentence, a line of credits at the end.",
        _last_lines,
    ),
    _author_rule("byline:bare", "。（张三 李四）: names without a role at the end.", _bare),
    _author_rule("byline:below", "A line of credits right below the text.", _below_text),
    _author_rule(
        "marks", "A short element above the text whose class says author.", _marked_author
    ),
    _author_rule("rel", "A link above the text with rel=author.", _related),
    _author_rule("posted", "张三 发表于, Posted by 张三 above the text.", _posted),
    _author_rule("jsonld", "The author of the page's JSON-LD.", _head_author),
)
EDITOR_RULES = (
    _editor_rule("rules", "The source's own selector.", _editor_by_selector),
    _editor_rule(
        "script", "What the script that holds the article states beside it.", _scripted_editor
    ),
    _editor_rule("family", "An element that a CMS family marks as the editor's.", _family_editor),
    _editor_rule(
        "label:editor",
        "What stands behind 编辑, 责任编辑 and the like; of several the last.",
        _labelled_editor,
    ),
    _editor_rule(
        "byline", "（编辑 张三）, 编辑 | 张三: a line of credits near the text.", _named_editors
    ),
)
"""In the order of their trust, as `AUTHOR_RULES`."""
