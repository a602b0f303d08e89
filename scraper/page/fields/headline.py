"""The headline: without the site's name or column, and told apart from kicker and subtitle."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from scraper.page.examples import rules_of, vetoes_of
from scraper.page.layout.elements import HEADINGS
from scraper.page.layout.labels import is_label_line, labelled, labels_of
from scraper.page.layout.lines import EDGE, Block, past, visible
from scraper.page.rules.page import Page
from scraper.page.rules.rule import Candidate, Decision, candidates, first_of
from scraper.text.plain import key, plain
from scraper.text.times import MOMENT
from scraper.text.vocabulary import one_of, words

_CUT = re.compile(r"\s{0,9}(?:[-_|—–|｜·>»«]|--|——|_{2,}|::)\s{0,9}|(?<=[A-Za-z0-9]):\s{1,9}")
_SITE = re.compile(rf"(?:{one_of(words('sites', 'names', 'columns', 'pages'))})$")
"""How names of sites and columns end."""
_PORTAL = re.compile(r"(?:门户网站|政府网站|人民政府|政府网|官方网站|官网|新闻网|详[细情]页面?)$")
_TAG = re.compile(r"<[^<>]{1,200}>")
_BREAK = re.compile(r"<br\s{0,3}/?>|\\n", re.IGNORECASE)
_GENERIC = re.compile(
    r"^(?:无标题文档|新建网页.{0,3}|未命名.{0,4}|untitled.{0,12}|document|(?:新闻|文章|信息|内容|公告)?(?:详情|详细)页?面?|内容页|正文|首页)$"
)
"""What editors and templates put into ``title`` for want of a headline (keys: lower case)."""

_BROKEN = re.compile(
    r"(?<=[\u4e00-\u9fff，、])[ \t\u3000]{0,9}\n[ \t\u3000]{0,9}(?=[\u4e00-\u9fff])"
)
"""A line broken by ``br`` between two signs; blanks stand there for no reader."""

_INNER = re.compile(rf"[{EDGE}\n\s]+")
_ELLIPSIS = ("...", "…", "..")
MAX = 150
_CUTS = 20
"""Separators of a ``title`` that are tried, in pairs; a headline with site and columns has six."""

_LINES = 3
"""A headline's element holds no more: the headline, perhaps in two lines, and a date."""

_NO_HEADLINE = re.compile(
    r"^(?:\W|\d|[年月日时分秒号第页次]|上午|下午|星期.|周.|[AaPp][Mm]\b){2,40}$|^(?:当前|您(?:现在)?的?)?位置\s?:|^(?:\{\{|\$\{|<%)"
)
"""A date, a time, figures, where in the site one is, or a template's place that nothing filled."""
_SCRAP = 8
_ABOVE = 80


def tidy(text: str) -> str:
    """A headline as one line: entities resolved twice (some CMS escape twice), tags dropped."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    if "\n" in text:
        text = _BROKEN.sub("", text)
    return " ".join(text.split())


def find_headline(page: Page) -> Decision:
    """The headline: a source's own selector, else the candidate most layers agree on."""
    decision = Decision()
    found = _once(candidates(page, RULES, VETOES, decision))
    if not found:
        return decision
    if found[0].origin.startswith("rules"):
        best, title = found[0], found[0].value
    else:
        best = _voted(page, found)
        title = _whole(best.value, found)
    decision.losers = [one for one in found if one is not best]
    decision.winner = replace(best, value=_without_suffix(page, title))
    return decision


def _voted(page: Page, found: list[Candidate]) -> Candidate:
    sites = _site_names(page)
    keyed = [(key(one.value), _trust(one, page)) for one in found]
    votes = [_votes(keyed, mine, is_site=mine in sites or _is_site(mine)) for mine, _ in keyed]
    return found[votes.index(max(votes))]


def _is_no_length(page: Page, one: Candidate) -> bool:  # noqa: ARG001 - as every veto
    """A headline has 2 to 150 characters."""
    return not 2 <= len(one.value) <= MAX


def _is_figures(page: Page, one: Candidate) -> bool:  # noqa: ARG001 - as every veto
    """A date, a time, figures, the place in the site, or a template's unfilled place is no headline."""
    return _NO_HEADLINE.match(plain(one.value)) is not None


def _is_sentence(page: Page, one: Candidate) -> bool:  # noqa: ARG001 - as every veto
    """A line of the page that holds a whole sentence is the text's."""
    return one.origin in _SHOWN_ORIGINS and "。" in one.value


_SHOWN_ORIGINS = ("h1", "heading", "above", "doubtful")


def _once(found: Iterable[Candidate]) -> list[Candidate]:
    """Candidates of which a layer says each once: the rows of a list are many."""
    return list({(one.origin, key(one.value)): one for one in reversed(list(found))}.values())[::-1]


