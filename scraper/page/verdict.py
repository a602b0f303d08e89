"""What a page is when it is no release; told by what it shows, not by its status."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.errors import (
    EmptyPage,
    ListPage,
    LoginPage,
    MissingPage,
    NoHeadline,
    PageError,
    TooShort,
    VideoOnly,
    Wall,
)
from scraper.evidence import CHECK_SCRIPTS, CHECK_WORDS, shows_article
from scraper.page.layout.lines import Layout
from scraper.page.rules.page import Page
from scraper.text.plain import key

MIN_TEXT = 20
"""Characters of text below which a page needs a date, a source, a picture or a file to be a release."""

_MISSING = re.compile(
    r"(?:页面|网页|文章|内容|信息|资源|文件|稿件|地址|链接|新闻)(?:已|已经|可能)?(?:不存在|未找到|没有找到|找不到|被删除|已删除|已失效|失效|走丢|已下线|丢失|不见了)|"
    r"(?:找不到|无法找到|未找到|没有找到)(?:您|你)?.{0,12}(?:页面|网页|内容|文件|资源|文章)|"
    r"(?:页面|网页|文章|内容).{0,12}(?:不存在|已被删除|已经?删除|找不到|已下线)|"
    r"抱歉.{0,12}(?:页面|内容|文章)|404\s{0,3}(?:not found|错误|-|页面|$)|page not found|^404|对象已?不存在",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"type\s{0,3}=\s{0,3}[\"']?password", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}")
_SHOWN = 400
_LITTLE = 200
_HARDLY = 80
_PLENTY = 400


def refuse_empty(page: Page) -> None:
    """Raises EmptyPage (or Wall) for a page that shows neither text nor picture."""
    if page.layout.frames or any(block.text or block.picture for block in page.layout.blocks):
        return
    if CHECK_SCRIPTS.search(page.decoded.text[:200_000]):
        raise Wall(
            f"{page.url}: a script that sets a cookie instead of a page; wait or use another exit"
        )
    raise EmptyPage(f"{page.url}: delivered, but with nothing in it; fetch it again later")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page showed when it was read, by which its kind is told.

    Attributes:
        title: the headline, None where none was found.
        size: characters of text found for the article, blanks not counted.
        things: its pictures and files.
        files: its files alone.
        dated: whether it states its time or source near the text, not only in its address.
        told: whether its text holds a whole sentence.
    """

    title: str | None
    size: int
    things: int
    files: int
    dated: bool
    told: bool

    @property
    def whole(self) -> bool:
        """A headline with a date or source and a sentence: that outweighs any word."""
        return bool(self.title) and self.dated and self.told


def refuse_other_kinds(page: Page, evidence: Evidence) -> None:
    """Raises the error for the kind of page this is, if it is no article."""
    error = kind_of(page, evidence)
    try:
        if error:
            raise error
    finally:
        del error  # its traceback holds this frame: the page would wait for the collector


def kind_of(page: Page, evidence: Evidence) -> PageError | None:
    """The error for the kind of page this is; None for an article."""
    if evidence.size < _LITTLE and not evidence.whole:
        error = _instead_of_a_page(page, evidence)
        if error and not shows_article(page.decoded.text):
            return error
    size = evidence.size
    if is_list(page.layout, size) and not _is_stated_article(page, evidence):
        return ListPage(
            f"{page.url}: a list of articles; add it to the source's lists if it is one"
        )
    return _lacks(page, evidence)


def _lacks(page: Page, evidence: Evidence) -> PageError | None:
    """What a page lacks that a release has: anything to read, or a headline."""
    if page.layout.players and evidence.size < MIN_TEXT and not evidence.files:
        return VideoOnly(f"{page.url}: a player without text")
    if not evidence.size and not evidence.things:
        return TooShort(f"{page.url}: a headline and nothing below it; fetch it again later")
    if not evidence.title:
        return NoHeadline(
            f"{page.url}: {evidence.size} characters of text, and no headline in the page or its "
            "title; give the source a selector for it (fields.title)"
        )
    if evidence.size < MIN_TEXT and not (evidence.things or evidence.dated or evidence.told):
        return TooShort(
            f"{page.url}: {evidence.size} characters and neither date, source, picture nor file"
        )
    return None


def _instead_of_a_page(page: Page, evidence: Evidence) -> PageError | None:
    """An error text, a check or a login form that was delivered in a page's place."""
    shown = " ".join(block.text for block in page.layout.blocks[:60] if not block.hidden)
    size, things = evidence.size, evidence.things
    bare = len(shown) < _SHOWN
    if size < _HARDLY and (_MISSING.search(page.head.title) or (bare and _MISSING.search(shown))):
        return MissingPage(f"{page.url}: says that it does not exist, under a good status")
    if bare and _is_wall(page, shown):
        return Wall(f"{page.url}: a check stands before the page; wait or use another exit")
    if size < 100 and (things == 0 or size < MIN_TEXT) and _LOGIN.search(page.decoded.text):
        return LoginPage(f"{page.url}: a login form, not an article")
    return None


def _is_stated_article(page: Page, evidence: Evidence) -> bool:
    """Whether head, template or label lines say that this is an article, and there is a text."""
    if page.span is None or not (evidence.told or evidence.size >= MIN_TEXT):
        return False
    kinds = {note.kind for _, note in page.notes}
    return (
        (evidence.whole and _is_headed(page, evidence.title or ""))
        or page.span.origin != "generic"
        or bool(kinds & {"source", "editor"})
        or bool(page.head.first("articletitle") and page.head.first("pubdate"))
        or page.head.first("og:type").startswith("news")
    )


def _is_headed(page: Page, title: str) -> bool:
    """Whether the headline stands in the page as a heading, or in ``title`` and above the text."""
    mine = key(title)
    return len(mine) >= 4 and mine in page.title_key and mine in page.shown_lines


def _is_wall(page: Page, shown: str) -> bool:
    return bool(CHECK_WORDS.search(shown) or CHECK_SCRIPTS.search(page.decoded.text[:200_000]))


def is_list(layout: Layout, size: int) -> bool:
    """Whether rows of a link and a date are what the page consists of."""
    if size >= _PLENTY:
        return False
    rows = [
        block
        for block in layout.blocks
        if not block.hidden and block.linked >= 8 and block.linked * 4 > len(block.text) * 2
    ]
    dated = sum(1 for block in rows if _DATE.search(block.text)) + _dates_alone(layout)
    if dated < 5:
        return False
    return sum(block.linked for block in rows) > 2 * size


def _dates_alone(layout: Layout) -> int:
    return sum(
        1 for b in layout.blocks if len(b.text) <= 18 and not b.linked and _DATE.search(b.text)
    )
