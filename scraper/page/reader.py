"""A page's bytes become a record: the order in which the parts of this package are asked."""

from __future__ import annotations

import datetime as dt
import re

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import EmptyPage
from scraper.page import embedded, further, limits, verdict
from scraper.page.attachments import attachments_of
from scraper.page.charset import decode
from scraper.page.container import Span, find_container
from scraper.page.credited import find_author, find_editor
from scraper.page.headline import Headline, find_headline
from scraper.page.images import captions_in, images_of
from scraper.page.layout import Block
from scraper.page.metas import Head, read_head
from scraper.page.official import document_of
from scraper.page.page import Layers, Page
from scraper.page.paragraphs import article_blocks, texts_of
from scraper.page.published import find_published
from scraper.page.rule import Candidate, Decision
from scraper.page.rules import NO_RULES, FieldRules
from scraper.page.source import find_source
from scraper.page.text import key, sound
from scraper.page.version import PARSER_VERSION
from scraper.page.walk import lay_out
from scraper.record.controls import without_steering
from scraper.record.release import Release
from scraper.regions import regions_of

_ALL_LAYERS = Layers()
_FEW, _SHORT = 60, 400
_LAST = ("url", "line:text")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
_KEYWORDS = re.compile(r"[,，;；、|\s]+")


def parse_page(
    html: bytes,
    url: str,
    http_charset: str | None = None,
    *,
    rules: FieldRules | None = None,
    received_at: dt.datetime | None = None,
    listed_on: dt.date | None = None,
    layers: Layers = _ALL_LAYERS,
) -> Release:
    """Read an article page.

    Args:
        html: the bytes as delivered.
        url: the page's address; relative links are resolved against it.
        http_charset: ``charset`` of the Content-Type header.
        rules: the source's own selectors; they win over every other layer.
        received_at: aware; when the bytes came. No publication time later than a day after it is
            believed, and a day without a year that nothing else dates is the last such day before.
        listed_on: the day that the list's row states, Asia/Shanghai.
        layers: which layers may answer (for measuring one alone).

    Raises:
        PageError: one of its subclasses, for a page that is no release; nothing else.
    """
    page = _open(html, url, http_charset, rules=rules or NO_RULES, layers=layers)
    for each in filter(None, (page, page.outer)):
        each.received_at, each.listed_on = received_at, listed_on
    verdict.refuse_empty(page)
    headline = find_headline(page)
    blocks = article_blocks(page, headline.title if headline else "")
    page.article = blocks
    captions = captions_in(blocks)
    texts = texts_of([block for block in blocks if id(block) not in captions])
    release = _release(page, headline, blocks, texts)
    verdict.refuse_other_kinds(page, _evidence(release))
    return without_steering(release)


def _evidence(release: Release) -> verdict.Evidence:
    shown = [*release.paragraphs, *(image.caption or "" for image in release.images)]
    dated = release.origins.get("published_at") not in (None, *_LAST)
    return verdict.Evidence(
        title=release.title or None,
        size=sum(len("".join(text.split())) for text in shown),
        things=len(release.images) + len(release.attachments),
        files=len(release.attachments),
        dated=dated or release.source is not None,
        told=any(len(text) >= verdict.MIN_TEXT and "。" in text for text in shown),
    )


def _open(
    html: bytes,
    url: str,
    http_charset: str | None,
    *,
    rules: FieldRules,
    layers: Layers,
) -> Page:
    limits.refuse_large(html, url)
    decoded = decode(html, http_charset, rules.charset)
    limits.refuse_deep(decoded.text, url)
    tree = LexborHTMLParser(html if decoded.exact else decoded.text)  # a text is encoded again
    if tree.root is None or tree.body is None:
        raise EmptyPage(f"{url}: delivered, but with nothing in it; fetch it again later")
    head = read_head(tree)
    layout = lay_out(tree.body, keep_nodes=bool(rules.body or rules.drop))
    page = Page(url, decoded, tree, head, layout, rules, layers=layers)
    page.span = _chosen(page)
    return _from_scripts(page) if _text_size(page) < _SHORT else page