def _without_suffix(page: Page, title: str) -> str:
    for suffix in page.rules.title_suffix:
        title = title.removesuffix(suffix).rstrip(" -_|")
    return title


_TRUST = {
    "script": 8.0,
    "meta:articletitle": 6.0,
    "jsonld": 4.0,
    "opengraph": 3.5,
    "h1": 4.0,
    "doubtful": 0.05,
    "above": 2.5,
    "heading": 2.5,
    "title": 3.0,
    "unseen": 2.2,
}


def _trust(answer: Candidate, page: Page) -> float:
    """A layer's trust; little for a scrap of ``title`` that the page shows nowhere as a line."""
    trust = _TRUST.get(answer.origin, 4.0)
    if answer.origin == "title" and len(answer.value) < _SCRAP and page.span:
        return trust if key(answer.value) in page.shown_lines else trust / 4
    return trust


def _is_site(text: str) -> bool:
    """Whether a text is rather the name of a site or column than a headline."""
    return bool(
        _GENERIC.match(text)
        or (len(text) < 10 and _SITE.search(text))
        or (len(text) < 25 and _PORTAL.search(text))
    )


def _votes(keyed: list[tuple[str, float]], mine: str, *, is_site: bool) -> float:
    """Own trust plus that of every candidate that says the same or holds it."""
    if is_site:
        return 0.1
    total = 0.0
    for theirs, trust in keyed:
        if mine == theirs:
            total += trust
        elif len(mine) >= 6 and mine in theirs:
            total += trust * 0.4
        elif len(theirs) >= 6 and theirs in mine:
            total += trust * 0.2
    return total


def _whole(title: str, candidates: list[Candidate]) -> str:
    """A headline cut with an ellipsis is completed by a candidate that goes on."""
    if not title.endswith(_ELLIPSIS):
        return title
    start = key(title.rstrip(".…"))
    longer = [c.value for c in candidates if key(c.value).startswith(start) and c.value != title]
    return next((one for one in longer if not one.endswith(_ELLIPSIS)), title)


def _site_names(page: Page) -> set[str]:
    head = page.head
    return {
        key(name)
        for name in (head.first("sitename"), head.first("columnname"), head.first("og:site_name"))
        if name
    }


def _by_selector(page: Page) -> Iterator[Candidate]:
    """The source's own selector."""
    if stated := page.by_rules(page.rules.title):
        yield stated


def _of_family(page: Page) -> Iterator[Candidate]:
    """An element that a CMS family marks as the headline."""
    yield from (replace(one, value=tidy(one.value)) for one in page.by_family("title"))


def _scripted(page: Page) -> Iterator[Candidate]:
    """What the script that holds the article states."""
    if stated := page.scripts.get("title"):
        yield Candidate(tidy(stated), "script")


def _in_title(page: Page) -> Iterator[Candidate]:
    """The ``title`` element without site and column, where a line near the text says the same."""
    for part in _title_parts(page):
        if _is_seen(part, page):
            yield Candidate(part, "title")


def _unseen(page: Page) -> Iterator[Candidate]:
    """The ``title`` element without site and column, where no line shows it."""
    for part in _title_parts(page):
        if not _is_seen(part, page):
            yield Candidate(part, "unseen")


def _is_seen(title: str, page: Page) -> bool:
    """Whether a line near the text says what ``title`` says: one that names a column is shown elsewhere."""
    mine = key(title)
    return any(mine in line or (len(line) >= 6 and line in mine) for line in page.shown_lines)


def _in_meta(page: Page) -> Iterator[Candidate]:
    """ArticleTitle in the head."""
    if page.layers.head and (stated := tidy(page.head.first("articletitle"))):
        yield Candidate(stated, "meta:articletitle")


def _linked(page: Page) -> Iterator[Candidate]:
    """``headline`` of the page's JSON-LD."""
    head = page.head
    if page.layers.head and (stated := tidy(head.stated("headline") or head.stated("title"))):
        yield Candidate(_unsuffixed(stated, page), "jsonld")


def _opengraph(page: Page) -> Iterator[Candidate]:
    """``og:title``, without the site's name."""
    if page.layers.head and (stated := tidy(page.head.first("og:title", "twitter:title"))):
        yield Candidate(_unsuffixed(stated, page), "opengraph")


def _title_parts(page: Page) -> list[str]:
    """What ``title`` may hold as a headline, without site and column; nothing where it is empty."""
    parts: list[str] = page.once("title_parts", _parts_in)
    return parts


def _parts_in(page: Page) -> list[str]:
    whole = tidy(page.head.title)
    return [_unsuffixed(whole, page)] if whole else []


