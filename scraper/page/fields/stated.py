"""Fields that one rule or two decide: files, pictures, places, and what the head alone states."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.page.body import attachments, further
from scraper.page.body.images import images_of
from scraper.page.examples import rules_of
from scraper.page.fields.official import document_of
from scraper.page.rules.page import Page
from scraper.page.rules.rule import Candidate, Decision, first_of
from scraper.regions import regions_of

_WORDS = re.compile(r"[,，;；、|\s]+")
_MOST = 30
_SITE_CODE = re.compile("[1-8][0-9]{9}")


def find_stated(page: Page) -> dict[str, Decision]:
    """The decisions for these fields, by field; places have the codes of the page's day."""
    return {field: first_of(page, rules) for field, rules in _BY_FIELD.items()}


def _in_text(page: Page) -> Iterator[Candidate]:
    """The pictures among the text's lines, and those between labels and text."""
    if images := images_of(page.article, page.base, page.title):
        yield Candidate(images, "text")


def _files(page: Page) -> Iterator[Candidate]:
    """The files of the article's zone: linked, framed, behind a handler, named by their links."""
    found = attachments.attachments_of(page)
    if found:
        rules = dict.fromkeys(one.rule for one in found)
        yield Candidate(
            tuple(one.attachment for one in found), f"zone:{'+'.join(rules)}", found[0].line
        )


def _column(page: Page) -> Iterator[Candidate]:
    """ColumnName of the head."""
    yield from _meta(page, "columnname")


def _site_name(page: Page) -> Iterator[Candidate]:
    """SiteName of the head, or ``og:site_name``."""
    yield from _meta(page, "sitename", "og:site_name")


def _site_id(page: Page) -> Iterator[Candidate]:
    """SiteIDCode of the head."""
    yield from _meta(page, "siteidcode")


def _site_region(page: Page) -> Iterator[Candidate]:
    """The division in SiteIDCode: six of its ten digits (《政府网站发展指引》); ministries have letters."""
    for one in _site_id(page):
        if _SITE_CODE.fullmatch(one.value.strip()):
            yield Candidate(one.value.strip()[:6], one.origin)


def _meta(page: Page, *names: str) -> Iterator[Candidate]:
    for name in names:
        if stated := page.head.metas.get(name):
            yield Candidate(stated, f"meta:{name}")


def _keywords(page: Page) -> Iterator[Candidate]:
    """Keywords, or ContentKeywords, of the head."""
    for one in _meta(page, "keywords", "contentkeywords"):
        words = tuple(dict.fromkeys(word for word in _WORDS.split(one.value) if word))[:_MOST]
        if words:
            yield Candidate(words, one.origin)


def _named_places(page: Page) -> Iterator[Candidate]:
    """The places that headline and text name."""
    default, texts = page.rules.default_region, page.cut.texts if page.cut else ()
    if found := regions_of(page.title, texts, default=default, at=page.day):
        yield Candidate(found, "gazetteer:default" if found == (default,) else "gazetteer")


def _block(page: Page) -> Iterator[Candidate]:
    """The block of an official document above the text or at its head."""
    if document := document_of(page):
        yield Candidate(document, "block")


def _pages(page: Page) -> Iterator[Candidate]:
    """Further pages of the article: stated by the system, or linked below the text."""
    if found := further.next_pages_of(page):
        yield Candidate(found, "paging")


RULES = (
    *rules_of("images", ("text", _in_text)),
    *rules_of("attachments", ("zone", _files)),
    *rules_of("column", ("meta", _column)),
    *rules_of("site_name", ("meta", _site_name)),
    *rules_of("site_id", ("meta", _site_id)),
    *rules_of("site_region", ("meta", _site_region)),
    *rules_of("keywords", ("meta", _keywords)),
    *rules_of("region", ("gazetteer", _named_places)),
    *rules_of("document", ("block", _block)),
    *rules_of("next_pages", ("paging", _pages)),
)
_BY_FIELD = {
    field: tuple(rule for rule in RULES if rule.field == field)
    for field in dict.fromkeys(rule.field for rule in RULES)
}