def _chosen(page: Page) -> Span | None:
    """The container: the source's own selector first."""
    for selector in page.rules.body:
        node = page.tree.css_first(selector)
        if node is None:
            continue
        for element in page.layout.elements:
            if element.node is not None and element.node.mem_id == node.mem_id:
                last = element.last + (element.end > 0)
                return Span(element.first, last, f"rules:{selector}", element)
    return find_container(page.layout, families=page.layers.families)


def _text_size(page: Page) -> int:
    return sum(len(block.text) - block.linked for block in page.body if not block.hidden)


def _from_scripts(page: Page) -> Page:
    """The page with the article of its scripts in place of the text it does not show."""
    found, size = embedded.find_embedded(page.tree), _text_size(page)
    if found is None or len(found.markup) <= size:
        return page
    if size >= _FEW and not (
        len(found.markup) > 2 * size and _is_named(page, found.fields.get("title", ""))
    ):
        return page
    fragment = LexborHTMLParser(f"<body>{sound(found.markup)}</body>")
    if fragment.body is None:
        return page
    layout = lay_out(fragment.body)
    inner = Page(
        page.url, page.decoded, page.tree, page.head, layout, page.rules,
        layers=page.layers, scripts=found.fields, outer=page,
    )  # fmt: skip
    inner.span = Span(0, len(layout.blocks), "script", layout.elements[0])
    return inner


def _is_named(page: Page, title: str) -> bool:
    """Whether the page itself bears the headline that a script states."""
    return len(key(title)) >= 6 and key(title) in key(page.head.title)


def _release(
    page: Page, headline: Headline | None, blocks: list[Block], texts: tuple[str, ...]
) -> Release:
    title = headline.title if headline else ""
    published = _published(page).winner
    source, author, editor = (
        find(page).winner or (find(page.outer).winner if page.outer else None)
        for find in (find_source, find_author, find_editor)
    )
    head = page.head
    return Release(
        title=_shown(title) or "",
        paragraphs=texts,
        url=page.url,
        subtitle=_shown(headline.subtitle) if headline else None,
        kicker=_shown(headline.kicker) if headline else None,
        source=_shown(source.value) if source else None,
        author=_shown(author.value) if author else None,
        editor=_shown(editor.value) if editor else None,
        published_at=published.value.at if published else None,
        published_precision=published.value.precision if published else None,
        images=images_of(blocks, page.base, title),
        attachments=tuple(one.attachment for one in attachments_of(page)),
        column=_shown(head.first("columnname")),
        site_name=_shown(head.first("sitename", "og:site_name")),
        site_id=_shown(head.first("siteidcode")),
        region=regions_of(title, texts, default=page.rules.default_region),
        keywords=_keywords(head),
        document=document_of(page),
        next_pages=further.next_pages_of(page),
        origins=_origins(page, headline, published, source=source, author=author, editor=editor),
        parser_version=PARSER_VERSION,
    )


def _shown(text: str | None) -> str | None:
    """A text without control characters (a page may hold them, as ``&#31;``); None if empty."""
    return _CONTROL.sub(" ", sound(text)).strip() or None if text else None


def _published(page: Page) -> Decision:
    decision = find_published(page)
    if decision.winner and decision.winner.origin not in _LAST:
        return decision
    if stated := embedded.published_in_script(page.decoded.text):
        page.scripts["published_at"] = stated
        decision = find_published(page)
    if page.outer and (decision.winner is None or decision.winner.origin in _LAST):
        outer = find_published(page.outer)
        return outer if outer.winner else decision
    return decision


def _keywords(head: Head) -> tuple[str, ...]:
    stated = head.first("keywords", "contentkeywords")
    return tuple(dict.fromkeys(word for word in _KEYWORDS.split(stated) if word))[:30]


def _origins(
    page: Page, headline: Headline | None, published: Candidate | None, **answers: Candidate | None
) -> dict[str, str]:
    origins = {name: answer.origin for name, answer in answers.items() if answer}
    origins["charset"] = page.decoded.origin
    if headline:
        origins["title"] = headline.origin
    if published:
        origins["published_at"] = published.origin
    if page.span:
        origins["paragraphs"] = page.span.origin
    return origins