def _unsuffixed(whole: str, page: Page) -> str:
    """A title without site and column.

    A part between separators that the page shows is it; else what looks like the name of a
    site or column is cut off at the end.
    """
    cuts = list(islice(_CUT.finditer(whole), _CUTS))
    if not cuts:
        return whole
    shown = page.shown_lines
    parts = [(0, cut.start()) for cut in cuts] + [(cut.end(), len(whole)) for cut in cuts]
    parts += [(a.end(), b.start()) for a in cuts for b in cuts if a.end() < b.start()]
    texts = [whole, *(whole[a:b] for a, b in parts)]
    exact = [
        text for text in texts if len(text) >= 4 and key(text) in shown and not _SITE.search(text)
    ]
    if exact:
        return max(exact, key=len)
    sites = _site_names(page)
    end = len(whole)
    for cut in reversed(cuts):
        tail = whole[cut.end() : end]
        if cut.start() >= 4 and (key(tail) in sites or _SITE.search(tail) or len(tail) <= 6):
            end = cut.start()
    return whole[:end]


def _h1(page: Page) -> Iterator[Candidate]:
    """``h1`` above the text."""
    yield from (one for one in _headings(page) if one.origin == "h1")


def _other_heading(page: Page) -> Iterator[Candidate]:
    """Another heading above the text, or a line that is marked as title or says what ``title`` says."""
    yield from (one for one in _headings(page) if one.origin == "heading")


def _doubtful(page: Page) -> Iterator[Candidate]:
    """``h1`` in the page's furniture."""
    yield from (one for one in _headings(page) if one.origin == "doubtful")


def _headings(page: Page) -> tuple[Candidate, ...]:
    found: tuple[Candidate, ...] = page.once("headings", lambda page: tuple(_shown(page)))
    return found


def _shown(page: Page) -> Iterator[Candidate]:
    """Headings above the text, and lines marked as titles; the nearest to the text first."""
    span = page.span
    if span is None:
        return
    blocks = page.layout.blocks
    upper = min(len(blocks), page.text_begin + 4)
    for index in range(upper - 1, max(-1, upper - _ABOVE), -1):
        block = blocks[index]
        if not 4 <= len(block.text) <= MAX:
            continue
        doubtful = block.chrome or block.linked * 2 > len(block.text)
        if doubtful and not _matches_title(block, page):
            if block.owner.tag == "h1" and not block.linked and not block.hidden:
                yield Candidate(tidy(block.text), "doubtful", index)
            continue  # furniture or a link, unless it is the page's title (xinhuanet's header)
        origin = _heading(block)
        if block.linked and (origin or _matches_title(block, page)) and page.leads_home(index):
            continue
        if origin:
            yield Candidate(tidy(_without_badge(_own_lines(block), block, page)), origin, index)
        elif index >= span.first - 12 and _matches_title(block, page):
            yield Candidate(tidy(block.text), "heading", index)


def _own_lines(block: Block) -> str:
    """A heading's text without a line of labels or a date that stands in it, too."""
    for cut in _INNER.finditer(block.raw):
        rest = plain(block.raw[cut.end() : cut.end() + 40]).lstrip()
        if cut.start() and (MOMENT.match(rest) or is_label_line(rest)):
            return visible(block.raw[: cut.start()])
    return block.text


def _without_badge(text: str, block: Block, page: Page) -> str:
    """A heading without a badge (原创, 置顶) that stands in an element of its own beside it."""
    pieces = [piece for piece in block.raw.split(EDGE) if piece.strip()]
    if len(pieces) < 2 or not page.title_key or key(text) in page.title_key:
        return text
    parts = (visible(EDGE.join(pieces[1:])), visible(EDGE.join(pieces[:-1])))
    return next((one for one in parts if len(one) >= 6 and key(one) in page.title_key), text)


def _above_labels(page: Page) -> Iterator[Candidate]:
    """The line right above the first line of labels or dates: a headline needs no mark there.

    A ``br`` may be all that parts the two.
    """
    span = page.span
    if span is None:
        return
    blocks = page.layout.blocks
    for index in range(max(1, span.first - 8), min(len(blocks), page.text_begin + 1)):
        if not _is_label_line(blocks[index]):
            continue
        above, (own, _, rest) = blocks[index - 1], blocks[index].plain.partition("\n")
        if rest and len(own) >= 6 and not (MOMENT.search(own) or is_label_line(own)):
            yield Candidate(tidy(visible(blocks[index].raw.partition("\n")[0])), "above")
            return
        unlinked = not above.linked and not above.hidden and not _is_label_line(above)
        if unlinked and 6 <= len(above.text) <= MAX and not above.text.endswith(("。", "：", ":")):
            yield Candidate(tidy(above.text), "above")
        return


def _is_label_line(block: Block) -> bool:
    if len(block.text) > MAX or block.hidden:
        return False
    kinds = {note.kind for note in labels_of(block)}
    return bool(kinds & {"source", "time"}) or bool(MOMENT.search(block.plain))


def _heading(block: Block) -> str | None:
    element = block.owner
    for _ in range(3):
        if past(element) - element.first > _LINES:
            break  # a box of lines, whatever its name
        if element.tag == "h1":
            return "h1"
        if element.tag in HEADINGS or element.says.title:
            return "heading" if len(block.text) >= 6 else None
        if element.parent is None:
            break
        element = element.parent
    return None


def _matches_title(block: Block, page: Page) -> bool:
    """Whether a line is (the beginning of) what ``title`` says."""
    if not 6 <= len(block.text) <= MAX:
        return False
    mine = key(block.text)
    return len(mine) >= 6 and mine in page.title_key


def find_companions(page: Page) -> tuple[Decision, Decision]:
    """Subtitle and kicker: lines beside the headline that are marked so, or a dash line."""
    return first_of(page, SUBTITLE_RULES), first_of(page, KICKER_RULES)


def _beside(page: Page) -> tuple[str, int | None]:
    return page.title, page.once("headline", _line_of)


def _selected_subtitle(page: Page) -> Iterator[Candidate]:
    """The source's own selector."""
    if stated := page.by_rules(page.rules.subtitle):
        yield replace(stated, value=tidy(stated.value))


def _marked_subtitle(page: Page) -> Iterator[Candidate]:
    """A line below the headline whose class says subtitle."""
    yield from _marked(page, "role:subtitle")


def _dash_line(page: Page) -> Iterator[Candidate]:
    """A line right below the headline that begins with a dash: ``——记…``."""
    at = _beside(page)[1]
    if at is None or at + 1 >= len(page.layout.blocks):
        return
    following = visible(page.layout.blocks[at + 1].raw)
    if following.startswith(("——", "--", "──")) and 6 <= len(following) <= _LONGEST:
        yield Candidate(tidy(following), "dash", at + 1)


def _selected_kicker(page: Page) -> Iterator[Candidate]:
    """The source's own selector."""
    if stated := page.by_rules(page.rules.kicker):
        yield replace(stated, value=tidy(stated.value))


def _marked_kicker(page: Page) -> Iterator[Candidate]:
    """A line above the headline whose class says kicker."""
    yield from _marked(page, "role:kicker")


def _line_of(page: Page) -> int | None:
    """The number of the line nearest to the text that shows the headline."""
    if page.span is None or not page.title:
        return None
    blocks, wanted = page.layout.blocks, key(page.title)
    last = min(len(blocks), page.text_begin + 3)
    for index in range(last - 1, max(-1, page.span.first - _ABOVE), -1):
        mine = key(blocks[index].text)
        if mine == wanted or (
            len(mine) >= 6 and (wanted.startswith(mine) or mine.startswith(wanted))
        ):
            return index
    return None


_REACH = 4
_LONGEST = 80


def _marked(page: Page, role: str) -> Iterator[Candidate]:
    """A line that is marked as subtitle below the headline, or as kicker above it.

    Never a sentence, a date, a link, a line of labels, or a box of several lines.
    """
    title, at = _beside(page)
    if page.span is None or at is None:
        return
    below = range(at, at + _REACH + 1) if role == "role:subtitle" else range(at - _REACH, at + 1)
    for element in page.layout.marks(role):
        if element.hidden or element.first not in below or past(element) - element.first > 2:
            continue
        text = page.layout.text_of(element, " ")
        if _is_companion(page, element.first, text, title):
            yield Candidate(tidy(text), f"marks:{element.marks}", element.first)


def _is_companion(page: Page, index: int, text: str, title: str) -> bool:
    mine, other, line = key(text), key(title), plain(text)
    if not 4 <= len(text) <= _LONGEST or mine in other or other in mine or "。" in text:
        return False
    if is_label_line(line) or MOMENT.search(line) or labelled(line) or _NO_HEADLINE.match(line):
        return False
    block = page.layout.blocks[index] if index < len(page.layout.blocks) else None
    return block is None or block.linked * 2 <= len(block.text)


RULES = rules_of(
    "title",
    ("rules", _by_selector),
    ("family", _of_family),
    ("script", _scripted),
    ("meta:articletitle", _in_meta),
    ("jsonld", _linked),
    ("opengraph", _opengraph),
    ("h1", _h1),
    ("heading", _other_heading),
    ("doubtful", _doubtful),
    ("above", _above_labels),
    ("title", _in_title),
    ("unseen", _unseen),
)
VETOES = vetoes_of(
    "title", ("length", _is_no_length), ("figures", _is_figures), ("sentence", _is_sentence)
)
SUBTITLE_RULES = rules_of(
    "subtitle", ("rules", _selected_subtitle), ("marks", _marked_subtitle), ("dash", _dash_line)
)
KICKER_RULES = rules_of("kicker", ("rules", _selected_kicker), ("marks", _marked_kicker))
